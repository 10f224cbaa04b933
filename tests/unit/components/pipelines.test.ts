/** Several pipelines in one stack: what each has of its own, and what two of them may not share. */
// biome-ignore-all lint/suspicious/noExplicitAny: the inputs of any resource
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedPorts } from "../../../cli/checks/ports";
import { type Program, runProgram } from "./program";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdc-pipelines-"));
const SHIPPED = fs.readFileSync("connector-configs/debezium-postgres-connector.json", "utf8");
const CONTAINER = "docker:index/container:Container";

/** The shipped connector's file for another pipeline. */
function connectorFile(name: string, tables: string, changes: Record<string, string> = {}): string {
  const { config } = JSON.parse(SHIPPED.replaceAll("dbserver2", name));
  const file = path.join(folder, `${name}.json`);
  const content = {
    name: `${name}-connector`,
    config: { ...config, "table.include.list": tables, ...changes },
  };
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

const shopFile = connectorFile("shop", "public.orders,public.items");
const withShop = (settings: object = {}) => ({
  pipelines: JSON.stringify({ shop: { connectorConfig: shopFile, ...settings } }),
});

let dev: Program;
let two: Program;
beforeAll(async () => {
  dev = await runProgram("dev");
  two = await runProgram(
    "dev",
    withShop({ triggerInterval: "3 seconds", tableKeys: { "public.orders": ["id"] } }),
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const byName = (program: Program) =>
  new Map(program.resources.map((one) => [`${one.type} ${one.name}`, one]));

describe("a second pipeline", () => {
  it("changes nothing of the first one's but the memory that a shared worker may have", () => {
    const before = byName(dev);
    const after = byName(two);
    const changed = [...before].filter(
      ([key, resource]) => JSON.stringify(after.get(key)) !== JSON.stringify(resource),
    );
    expect(changed.map(([key]) => key)).toEqual([`${CONTAINER} spark-worker-container-1`]);
    const [was, is] = [dev, two].map((program) => program.named("spark-worker-container-1").inputs);
    expect({ ...is, memory: 0, memorySwap: 0 }).toEqual({ ...was, memory: 0, memorySwap: 0 });
    expect(is?.memory).toBeGreaterThan(was?.memory);
  });

  it("brings what it needs, under its own name", () => {
    const before = byName(dev);
    const added = two.resources.filter(({ type, name }) => !before.has(`${type} ${name}`));
    expect(added.map(({ name }) => name).sort()).toEqual([
      ...["debezium-shop", "debezium-shop-connector", "lake-shop", "lake-shop-folder"],
      ...["source-tables-shop", "source-tables-shop-check"],
      ...["spark-client-shop", "spark-client-shop-container"],
      ...["spark-worker-shop", "spark-worker-shop-container-1"],
      ...["streaming-job-shop", "streaming-job-shop-application"],
      ...["topics-shop", "topics-shop-of-tables"],
    ]);
    expect(two.named("spark-client-shop-container").inputs).toMatchObject({
      ...{ name: "spark-client-shop", hostname: "spark-client-shop" },
    });
  });

  it("has its own connector, topics, lake folder, checkpoint, application and cores", () => {
    expect(two.named("debezium-shop-connector").inputs).toMatchObject({
      name: "shop-connector",
      config: { "slot.name": "cdc_shop", "table.include.list": "public.orders,public.items" },
    });
    expect(Object.keys(two.named("topics-shop-of-tables").inputs.topics).sort()).toEqual([
      ...["__debezium-heartbeat.shop", "shop.message"],
      ...["shop.public.items", "shop.public.orders", "shop.schemas"],
    ]);
    const { inputs, dependsOn } = two.named("streaming-job-shop-application");
    expect(inputs).toMatchObject({
      containerName: "spark-client-shop",
      applicationName: "streaming_from_kafka_to_minio_shop",
    });
    const argument = (name: string) => inputs.arguments[inputs.arguments.indexOf(name) + 1];
    expect(argument("--lake")).toBe("s3a://change-data-capture/pipelines/shop");
    expect(argument("--checkpoint")).toBe(
      "s3a://change-data-capture/pipelines/shop/_checkpoints/streaming_from_kafka_to_minio_shop",
    );
    expect(argument("--topics")).toBe("shop.public.orders,shop.public.items");
    expect(argument("--trigger")).toBe("3 seconds");
    expect(argument("--table-keys")).toBe("public.orders=id");
    for (const before of ["lake-shop-folder", "spark-worker-shop-container-1", "topics-shop-of-tables"])
      expect(dependsOn).toContain(before);
    const defaults = (name: string) => Object.values(two.named(name).inputs.uploads[0].content).join();
    expect(defaults("spark-client-shop-container")).toContain("spark.cores.max=2\n");
    expect(defaults("spark-client-shop-container")).toContain("spark.driver.host=spark-client-shop\n");
  });

  it("goes while its servers stay: its topics and its folder are deleted, unless those go too", () => {
    expect(two.named("topics-shop-of-tables").inputs.deletedAlong).toBe("ifDown");
    expect(two.named("topics-of-tables").inputs.deletedAlong).toBe(true);
    const { inputs, deletedWith } = two.named("lake-shop-folder");
    expect(inputs).toMatchObject({
      bucket: "change-data-capture",
      folder: "pipelines/shop",
      owner: "dev/shop",
    });
    expect(deletedWith).toBe("minio-data");
  });

  it("publishes its job's page on a port that others do not move, and which is checked to be free", async () => {
    const ports = (program: Program) =>
      program
        .ofType(CONTAINER)
        .flatMap(({ inputs }) => (inputs.ports ?? []).map(({ external }: any) => external));
    expect(new Set(ports(two)).size).toBe(ports(two).length);
    const looked = publishedPorts({
      ...{ portOffset: 0, kafkaMetadata: "zookeeper", sparkWorkers: 1, elsewhere: [], pipelines: ["shop"] },
    });
    expect([...looked.keys()].sort()).toEqual(ports(two).sort());
  });

  it("has SQL of its own, when it is given, after that of the stack", async () => {
    const sql = path.join(folder, "shop.sql");
    fs.writeFileSync(sql, "CREATE TABLE IF NOT EXISTS orders (id int PRIMARY KEY)");
    const program = await runProgram("dev", withShop({ sourceSchema: sql }));
    expect(program.named("source-tables-shop-schema").inputs.stdin).toContain(
      "CREATE TABLE IF NOT EXISTS orders",
    );
    expect(program.named("source-tables-shop-schema").dependsOn).toContain("source-tables-schema");
    expect(program.named("topics-shop-of-tables").dependsOn).toContain("source-tables-shop-schema");
  });

  it("has what it does not say as the stack's own has it", async () => {
    const program = await runProgram("dev", {
      ...withShop(),
      triggerInterval: "7 seconds",
      deletedRows: "keep",
    });
    const { arguments: given } = program.named("streaming-job-shop-application").inputs;
    expect(given).toContain("7 seconds");
    expect(given[given.indexOf("--deleted-rows") + 1]).toBe("keep");
  });

  it("is in the outputs, by its name", async () => {
    expect(Object.keys(dev.outputs)).not.toContain("pipelines");
    const { shop } = await (two.outputs.pipelines as any).promise();
    expect(shop).toMatchObject({
      ...{ connectorName: "shop-connector", lakeRoot: "s3a://change-data-capture/pipelines/shop" },
      ...{ replicationSlot: "cdc_shop", topicNames: ["shop.public.orders", "shop.public.items"] },
      ...{ sparkClientContainer: "spark-client-shop", capturedTables: ["public.orders", "public.items"] },
    });
  });
});

describe("two pipelines that would collide are refused", () => {
  const copied = (changes: Record<string, string>, pipeline = "shop", settings: object = {}) => {
    const connectorConfig = connectorFile(pipeline, "public.orders", changes);
    return runProgram("dev", { pipelines: JSON.stringify({ [pipeline]: { connectorConfig, ...settings } }) });
  };

  it.each([
    ["slot.name", "cdc_dbserver2"],
    ["publication.name", "cdc_dbserver2"],
    ["topic.prefix", "dbserver2"],
    ["signal.data.collection", "public.cdc_dbserver2_signal"],
    ["value.converter.schemas.topic", "dbserver2.schemas"],
  ])("by their %s, with what to change", async (key, value) => {
    const found = await copied({ [key]: value }).catch((error) => error.message);
    expect(found).toBe(
      `The stack's own pipeline and pipeline shop have the same ${key}, ${value}: each needs its own. ` +
        `Change "${key}" in ${shopFile} or in connectorOverrides of pipeline shop (cdc:pipelines).`,
    );
  });

  it("by the name of their connector", async () => {
    const file = path.join(folder, "same.json");
    fs.writeFileSync(file, SHIPPED.replaceAll("dbserver2", "same"));
    const pipelines = JSON.stringify({ same: { connectorConfig: file } });
    await expect(runProgram("dev", { pipelines })).rejects.toThrow(
      /own pipeline and pipeline same have the same connector name, debezium-postgres-connector: .* Change "name" in .*same\.json/,
    );
  });

  it("when one writes a topic that is another's by another setting", async () => {
    await expect(copied({ "value.converter.schemas.topic": "dbserver2.public.links" })).rejects.toThrow(
      /have the same topic, dbserver2\.public\.links/,
    );
  });

  it("when the lists of one match the signal table of the other", async () => {
    const connectorConfig = connectorFile("shop", "public.orders");
    const everything = { "table.include.list": "public\\..*" };
    const program = runProgram("dev", {
      connectorOverrides: JSON.stringify(everything),
      pipelines: JSON.stringify({ shop: { connectorConfig } }),
    });
    await expect(program).rejects.toThrow(
      /lists of tables of the stack's own pipeline match public\.cdc_shop_signal, the signal table of pipeline shop/,
    );
  });

  it("when a table of text would lie where the other's lake is", async () => {
    const connectorConfig = connectorFile("shop", "public.orders");
    const program = runProgram("dev", {
      connectorOverrides: JSON.stringify({ "table.include.list": "pipelines.shop" }),
      pipelines: JSON.stringify({ shop: { connectorConfig } }),
    });
    await expect(program).rejects.toThrow(
      /Pipeline shop and table pipelines\.shop .* give the pipeline another name/,
    );
  });

  it("also when neither is the stack's own", async () => {
    const pipelines = JSON.stringify({
      shop: { connectorConfig: connectorFile("shop", "public.orders") },
      blog: { connectorConfig: connectorFile("blog", "public.posts", { "slot.name": "cdc_shop" }) },
    });
    await expect(runProgram("dev", { pipelines })).rejects.toThrow(
      /^Pipeline blog and pipeline shop have the same slot\.name, cdc_shop/,
    );
  });
});

describe("a pipeline's settings", () => {
  it.each([
    ['{"Shop":{}}', /cdc:pipelines .* names such as shop/],
    ['{"shop":{"bucket":"x"}}', /without bucket: a pipeline has the settings connectorConfig/],
    ['{"shop":{"deletedRows":"burn"}}', /remove or keep \(at shop\.deletedRows\)/],
    [
      '{"shop":{}}',
      /connectorConfig of pipeline shop \(cdc:pipelines\): .*connector-configs\/shop\.json does not exist/,
    ],
    ["[]", /an object of settings by pipeline/],
  ])("%s are refused in words", async (pipelines, message) => {
    await expect(runProgram("dev", { pipelines })).rejects.toThrow(message);
  });
});

describe("other connectors", () => {
  const file = (name: string) => {
    const at = path.join(folder, `${name}.other.json`);
    fs.writeFileSync(
      at,
      JSON.stringify({ name, config: { "connector.class": "FileStreamSink", topics: "a" } }),
    );
    return at;
  };

  it("are kept like a pipeline's, after the topics that they may read", async () => {
    const program = await runProgram("dev", { ...withShop(), connectors: JSON.stringify([file("copy")]) });
    const { inputs, dependsOn } = program.named("connectors-copy");
    expect(inputs).toMatchObject({ name: "copy", config: { "connector.class": "FileStreamSink" } });
    expect(dependsOn).toEqual(expect.arrayContaining(["topics-of-tables", "topics-shop-of-tables"]));
  });

  it("have a name of their own", async () => {
    const connectors = JSON.stringify([file("shop-connector")]);
    await expect(runProgram("dev", { ...withShop(), connectors })).rejects.toThrow(
      /have the same connector name, shop-connector/,
    );
  });
});
