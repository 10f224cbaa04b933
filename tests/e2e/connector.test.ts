import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import axios from "axios";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ConnectorInputs, ConnectorOutputs } from "../../providers/kafka-connect/inputs";
import { createProvider } from "../../providers/kafka-connect/provider";
import { type CommandResult, eventually, NO_CHANGES, TestStack } from "./platform";

const CONNECTOR = "debezium-postgres-connector";
const TOPIC = "dbserver2.public.links";

const stack = new TestStack("e2e-connector");
const CONNECT = `http://localhost:${stack.port(8083)}`;

function configure(overrides: Record<string, unknown> = {}, values: Record<string, unknown> = {}): void {
  stack.configure({ connectorOverrides: overrides, ...values });
}

async function preview(
  overrides: Record<string, unknown>,
  values?: Record<string, unknown>,
): Promise<CommandResult> {
  configure(overrides, values);
  const result = await stack.npmRun("preview");
  configure();
  return result;
}

async function up(): Promise<string> {
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
  return text;
}

/** Two ups in a row: the second has nothing to do. */
async function upTwice(): Promise<string> {
  const text = await up();
  expect(await up()).toMatch(NO_CHANGES);
  return text;
}

async function refresh(): Promise<string> {
  const { exitCode, text } = await stack.npmRun("refresh");
  expect(exitCode, text).toBe(0);
  return text;
}

const rest = async (detail: string) => (await axios.get(`${CONNECT}/connectors/${CONNECTOR}${detail}`)).data;
const stateNow = async () => (await rest("/status")).connector.state;

async function put(change: (config: Record<string, string>) => Record<string, string>): Promise<void> {
  await axios.put(`${CONNECT}/connectors/${CONNECTOR}/config`, change(await rest("/config")));
}

async function stateFile(): Promise<string> {
  return (
    await execa("sh", [
      "-c",
      "cat .state/embedded/e2e-connector.json* 2>/dev/null || pulumi stack export --stack e2e-connector",
    ])
  ).stdout;
}

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
  configure();
  await stack.npmRun("destroy");
});

afterAll(async () => {
  configure();
  await stack.npmRun("destroy");
});

describe("before there is a Connect", () => {
  it("a mistyped key fails the preview, which names the nearest one", async () => {
    const { exitCode, text } = await preview({ "slot.nam": "cdc" });
    expect(exitCode).toBe(1);
    expect(text).toContain(`config["slot.nam"]: is not a key of this connector: did you mean "slot.name"?`);
  });

  it("so do a value of the wrong type, one off the list, one out of range, and a missing one", async () => {
    const { exitCode, text } = await preview({
      "max.batch.size": "many",
      "snapshot.mode": "initail",
      "heartbeat.interval.ms": -1,
      "database.hostname": "",
    });
    expect(exitCode).toBe(1);
    expect(text).toContain(`config["max.batch.size"]: must be a whole number, found "many"`);
    expect(text).toMatch(/config\["snapshot\.mode"\]: must be one of always,.*did you mean "initial"\?/);
    expect(text).toContain(`config["heartbeat.interval.ms"]: must be at least 0, found "-1"`);
    expect(text).toContain(`config["database.hostname"]: is missing`);
  });
});

describe("while Connect runs", () => {
  beforeAll(async () => {
    await upTwice();
    await stack.sql(`INSERT INTO links ("customerId") SELECT generate_series(1, 20)`);
  });

  it("what the plugin, or nobody, knows about a key fails the preview, all of it at once", async () => {
    const { exitCode, text } = await preview({
      "publication.autocreate.mod": "filtered",
      "slot.name": "Not-A-Slot",
      transforms: "flat",
      "transforms.flat.type": "io.debezium.transforms.ExtractNewRecordState",
      "transforms.flat.delete.tombstone.handling.mod": "drop",
      "transforms.flta.drop.headers": "true",
    });
    expect(exitCode).toBe(1);
    const mistyped = 'config["publication.autocreate.mod"]: is not a key of this connector: did you mean';
    expect(text).toContain(`${mistyped} "publication.autocreate.mode"?`);
    expect(text).toMatch(/config\["slot\.name"\]: Valid replication slot name must contain only/);
    expect(text).toMatch(
      /config\["transforms\.flat\.delete\.tombstone\.handling\.mod"\]: is not a key.*did you mean/,
    );
    expect(text).toContain('"transforms" does not contain flta');
  });

  it.each([
    [
      "a wrong password",
      { "database.password": "no-such-password" },
      /config\["database\.password"\]: .*authentication failed/,
    ],
    [
      "a reference that the worker cannot resolve",
      { "database.password": `\${file:/kafka/secrets/nope.properties:password}` },
      /config\["database\.password"\]: refers to \/kafka\/secrets\/nope\.properties, which the Connect worker cannot read/,
    ],
    [
      "a client setting that the worker does not leave to connectors",
      { "producer.override.sasl.jaas.config": "x" },
      /config\["producer\.override\.sasl\.jaas\.config"\]: A connector may not set sasl\.jaas\.config/,
    ],
    [
      "a class that is not installed",
      { "connector.class": "io.debezium.Nope" },
      /connector\.class"\]: .*is not installed/,
    ],
  ])("%s fails the preview", async (_what, overrides, message) => {
    const { exitCode, text } = await preview(overrides);
    expect(exitCode, text).toBe(1);
    expect(text).toMatch(message);
    expect(text).not.toContain("no-such-password");
  });

  it("keys that only Debezium, a driver, a client, a converter or the user knows raise no alarm", async () => {
    const { exitCode, text } = await preview({
      "driver.loginTimeout": 5,
      "database.ApplicationName": "cdc",
      "topic.delimiter": ".",
      "signal.kafka.topic": "signals",
      "custom.metric.tags": "a=b",
      converters: "iso",
      "iso.type": "io.debezium.connector.postgresql.converters.X",
      "iso.format": "x",
      "column.truncate.to.20.chars": "public.links.customerCity",
      "snapshot.select.statement.overrides": "public.links",
      "snapshot.select.statement.overrides.public.links": "SELECT * FROM public.links",
      "topic.creation.default.partitions": 1,
      "topic.creation.default.replication.factor": 1,
      "topic.creation.default.cleanup.policy": "delete",
      "producer.override.max.request.size": 2_000_000,
      "errors.log.enable": true,
      "key.converter.schemas.cache.size": 10,
      predicates: "links",
      "predicates.links.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
      "predicates.links.pattern": ".*links",
      transforms: "note",
      "transforms.note.type": "org.apache.kafka.connect.transforms.InsertHeader",
      "transforms.note.header": "from",
      "transforms.note.value.literal": "cdc",
      "transforms.note.predicate": "links",
    });
    expect(exitCode, text).toBe(0);
    expect(text).not.toContain("warning");
  });

  it("what the database lacks fails the preview, and what will hurt is a warning", async () => {
    await stack.sql(`
      CREATE ROLE reader LOGIN PASSWORD 'reader';
      ALTER TABLE customers1 REPLICA IDENTITY NOTHING;
      SELECT pg_create_logical_replication_slot('taken', 'test_decoding');`);
    try {
      const { exitCode, text } = await preview({ "database.user": "reader", "slot.name": "taken" });
      expect(exitCode).toBe(1);
      expect(text).toContain(`config["database.user"]: names reader, which lacks REPLICATION`);
      expect(text).toContain("GRANT SELECT ON public.links, public.customers1 TO reader");
      expect(text).toContain("was made for test_decoding, not pgoutput");
      const warned = await preview({});
      expect(warned.exitCode, warned.text).toBe(0);
      expect(warned.text).toMatch(
        /warning: .*public\.customers1, whose updates and deletes .*REPLICA IDENTITY FULL/,
      );
    } finally {
      await stack.sql(`
        ALTER TABLE customers1 REPLICA IDENTITY FULL;
        DROP ROLE reader;
        SELECT pg_drop_replication_slot('taken')`);
    }
  });

  it("a slot that another reader uses fails the preview of a connector that wants it", async () => {
    await stack.sql("SELECT pg_create_logical_replication_slot('busy', 'pgoutput')");
    await stack.sql("CREATE PUBLICATION busy FOR TABLE public.links");
    const reader = execa("docker", [
      ...[
        "exec",
        stack.container("postgresql"),
        "pg_recvlogical",
        "-U",
        "postgres",
        "-d",
        "postgres",
        "--slot",
        "busy",
      ],
      ...["--start", "-f", "/dev/null", "-o", "proto_version=1", "-o", "publication_names=busy"],
    ]);
    reader.catch(() => {});
    try {
      await eventually(
        "a reader of the slot",
        30,
        () => stack.sql("SELECT active FROM pg_replication_slots WHERE slot_name = 'busy'"),
        (active) => active === "t",
      );
      const { exitCode, text } = await preview({ "slot.name": "busy" });
      expect(exitCode).toBe(1);
      expect(text).toMatch(/replication slot of that name is in use by pg_recvlogical/);
    } finally {
      await stack.sql(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'busy'",
      );
      await eventually(
        "the slot dropped",
        30,
        () => stack.sql("SELECT pg_drop_replication_slot('busy'); DROP PUBLICATION busy"),
        () => true,
      );
    }
  });

  it("a table that the same up makes does not fail its preview", async () => {
    const sql = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "cdc-")), "schema.sql");
    fs.writeFileSync(sql, "CREATE TABLE IF NOT EXISTS public.later (id int PRIMARY KEY);");
    const { exitCode, text } = await preview(
      { "table.include.list": "public.links,public.later" },
      { sourceSchema: sql },
    );
    expect(exitCode, text).toBe(0);
  });
});

describe("the desired state", () => {
  it.each(["paused", "stopped", "running"])("%s is reached by one update in place", async (desired) => {
    configure({}, { connectorState: desired });
    const text = await upTwice();
    expect(text).toMatch(/1 updated/);
    expect(await stateNow()).toBe(desired.toUpperCase());
  });

  it("is the one in which a connector is made", async () => {
    await axios.delete(`${CONNECT}/connectors/${CONNECTOR}`);
    await refresh();
    configure({}, { connectorState: "paused" });
    await upTwice();
    const { connector, tasks } = await rest("/status");
    expect(connector.state).toBe("PAUSED");
    expect(tasks).toEqual([]);
    configure();
    await upTwice();
    expect(await stateNow()).toBe("RUNNING");
  });

  it("is drift when a connector was paused by hand: refresh shows it, up repairs it", async () => {
    await axios.put(`${CONNECT}/connectors/${CONNECTOR}/pause`, {});
    await eventually("paused", 30, stateNow, (state) => state === "PAUSED");
    expect(await refresh()).toContain('state: "RUNNING" → "PAUSED"');
    await upTwice();
    expect(await stateNow()).toBe("RUNNING");
  });
});

describe("a config edited by hand", () => {
  it("is shown key by key, secrets unseen, and put back", async () => {
    const before = await rest("/config");
    await put(({ "tombstones.on.delete": _gone, ...config }) => ({
      ...config,
      "poll.interval.ms": "900",
      "internal.note": "foreign",
      "database.sslpassword": "written-by-hand",
    }));
    const text = await refresh();
    expect(text).toContain(`config.poll.interval.ms: "${before["poll.interval.ms"]}" → "900"`);
    expect(text).toContain('config.tombstones.on.delete: "true" → (none)');
    expect(text).toContain('config.internal.note: (none) → "foreign"');
    expect(text).toContain("config.database.sslpassword: (none) → ");
    expect(text + (await stateFile())).not.toContain("written-by-hand");
    await upTwice();
    expect(await rest("/config")).toEqual(before);
  });

  it("with another password in the place of the reference is put back, the password unseen", async () => {
    const before = await rest("/config");
    await put((config) => ({ ...config, "database.password": "postgres", "database.user": "postgres" }));
    const text = await refresh();
    expect(text).toContain("config.database.password: ");
    expect(text).toContain("(another value, not shown)");
    await upTwice();
    expect(await rest("/config")).toEqual(before);
  });

  it("is no drift where a reference stands for a secret", async () => {
    expect(await refresh()).toMatch(NO_CHANGES);
    expect(await up()).toMatch(NO_CHANGES);
  });

  it("is repaired when it was deleted altogether", async () => {
    await axios.delete(`${CONNECT}/connectors/${CONNECTOR}`);
    expect(await refresh()).toMatch(/MISSING/);
    await upTwice();
    expect(await stateNow()).toBe("RUNNING");
  });
});

describe("tasks that fail", () => {
  it("are restarted, then fail the up, which names worker, task and cause", async () => {
    configure({ converters: "own", "own.type": "no.such.Converter" });
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode, text).toBe(1);
    expect(text).toMatch(/restarting \(1 of 4\)(.|\n)*restarting \(4 of 4\)/);
    expect(text).toMatch(/(task 0|connector) is FAILED on worker \S+:8083: /);
    expect(text).toContain("no.such.Converter");
    expect(text).toContain("It was restarted 4 times");
    configure();
    await upTwice();
    expect((await rest("/status")).tasks[0].state).toBe("RUNNING");
  });

  it("are fine when the cause goes away while they are restarted", async () => {
    await addFileConnectors();
    const directory = "/tmp/e2e-sink";
    let isMade = false;
    const said = vi.spyOn(console, "error").mockImplementation((line) => {
      if (isMade || !/restarting \(1 of 4\)/.test(line)) return;
      isMade = true;
      void stack.exec("kafka-connect", ["mkdir", directory]);
    });
    const sink: ConnectorInputs = {
      connectUrl: CONNECT,
      name: "e2e-file-sink",
      config: {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
        topics: TOPIC,
        file: `${directory}/out`,
      },
    };
    try {
      const { id, outs } = await createProvider().create(sink);
      expect(isMade).toBe(true);
      expect(outs).toMatchObject({ state: "RUNNING", type: "sink" });
      await createProvider().delete(id, outs);
    } finally {
      said.mockRestore();
      await axios.delete(`${CONNECT}/connectors/${sink.name}`).catch(() => {});
    }
  });
});

describe("offsets", () => {
  async function position() {
    const { exitCode, text } = await stack.npmRun("status", "--json");
    expect(exitCode, text).toBe(0);
    return JSON.parse(text).connector;
  }

  it("are shown live by the command status, and are in no output that could differ", async () => {
    const before = await position();
    expect(before.status).toBe("connector RUNNING, task 0 RUNNING");
    expect(before.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    expect(before.slot).toMatchObject({ name: "cdc_dbserver2", isRead: true });
    expect(before.slot.lagBytes).toBeGreaterThanOrEqual(0);
    await stack.sql(`UPDATE links SET "customerCity" = 'Izmir' WHERE "customerId" = 1`);
    await eventually("another offset", 60, position, ({ lsn }) => lsn !== before.lsn);
    expect(await refresh()).toMatch(NO_CHANGES);
    expect(await up()).toMatch(NO_CHANGES);
  });

  it("are reset by a new trigger, which the preview says, and by no second up", async () => {
    const snapshots = async () =>
      (await stack.consume(TOPIC)).filter(({ value }) => value?.payload?.op === "r").length;
    const before = await snapshots();
    const asked = await preview({}, { connectorOffsets: { reset: "first" } });
    expect(asked.text).toMatch(/will be stopped and its offsets forgotten/);
    configure({}, { connectorOffsets: { reset: "first" } });
    await upTwice();
    const rows = Number(await stack.sql("SELECT count(*) FROM links"));
    await eventually("a new snapshot", 60, snapshots, (count) => count === before + rows);
    configure();
    expect(await up()).toMatch(NO_CHANGES);
  });

  it("are set by a new trigger", async () => {
    // While it runs, each heartbeat moves the slot past the offset read here, and PostgreSQL cannot go back.
    configure({}, { connectorState: "stopped" });
    await upTwice();
    const [{ partition, offset }] = (await rest("/offsets")).offsets;
    const set = [{ partition, offset: { ...offset, note: "set by hand" } }];
    configure({}, { connectorOffsets: { set, trigger: "second" }, connectorState: "stopped" });
    await upTwice();
    expect((await rest("/offsets")).offsets).toEqual(set);
    configure();
    await upTwice();
    expect(await stateNow()).toBe("RUNNING");
  });
});

describe("the resource by itself", () => {
  const provider = createProvider();
  const source: ConnectorInputs = {
    connectUrl: CONNECT,
    name: "e2e-file-source",
    config: {
      "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
      "tasks.max": "1",
      file: "/etc/passwd",
      topic: "e2e-passwd",
    },
  };
  const checked = async (olds: object, inputs: ConnectorInputs) =>
    provider.check(olds as ConnectorOutputs, inputs);

  beforeAll(addFileConnectors);

  afterAll(async () => {
    await axios.delete(`${CONNECT}/connectors/${source.name}`).catch(() => {});
  });

  it("keeps a connector of any class: checks, makes, changes, pauses, reads and deletes it", async () => {
    const typo = await checked({}, { ...source, config: { ...source.config, "bath.size": "5" } });
    expect(typo.failures).toEqual([
      {
        property: "",
        reason: 'config["bath.size"]: is not a key of this connector: did you mean "batch.size"?',
      },
    ]);
    const { inputs, failures } = await checked({}, source);
    expect(failures).toEqual([]);
    const { id, outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ state: "RUNNING", type: "source" });
    await eventually(
      "a position in the file",
      60,
      async () => (await axios.get(`${CONNECT}/connectors/${source.name}/offsets`)).data.offsets,
      (offsets) => offsets[0]?.offset.position > 0,
    );

    const paused = { ...inputs, desiredState: "paused" };
    expect(await provider.diff(id, outs, paused)).toMatchObject({ changes: true, replaces: [] });
    const { outs: still } = await provider.update(id, outs, paused);
    expect(still.state).toBe("PAUSED");
    const read = await provider.read(id, still);
    expect(await provider.diff(id, read.props, paused)).toMatchObject({ changes: false });

    await provider.delete(id, still);
    await expect(axios.get(`${CONNECT}/connectors/${source.name}`)).rejects.toThrow("404");
  });

  it("leaves the old connector running, and the state true, when Connect refuses an update", async () => {
    const { inputs } = await checked({}, source);
    const { id, outs } = await provider.create(inputs);
    const wrong = { ...inputs, config: { ...inputs.config, "tasks.max": "none" }, desiredState: "stopped" };
    const failure = await provider.update(id, outs, wrong).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toContain('config["tasks.max"]');
    // Only an error with an id would have the engine record the new inputs.
    expect(failure).not.toHaveProperty("id");
    const read = await provider.read(id, outs);
    expect(read.props).toEqual(outs);
    expect(await provider.diff(id, read.props, inputs)).toMatchObject({ changes: false });
  });

  it("takes over a connector that is there, without restarting it", async () => {
    const url = `${CONNECT}/connectors/${source.name}`;
    const log = async () =>
      (await execa("docker", ["logs", stack.container("kafka-connect")], { all: true })).all
        ?.split("\n")
        .filter((line) => line.includes(`[${source.name}|task-0]`) && /Starting FileStreamSource/.test(line))
        .length;
    await eventually(
      "a running connector",
      30,
      async () => (await axios.get(`${url}/status`)).data.tasks,
      (tasks) => tasks.length === 1,
    );
    const starts = await log();
    const read = await provider.read(url, {} as ConnectorOutputs);
    expect(read.props).toMatchObject({ ...source, state: "RUNNING" });
    const { inputs } = await checked({}, source);
    const { id, outs } = await provider.create(inputs);
    expect(outs.state).toBe("RUNNING");
    expect(await log()).toBe(starts);
    await provider.delete(id, outs);
  });
});
