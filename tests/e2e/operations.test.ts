/** What keeps the connector right after `up`, changes of its tables, and its end. */
import axios from "axios";
import execa from "execa";
import { Client, escapeLiteral } from "pg";
import * as tar from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConnectorInputs, ConnectorOutputs } from "../../providers/kafka-connect/inputs";
import { provider } from "../../providers/kafka-connect/provider";
import { describeAttacks } from "./attacks";
import { describeDiagnosis } from "./diagnosis";
import { follow } from "./event-chain";
import { connectorPaused } from "./faults/connector";
import { dataFileGone } from "./faults/lake";
import { workerDown } from "./faults/servers";
import { describeForgedRequests } from "./forged-requests";
import { describeOtherCheckouts } from "./lifecycle/other-checkouts";
import { describeRotation } from "./lifecycle/rotation";
import { type ConsumedRecord, eventually, NO_CHANGES, recordsOf, TestStack } from "./platform";

const CONNECTOR = "debezium-postgres-connector";
const SLOT = "cdc_dbserver2";
/** Odd on purpose: quotes, a backslash, a space, and what shells, URLs and properties files have a use for. */
const SECRETS = {
  postgresPassword: `it's "odd" \\ \${x} $HOME %41/@:#!=ü`,
  minioRootPassword: `root's "odd" \\ \${x} %41/@:#!=`,
  lakeSecretKey: `lake's "odd" \\ \${x} %41/@:#!=`,
};
const PASSWORD = SECRETS.postgresPassword;
/** Tables captured once the third has been added. */
const CAPTURED = "public.links,public.customers1,public.orders";
/** Seconds of a unit of the supervisor's back-off: a test cannot wait minutes. */
const UNIT = 5;

const stack = new TestStack("e2e-operate");
const connect = (path: string) => `http://localhost:${stack.port(8083)}/connectors/${path}`;

function configure(tables?: string, more: Record<string, unknown> = {}): void {
  const connectorOverrides = tables ? { "table.include.list": tables } : {};
  stack.configure({ supervisorBackoffUnit: UNIT, connectorOverrides, ...SECRETS, ...more });
}

/** All that the commands have printed. */
const printed: string[] = [];

async function up(): Promise<string> {
  const { exitCode, text } = await stack.npmRun("up");
  printed.push(text);
  expect(exitCode, text).toBe(0);
  return text;
}

async function nothingMoreToDo(): Promise<void> {
  expect(await up()).toMatch(NO_CHANGES);
}

/** Rows of a table as Debezium's JSON shows them, by key. */
async function tableRows(table: string): Promise<Map<string, unknown>> {
  const lines = await stack.sql(`select row_to_json(t) from ${table} t`);
  const rows = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return new Map(rows.map((row) => [JSON.stringify({ customerId: row.customerId }), row]));
}

/** Every event of a table, without the schemas, which are most of it; once the last change committed is among them. */
async function eventsOf(table: string, isComplete: (records: ConsumedRecord[]) => boolean) {
  const read =
    "/kafka/bin/kafka-console-consumer.sh --bootstrap-server kafka:9092 --from-beginning --timeout-ms 8000 " +
    `--property print.key=true --property key.separator="$(printf '\\t')" --topic dbserver2.public.${table}`;
  const strip = `sed -E -e 's/^\\{"schema":[^\t]*"payload":/{"payload":/' -e 's/\t\\{"schema":.*"payload":/\t{"payload":/'`;
  return eventually(
    `all events of ${table}`,
    240,
    async () => recordsOf(await stack.exec("kafka", ["sh", "-c", `${read} | ${strip}`])),
    isComplete,
  );
}

const same = (a: Map<string, unknown>, b: Map<string, unknown>) =>
  a.size === b.size && [...a].every(([key, row]) => JSON.stringify(row) === JSON.stringify(b.get(key)));

beforeAll(async () => {
  configure();
  await stack.npmRun("destroy");
  await up();
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

describe("an idle captured database", () => {
  it("does not hold back the log that others write", async () => {
    const lag = async () =>
      Number(
        await stack.sql(`select pg_current_wal_lsn() - restart_lsn from pg_replication_slots
                         where slot_name = '${SLOT}'`),
      );
    await stack.sql("create database other");
    const before = Number(await stack.sql("select pg_current_wal_lsn() - '0/0'"));
    const write =
      "create table big (x text); insert into big select repeat(md5(i::text), 30) from generate_series(1, 250000) i";
    await stack.exec("postgresql", ["psql", "-U", "postgres", "-d", "other", "-c", write]);
    const written = Number(await stack.sql("select pg_current_wal_lsn() - '0/0'")) - before;
    expect(written).toBeGreaterThan(200_000_000);

    await eventually("the slot follows", 60, lag, (bytes) => bytes < 1_000_000);
    const topics = await stack.exec("kafka", [
      ...["/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092", "--list"],
    ]);
    expect(topics.split("\n")).not.toContain("dbserver2.message");
  });

  it("goes on from its heartbeat after a restart, with nothing missing", async () => {
    await execa("docker", ["restart", stack.container("kafka-connect")]);
    await stack.sql(`insert into links ("customerId") values (1)`);
    await eventually(
      "the row in its topic",
      120,
      () => stack.consume("dbserver2.public.links"),
      (records) => records.length === 1,
    );
  });
});

describe("a table added later", () => {
  it("has its 10,000 earlier rows sent while 100 changes a second go on, none lost or doubled", async () => {
    const datagen = (...args: string[]) =>
      execa("node", ["cli/launch.mjs", "datagen", "-p", String(stack.port(5432)), "-t", "orders", ...args], {
        env: { PGPASSWORD: PASSWORD },
        all: true,
        stdin: "ignore",
      });
    await datagen("-rs", "10000", "-rst", "0", "-pk", "customerId");
    await stack.sql("alter table orders replica identity full");
    const changing = datagen("--changes", "12000", "--rate", "100", "--seed", "7");

    configure(CAPTURED);
    const text = await up();
    expect(text).toMatch(/sending the rows of public\.orders/);
    expect(text).toMatch(/public\.orders: all rows sent \(/);
    const { all } = await changing;
    expect(all).toMatch(/12,?000/);

    const table = await tableRows("orders");
    const records = await eventsOf("orders", (found) => same(follow(found).rows, table));
    const { counts, breaks } = follow(records);
    expect(breaks).toEqual([]);
    expect(counts.r).toBeGreaterThan(5_000);
    expect(counts.u).toBeGreaterThan(500);
    const reads = records.filter(({ value }) => value?.payload.op === "r");
    expect(new Set(reads.map(({ key }) => JSON.stringify(key))).size).toBe(reads.length);

    const events = records.filter(({ value }) => value);
    // Changes went on while and after the earlier rows were sent.
    const ops: string[] = events.map(({ value }) => value.payload.op);
    const [first, last] = [ops.indexOf("r"), ops.lastIndexOf("r")];
    expect(ops.slice(first, last).filter((op) => op !== "r").length).toBeGreaterThan(0);
    expect(ops.slice(last + 1).length).toBeGreaterThan(0);
    const lake = await eventually(
      "the events in the lake",
      180,
      () => stack.lake("public/orders"),
      ({ rows }) => rows.length >= events.length,
    );
    const image = (row: Record<string, unknown> | null, name: string) => {
      const value = row?.[name];
      return value === null || value === undefined ? null : String(value);
    };
    const columns = Object.keys(table.values().next().value as object);
    const asLakeRow = ({ value }: ConsumedRecord) =>
      JSON.stringify([
        value.payload.op,
        ...columns.map((name) => image(value.payload.before, name)),
        ...columns.map((name) => image(value.payload.after, name)),
      ]);
    const fromLake = (row: Record<string, string | null>) =>
      JSON.stringify([
        row["payload.op"],
        ...columns.map((name) => row[`payload.before.${name}`] ?? null),
        ...columns.map((name) => row[`payload.after.${name}`] ?? null),
      ]);
    expect(lake.rows.map(fromLake).sort()).toEqual(events.map(asLakeRow).sort());
  });

  it("needs nothing more in the next up, and leaves the signal table empty", async () => {
    await nothingMoreToDo();
    expect(await stack.sql(`select count(*) from ${SLOT}_signal`)).toBe("0");
  });

  it("can be taken off the list: out of the publication, its topic and lake table left as they are", async () => {
    configure();
    expect(await up()).toMatch(/public\.orders no longer captured; topics and lake tables stay/);
    const published = await stack.sql("select tablename from pg_publication_tables order by 1");
    expect(published.split("\n")).toEqual([`${SLOT}_signal`, "customers1", "links"]);
    await nothingMoreToDo();
  });

  it("comes back with what was committed meanwhile; its rows are read again, in the place of those before", async () => {
    await stack.sql(`
      update orders set "customerFName" = 'MEANWHILE' where "customerId" = (select min("customerId") from orders);
      insert into orders ("customerId", "customerFName") values (900001, 'NEW');`);
    configure("public.links,public.customers1,public.orders");
    const text = await up();
    expect(text).toMatch(/public\.orders: all rows sent \(/);
    await stack.sql(`update orders set "customerFName" = 'AFTER' where "customerId" = 900001`);

    const table = await tableRows("orders");
    const records = await eventsOf("orders", (found) => same(follow(found, true).rows, table));
    expect(follow(records, true).breaks).toEqual([]);
    await nothingMoreToDo();
  });
});

describe("the supervisor", () => {
  const state = async () => (await axios.get(connect(`${CONNECTOR}/status`))).data.tasks[0]?.state;

  it("brings a task back that failed after the up, and says why it had to", async () => {
    await stack.sql(`alter role postgres password 'something else';
      select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender';`);
    await eventually("the task fails", 120, state, (seen) => seen === "FAILED");
    await stack.sql(`alter role postgres password ${escapeLiteral(PASSWORD)}`);
    await eventually("the task runs again", 300, state, (seen) => seen === "RUNNING");

    const { stdout: log } = await execa("docker", ["logs", stack.container("supervisor")]);
    expect(log).toMatch(/restart 1 \(task 0 FAILED: .*password authentication failed.*next one is in 10 s/);
    const before = (await stack.consume("dbserver2.public.links")).length;
    await stack.sql(`update links set "customerFName" = 'healed'`);
    await eventually(
      "the change in its topic",
      60,
      () => stack.consume("dbserver2.public.links"),
      (records) => records.length === before + 1,
    );
  });

  it("leaves a paused connector alone", async () => {
    await axios.put(connect(`${CONNECTOR}/pause`), {});
    await new Promise((resolve) => setTimeout(resolve, 4 * UNIT * 1_000));
    expect((await axios.get(connect(`${CONNECTOR}/status`))).data.connector.state).toBe("PAUSED");
    await axios.put(connect(`${CONNECTOR}/resume`), {});
    await eventually("it runs again", 60, state, (seen) => seen === "RUNNING");
  });

  it("can be switched off", async () => {
    configure(CAPTURED, { supervisor: false });
    await up();
    expect(await stack.docker("ps", "-a", "--format", "{{.Names}}")).not.toContain("e2e-operate-supervisor");
    await nothingMoreToDo();
  });
});

describeForgedRequests(stack);

describeAttacks(stack);

describeDiagnosis(stack, [workerDown, connectorPaused, dataFileGone]);

describe("secrets", () => {
  const TOPICS = "/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --list";
  const READ =
    "/kafka/bin/kafka-console-consumer.sh --bootstrap-server kafka:9092 --from-beginning --timeout-ms 5000 --topic";

  // Without the schemas, which are most of tens of thousands of messages, and the same in each.
  const SHORTEN = `sed -E 's/^\\{"schema":.*"payload":/{"payload":/'`;

  /** What an image, a container's settings, its processes and its log show to whoever may ask Docker. */
  async function inDocker(): Promise<[string, string][]> {
    const names = await stack.docker("ps", "-a", "--format", "{{.Names}}");
    return Promise.all(
      names.map(async (name): Promise<[string, string]> => {
        const { stdout } = await execa("sh", [
          ...["-c", 'docker inspect "$1"; docker top "$1" -eo args; docker logs "$1" 2>&1', "sh", name],
        ]);
        return [name, stdout];
      }),
    );
  }

  it("are in no output, state, setting, process list, log, answer of Connect or topic", async () => {
    const state =
      "cat .state/embedded/e2e-operate.json* 2>/dev/null || pulumi stack export --stack e2e-operate";
    const places = new Map<string, string>([
      ["what up printed", printed.join("\n")],
      ["preview", (await stack.npmRun("preview")).text],
      ["outputs", (await stack.npmRun("outputs")).text],
      ["state", (await execa("sh", ["-c", state])).stdout],
      ["Connect's connectors", JSON.stringify((await axios.get(connect("?expand=info&expand=status"))).data)],
      ["Connect's tasks", JSON.stringify((await axios.get(connect(`${CONNECTOR}/tasks`))).data)],
      [
        "topics",
        await stack.exec("kafka", [
          ...[
            "sh",
            "-c",
            `for topic in $(${TOPICS} | grep -v '^__[ct]'); do ${READ} $topic | ${SHORTEN}; done`,
          ],
        ]),
      ],
      ...(await inDocker()),
    ]);
    expect(places.get("topics")).toContain("database.hostname");
    for (const [what, secret] of Object.entries(SECRETS)) {
      const forms = [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        Buffer.from(secret).toString("base64"),
      ];
      for (const [place, content] of places) {
        expect(
          forms.filter((form) => content.includes(form)),
          `${what} in ${place}`,
        ).toEqual([]);
      }
    }
    expect(await stack.outputs()).toMatchObject({
      postgresqlPassword: SECRETS.postgresPassword,
      minioRootPassword: SECRETS.minioRootPassword,
      lakeSecretKey: SECRETS.lakeSecretKey,
    });
  });
});

describe("a connector that reads someone else's PostgreSQL", () => {
  const FOREIGN = "e2e-operate-foreign";
  const NAME = "foreign-connector";
  let database: Client;
  let access: NonNullable<ConnectorInputs["database"]>;

  beforeAll(async () => {
    await execa("docker", ["rm", "--force", "--volumes", FOREIGN], { reject: false });
    const { stdout: image } = await execa("docker", [
      ...["inspect", "--format", "{{.Image}}", stack.container("postgresql")],
    ]);
    await execa("docker", [
      ...["create", "--name", FOREIGN, "--network", "cdc-e2e-operate-network"],
      ...["--publish", "127.0.0.1::5432", image],
      ...["postgres", "-c", "wal_level=logical"],
    ]);
    await execa("docker", ["cp", "-", `${FOREIGN}:/etc/postgresql/cdc`], { input: await passwordTar() });
    await start();
  });

  afterAll(async () => {
    await database?.end().catch(() => {});
    await execa("docker", ["rm", "--force", "--volumes", FOREIGN], { reject: false });
  });

  /** Where the image waits for the superuser's password. */
  async function passwordTar(): Promise<Buffer> {
    const archive = tar.pack();
    archive.entry({ name: "password", mode: 0o644 }, `${PASSWORD}\n`);
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  async function start(): Promise<void> {
    await execa("docker", ["start", FOREIGN]);
    const { stdout: address } = await execa("docker", ["port", FOREIGN, "5432/tcp"]);
    const port = Number(address.split(":").at(-1));
    access = { host: "127.0.0.1", port, user: "postgres", password: PASSWORD, database: "postgres" };
    database = await eventually(
      "PostgreSQL answers",
      60,
      async () => {
        const client = new Client(access);
        client.on("error", () => {});
        await client.connect();
        return client;
      },
      () => true,
    );
    await database.query(`create table if not exists orders (id int primary key, note text)`);
    await database.query(`insert into orders values (1, 'old') on conflict do nothing`);
    await database.query("drop publication if exists of_someone_else");
    await database.query("create publication of_someone_else for table orders");
  }

  function inputs(): ConnectorInputs {
    return {
      connectUrl: `http://localhost:${stack.port(8083)}`,
      name: NAME,
      config: {
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "database.hostname": FOREIGN,
        "database.user": "postgres",
        "database.password": `\${file:/kafka/secrets/postgresql.properties:password}`,
        "database.dbname": "postgres",
        "topic.prefix": "foreign",
        "table.include.list": "public.orders",
        "plugin.name": "pgoutput",
        "slot.name": "cdc_foreign",
        "publication.name": "cdc_foreign",
        "publication.autocreate.mode": "filtered",
        "signal.data.collection": "public.foreign_signal",
      },
      database: access,
    };
  }

  async function made(): Promise<ConnectorOutputs> {
    const { outs } = await provider.create(inputs());
    expect(await left()).toEqual({ slots: ["cdc_foreign"], publications: ["cdc_foreign"], signals: true });
    return outs;
  }

  /** What of ours the database has. */
  async function left() {
    const names = async (sql: string) =>
      (await database.query<{ name: string }>(sql)).rows.map((r) => r.name);
    return {
      slots: await names("select slot_name as name from pg_replication_slots"),
      publications: await names(
        "select pubname as name from pg_publication where pubname <> 'of_someone_else'",
      ),
      signals: (await names("select to_regclass('foreign_signal')::text as name"))[0] !== null,
    };
  }
  const NOTHING = { slots: [], publications: [], signals: false };

  /** How many positions Connect remembers of a connector that is not there. */
  async function offsetsLeft(): Promise<number> {
    await axios.post(connect(""), { name: NAME, config: inputs().config, initial_state: "STOPPED" });
    const { data } = await axios.get(connect(`${NAME}/offsets`));
    await axios.delete(connect(NAME));
    return data.offsets.length;
  }

  it("takes slot, publication, signal table and offsets with it, and nothing of others", async () => {
    const outs = await made();
    await provider.delete(NAME, outs);

    expect(await left()).toEqual(NOTHING);
    expect(await offsetsLeft()).toBe(0);
    const { rows } = await database.query("select from pg_publication where pubname = 'of_someone_else'");
    expect(rows).toHaveLength(1);
  });

  it("takes them with it also when it was deleted by hand, whether or not that was seen", async () => {
    const outs = await made();
    await eventually(
      "an offset",
      60,
      async () => (await axios.get(connect(`${NAME}/offsets`))).data.offsets.length,
      (count) => count > 0,
    );
    await axios.delete(connect(NAME));
    const { id, props } = await provider.read(NAME, outs);
    expect([id, props?.state]).toEqual([NAME, "MISSING"]);
    await provider.delete(NAME, props as ConnectorOutputs);

    expect(await left()).toEqual(NOTHING);
    expect(await offsetsLeft()).toBe(0);
  });

  it("leaves a signal table that someone else made", async () => {
    await database.query("create table foreign_signal (id text primary key, type text, data text)");
    await provider.delete(NAME, await made());
    expect(await left()).toEqual({ ...NOTHING, signals: true });
    await database.query("drop table foreign_signal");
  });

  it("has its slot dropped when Connect cannot be reached, and the delete fails with what is left", async () => {
    const outs = await made();
    // A port where nobody listens: Connect itself goes on, and with it the connector.
    const failure = await provider
      .delete(NAME, { ...outs, connectUrl: "http://localhost:9" })
      .catch((error: Error) => error.message);
    expect(failure).toMatch(/connector foreign-connector was not deleted.*curl -X DELETE/s);
    expect(await left()).toEqual(NOTHING);
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    expect(await left(), "the connector that goes on does not make them again").toEqual(NOTHING);

    await provider.delete(NAME, outs);
    expect((await axios.get(connect(""))).data).not.toContain(NAME);
    expect(await left()).toEqual(NOTHING);
  });

  it("fails to go, with the SQL to run, while PostgreSQL is down, and goes when it is back", async () => {
    const outs = await made();
    await database.end();
    await execa("docker", ["stop", FOREIGN]);
    const failure = await provider.delete(NAME, outs).catch((error: Error) => error.message);
    expect(failure).toMatch(/cannot be reached.*pg_drop_replication_slot.*DROP PUBLICATION.*DROP TABLE/s);
    expect(failure).toContain("CDC_LEAVE_BEHIND=1");
    expect((await axios.get(connect(""))).data).not.toContain(NAME);

    await start();
    expect((await left()).slots).toEqual(["cdc_foreign"]);
    await provider.delete(NAME, { ...outs, database: access });
    expect(await left()).toEqual(NOTHING);
  });
});

describeOtherCheckouts(stack);

describe("the stack's credentials", () => {
  const now = async () => SECRETS;
  describeRotation(stack, now, (rotated) => configure(CAPTURED, { supervisor: false, ...rotated }));
});

describe("destroy", () => {
  it("goes through at once with ZooKeeper stopped, Kafka half dead, and leaves nothing", async () => {
    await execa("docker", ["stop", stack.container("zookeeper")]);
    const { exitCode, text } = await stack.npmRun("destroy");
    expect(exitCode, text).toBe(0);
    expect(await stack.docker("ps", "-a", "--format", "{{.Names}}")).toEqual([]);
    expect(await stack.docker("volume", "ls", "-q")).toEqual([]);
    expect(await stack.docker("network", "ls", "-q")).toEqual([]);
  });
});
