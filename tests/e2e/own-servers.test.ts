/** A stack on servers that are there already: those of another stack, published where containers of any network reach them. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import axios from "axios";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grantsSql } from "../../providers/kafka-connect/database/grants";
import { eventually, NO_CHANGES, TestStack } from "./platform";
import { certificateFor, SecureKafka } from "./secure-kafka";

const SECRETS = {
  postgresPassword: "of-their-own-1",
  minioRootPassword: "of-their-own-2",
  lakeSecretKey: "of-their-own-3",
};
const ROLE_PASSWORD = "of the role's own";
const theirs = new TestStack("e2e-theirs");
const stack = new TestStack("e2e-own");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdc-own-"));
/** Address of this machine on Docker's default network. */
let gateway = "";

const at = (port: number) => `${gateway}:${theirs.port(port)}`;
const shop = (statements: string) =>
  theirs.exec(
    "postgresql",
    ["psql", "-U", "postgres", "-d", "shop", "-v", "ON_ERROR_STOP=1", "-Atq"],
    statements,
  );
const topicsThere = async () =>
  (await theirs.exec("kafka", ["/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092", "--list"]))
    .split("\n")
    .filter(Boolean)
    .sort();
/** Objects of the bucket, by their names. */
const objectsThere = async () =>
  (
    await theirs.exec("minio", ["sh", "-c", "cd /var/lib/minio/change-data-capture && find . -name xl.meta"])
  ).split("\n");

async function run(command: string): Promise<string> {
  const { exitCode, text } = await stack.npmRun(command);
  expect(exitCode, text).toBe(0);
  return text;
}

/** PostgreSQL answers with a certificate for that address, signed by itself. */
async function switchOnTls(): Promise<string> {
  const { key, certificate } = await certificateFor(gateway, folder, "server");
  for (const file of [key, certificate]) {
    const name = path.basename(file);
    const put = `umask 077; cat > "$PGDATA/${name}"`;
    await theirs.exec(
      "postgresql",
      ["sh", "-c", `PGDATA=$(psql -U postgres -Atc 'SHOW data_directory'); ${put}`],
      fs.readFileSync(file, "utf8"),
    );
  }
  await theirs.sql("ALTER SYSTEM SET ssl = on");
  await theirs.sql("SELECT pg_reload_conf()");
  return certificate;
}

beforeAll(async () => {
  const { stdout } = await execa("docker", [
    ...["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}"],
  ]);
  // Docker itself has the first address.
  gateway = stdout.replace(/\.\d+\/\d+$/, ".1");
  await Promise.all([theirs.removeLeftovers(), stack.removeLeftovers()]);
  theirs.configure({ bindAddress: gateway, walkthroughPasswords: false, supervisor: false, ...SECRETS });
  const { exitCode, text } = await theirs.npmRun("up");
  expect(exitCode, text).toBe(0);
  await theirs.sql("CREATE DATABASE shop");
  await shop(`CREATE TABLE "Or ders" (id int PRIMARY KEY, note text, price numeric(10,2)); CREATE TABLE items (id int PRIMARY KEY, note text);
    INSERT INTO "Or ders" SELECT i, 'ç' || i, i / 4.0 FROM generate_series(1, 1000) AS i; INSERT INTO items VALUES (1, 'a');`);
  const grants = grantsSql({
    role: "cdc",
    database: "shop",
    tables: [
      { schema: "public", table: "Or ders" },
      { schema: "public", table: "items" },
    ],
    publication: "of_shop",
    viaRoot: false,
    signalTable: { schema: "public", table: "signals" },
  });
  await shop(grants.replace("'…'", `'${ROLE_PASSWORD.replaceAll("'", "''")}'`));
});

afterAll(async () => {
  await stack.npmRun("destroy");
  await theirs.npmRun("destroy");
  for (const name of [stack.name, theirs.name]) fs.rmSync(`Pulumi.${name}.yaml`, { force: true });
  fs.rmSync(folder, { recursive: true, force: true });
});

const SHOP = {
  "topic.prefix": "shop",
  "table.include.list": "public.Or ders,public.items",
  "slot.name": "of_shop",
  "publication.name": "of_shop",
  "publication.autocreate.mode": "disabled",
  "signal.data.collection": "public.signals",
  "value.converter.schemas.topic": "shop.schemas",
};
/** A connector's file for the shop. */
function connectorFile(changes: Record<string, string> = {}): string {
  const file = path.join(folder, "shop.json");
  const { config } = JSON.parse(
    fs.readFileSync("connector-configs/debezium-postgres-connector.json", "utf8"),
  );
  fs.writeFileSync(file, JSON.stringify({ name: "shop", config: { ...config, ...SHOP, ...changes } }));
  return file;
}

const database = () => ({ address: at(5432), database: "shop", user: "cdc" });
const kafka = () => ({ bootstrapServers: at(29092), replicationFactor: 1 });
const objectStore = () => ({ endpoint: `http://${at(9000)}`, accessKey: "lake-writer" });

async function flows(id: number): Promise<void> {
  await shop(`INSERT INTO "Or ders" VALUES (${id}, 'new', 1.5); UPDATE items SET note = 'b${id}'`);
  expect(await run("verify")).toMatch(/equal/);
}

async function nothingOfOursIsLeft(): Promise<void> {
  expect(await stack.docker("ps", "-aq")).toEqual([]);
  expect(await shop("SELECT slot_name FROM pg_replication_slots WHERE slot_name = 'of_shop'")).toBe("");
  expect((await objectsThere()).filter((name) => name.includes("cdc-e2e-own"))).toEqual([]);
  const { data } = await axios.get(`http://${at(8083)}/connectors`);
  expect(data).toEqual(["debezium-postgres-connector"]);
  // Theirs.
  expect(await shop("SELECT count(*) FROM pg_publication_tables WHERE pubname = 'of_shop'")).toBe("3");
  expect(await shop("SELECT to_regclass('public.signals')")).toBe("signals");
}

describe("a stack on a PostgreSQL, a Kafka, a Kafka Connect and an object store that are there already", () => {
  let topics: string[] = [];

  it("previews, comes up with Spark alone, and is verified", async () => {
    topics = await topicsThere();
    stack.configure({
      walkthroughPasswords: false,
      postgresql: { ...database(), sslmode: "disable" },
      kafka: kafka(),
      kafkaConnect: { url: `http://${at(8083)}` },
      objectStore: objectStore(),
      postgresPassword: ROLE_PASSWORD,
      lakeSecretKey: SECRETS.lakeSecretKey,
      connectorConfig: connectorFile({ "database.password": ROLE_PASSWORD }),
    });
    await run("preview");
    await run("up");
    expect((await stack.docker("ps", "--format", "{{.Names}}")).sort()).toEqual(
      ["spark-client", "spark-master", "spark-worker"].map((service) => stack.container(service)),
    );
    await flows(2001);
    expect(await run("status")).toMatch(/all is well/i);
  });

  it("has nothing more to do, and refreshes without a change", async () => {
    await run("refresh");
    expect(await run("up")).toMatch(NO_CHANGES);
  });

  it("leaves nothing of its own behind, and everything of theirs", async () => {
    await run("destroy");
    await nothingOfOursIsLeft();
    expect(await topicsThere()).toEqual(topics);
  });
});

describe("a stack with a Kafka Connect of its own, on a PostgreSQL with TLS and a Kafka with TLS to which one signs in", () => {
  const password = 'of "Kafka\\\'s" own';
  let kafka: SecureKafka;
  let topics: string[] = [];

  beforeAll(async () => {
    kafka = new SecureKafka(gateway, stack.port(29092));
    await kafka.start(await certificateFor(gateway, folder, "kafka"), "cdc", password);
    topics = await kafka.topics();
  });

  afterAll(() => kafka.remove());

  it("trusts the authorities that it is given, signs in, and is verified", async () => {
    stack.configure({
      postgresql: { ...database(), sslmode: "verify-full", ca: await switchOnTls() },
      kafka: {
        bootstrapServers: kafka.bootstrapServers,
        replicationFactor: 1,
        security: {
          ...{ protocol: "SASL_SSL", mechanism: "SCRAM-SHA-512", user: "cdc" },
          ca: path.join(folder, "kafka.crt"),
        },
      },
      continuousProof: true,
      postgresPassword: ROLE_PASSWORD,
      kafkaPassword: password,
      connectorConfig: connectorFile(),
    });
    await run("up");
    await flows(3001);
    const encrypted =
      "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'cdc'";
    expect(await shop(encrypted)).toBe("t");
    expect(await run("status")).toMatch(/all is well/i);
    await run("refresh");
    expect(await run("up")).toMatch(NO_CHANGES);
  });

  it("has topics of its own for its worker, which goes on where it was after a restart", async () => {
    const ofWorker = (found: string[]) => found.filter((name) => name.startsWith("cdc-e2e-own"));
    await eventually(
      "topics",
      30,
      () => kafka.topics(),
      (found) => ofWorker(found).length === 3,
    );
    await execa("docker", ["restart", stack.container("kafka-connect")]);
    await flows(3002);
  });

  it("shows Kafka's password to nobody", async () => {
    const containers = await stack.docker("ps", "-aq");
    const { stdout: inspected } = await execa("docker", ["inspect", ...containers]);
    const logs = await Promise.all(containers.map((id) => execa("docker", ["logs", id], { all: true })));
    const connect = await axios.get(
      `http://localhost:${stack.port(8083)}/connectors?expand=info&expand=status`,
    );
    for (const text of [inspected, ...logs.map(({ all }) => all ?? ""), JSON.stringify(connect.data)]) {
      expect(text).not.toContain("Kafka\\\\'s");
      expect(text).not.toContain("Kafka\\'s");
    }
  });

  it("leaves nothing of its own behind, and everything of theirs", async () => {
    await run("destroy");
    await nothingOfOursIsLeft();
    expect(await kafka.topics()).toEqual(topics.concat("__consumer_offsets", "__transaction_state").sort());
  });
});
