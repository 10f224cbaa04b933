/** Two pipelines and a sink in one stack: side by side, and gone without a trace when they are taken out of the configuration. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import axios from "axios";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, NO_CHANGES, TestStack } from "./platform";

const stack = new TestStack("e2e-pipelines");
const CONNECT = `http://localhost:${stack.port(8083)}`;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdc-pipelines-"));
const SHIPPED = fs.readFileSync("connector-configs/debezium-postgres-connector.json", "utf8");

function written(name: string, content: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

const file = (name: string) => ({
  ...JSON.parse(SHIPPED.replaceAll("dbserver2", name)).config,
  "table.include.list": "public.orders",
});
const shop = (changes = {}) => ({
  connectorConfig: written(
    "shop.json",
    JSON.stringify({ name: "shop", config: { ...file("shop"), ...changes } }),
  ),
  sourceSchema: written("shop.sql", "CREATE TABLE IF NOT EXISTS orders (id int PRIMARY KEY, city text)"),
});
const SINK = {
  name: "orders-in-a-file",
  config: {
    "connector.class": "FileStreamSink",
    topics: "shop.public.orders",
    file: "/tmp/orders.txt",
    "value.converter": "org.apache.kafka.connect.storage.StringConverter",
  },
};

async function run(command: string, ...options: string[]): Promise<string> {
  const { exitCode, text } = await stack.npmRun(command, ...options);
  expect(exitCode, text).toBe(0);
  return text;
}

const topics = async () =>
  stack.exec("kafka", ["/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092", "--list"]);
const groups = async () =>
  stack.exec("kafka", ["/kafka/bin/kafka-consumer-groups.sh", "--bootstrap-server", "kafka:9092", "--list"]);
const connectors = async () => (await axios.get(`${CONNECT}/connectors`)).data.sort();
/** Objects of the bucket below a folder. */
const objects = async (below: string) =>
  stack.exec("minio", ["sh", "-c", `find /var/lib/minio/change-data-capture/${below} -name xl.meta || true`]);
/** Containers by their ids, with when they were started. */
const started = async () => {
  const ids = await stack.docker("ps", "-q", "--no-trunc");
  const format = "{{.Name}} {{.Id}} {{.State.StartedAt}}";
  return (await execa("docker", ["inspect", "--format", format, ...ids])).stdout.split("\n").sort();
};

/** Puts the file connectors, which the image has off the worker's plugin path, onto it. */
async function addFileConnectors(): Promise<void> {
  const worker = stack.container("kafka-connect");
  const copy = ["cp", "-r", "/kafka/optional-plugins/connect-file", "/kafka/connect-plugins/"];
  await execa("docker", ["exec", "--user", "root", worker, ...copy]);
  await execa("docker", ["restart", worker]);
  await eventually(
    "the file connectors",
    120,
    async () => JSON.stringify((await axios.get(`${CONNECT}/connector-plugins`)).data),
    (plugins) => plugins.includes("FileStreamSinkConnector"),
  );
}

beforeAll(async () => {
  await stack.removeLeftovers();
  stack.configure({ supervisor: false, pipelines: { shop: shop() } });
  await run("up");
});

afterAll(async () => {
  await stack.npmRun("destroy");
  fs.rmSync(`Pulumi.${stack.name}.yaml`, { force: true });
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("a second pipeline", () => {
  it("runs beside the first one: the rows of each are in its own lake, exactly", async () => {
    await stack.sql(`INSERT INTO links ("customerId", "customerFName") SELECT i, 'a' FROM generate_series(1, 500) AS i;
      INSERT INTO orders SELECT i, 'Izmir' FROM generate_series(1, 700) AS i; DELETE FROM orders WHERE id = 3;`);
    expect(await run("verify")).toMatch(/public\.links[\s\S]*public\.customers1[\s\S]*equal/);
    const verified = await run("verify", "--pipeline", "shop");
    expect(verified).toMatch(/public\.orders[\s\S]*699[\s\S]*equal/);
    expect(verified).not.toContain("public.links");
    expect(await objects("pipelines/shop/tables/public/orders/_delta_log")).not.toBe("");
    expect(await objects("tables/public/orders")).toBe("");
  });

  it("is in the status, in short and by its name, and in the outputs", async () => {
    expect(await run("status")).toMatch(
      /All is well: .*writes one table[\s\S]*Pipeline shop: All is well: .*one table/,
    );
    expect(await run("status", "--pipeline", "shop")).toMatch(/cdc_shop, read by the connector/);
    const { pipelines } = await stack.outputs();
    expect(pipelines?.shop).toMatchObject({ connectorName: "shop", connectorState: "RUNNING" });
    const { data } = await axios.get(`${pipelines?.shop?.sparkDriverUiUrl}/api/v1/applications`);
    expect(data[0].name).toBe("streaming_from_kafka_to_minio_shop");
    expect(await run("doctor", "--pipeline", "shop")).toContain("all the way");
  });

  it("leaves nothing to do, also after a look at what is there", async () => {
    await run("refresh");
    expect(await run("up")).toMatch(NO_CHANGES);
  });

  it("that would take another one's slot is refused before anything is changed", async () => {
    stack.configure({ supervisor: false, pipelines: { shop: shop({ "slot.name": "cdc_dbserver2" }) } });
    const { exitCode, text } = await stack.npmRun("preview");
    expect(exitCode).not.toBe(0);
    expect(text).toMatch(/own pipeline and pipeline shop have the same slot\.name, cdc_dbserver2/);
  });
});

describe("a sink beside them", () => {
  it("takes what a pipeline delivers, and is kept as declared", async () => {
    await addFileConnectors();
    const sink = written("sink.json", JSON.stringify(SINK));
    stack.configure({ supervisor: false, pipelines: { shop: shop() }, connectors: [sink] });
    await run("up");
    await eventually(
      "the sink's file",
      60,
      () => stack.exec("kafka-connect", ["cat", "/tmp/orders.txt"]),
      (text) => text.split("\n").length > 700,
    );
    await axios.put(`${CONNECT}/connectors/${SINK.name}/config`, { ...SINK.config, file: "/tmp/other.txt" });
    await run("refresh");
    expect(await run("up")).toMatch(/connectors-orders-in-a-file/);
    expect((await axios.get(`${CONNECT}/connectors/${SINK.name}/config`)).data.file).toBe("/tmp/orders.txt");
    expect(await run("up")).toMatch(NO_CHANGES);
  });
});

describe("what is taken out of the configuration", () => {
  it("is gone without a trace, and the first pipeline was not touched", async () => {
    const before = await started();
    stack.configure({ supervisor: false });
    await run("up");
    expect(await started()).toEqual(before.filter((line) => !line.includes("-shop ")));
    expect(before.filter((line) => line.includes("-shop "))).toHaveLength(2);
    expect(await connectors()).toEqual(["debezium-postgres-connector"]);
    expect(await stack.sql("SELECT slot_name FROM pg_replication_slots")).toBe("cdc_dbserver2");
    expect(await stack.sql("SELECT pubname FROM pg_publication")).toBe("cdc_dbserver2");
    expect(await stack.sql("SELECT to_regclass('public.cdc_shop_signal')")).toBe("");
    expect(await topics()).not.toMatch(/shop/);
    expect(await groups()).not.toMatch(/orders-in-a-file/);
    expect(await objects("pipelines")).toBe("");
    // The table is the user's.
    expect(await stack.sql("SELECT count(*) FROM orders")).toBe("699");
  });

  it("leaves the first pipeline streaming, with nothing to do", async () => {
    await stack.sql(`UPDATE links SET "customerFName" = 'b' WHERE "customerId" < 50`);
    expect(await run("verify")).toMatch(/public\.links[\s\S]*equal/);
    expect(await run("status")).not.toMatch(/shop/);
    expect(await run("up")).toMatch(NO_CHANGES);
  });

  it("can come back, from its rows of now, and goes with the stack", async () => {
    stack.configure({ supervisor: false, pipelines: { shop: shop() } });
    await run("up");
    expect(await run("verify", "--pipeline", "shop")).toMatch(/public\.orders[\s\S]*699[\s\S]*equal/);
    await run("destroy");
    for (const listing of [
      ["ps", "-aq"],
      ["volume", "ls", "-q"],
      ["network", "ls", "-q"],
    ])
      expect(await stack.docker(...listing)).toEqual([]);
  });
});
