import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DatabaseFacts } from "../../../providers/kafka-connect/database/facts";
import {
  type CapturedDatabase,
  DatabaseRefuses,
  DatabaseUnreachable,
  type Slot,
} from "../../../providers/kafka-connect/database/replication";
import type { GapNote } from "../../../providers/kafka-connect/database/signalling";
import type { SourceFacts } from "../../../providers/kafka-connect/database/source-facts";
import type { Resolution } from "../../../providers/kafka-connect/debezium/lists/resolution";
import type { ConnectorNotRunning } from "../../../providers/kafka-connect/deployment/deploy";
import type { ConnectorInputs } from "../../../providers/kafka-connect/inputs";
import { createProvider } from "../../../providers/kafka-connect/provider";
import { ConnectServer, statusOf } from "./connect-server";
import { factsOf } from "./database-facts";
import { FakeTopics } from "./fake-topics";
import { fastPacing } from "./fast-pacing";
import { sourceOf, tableOf } from "./source-facts";

const NAME = "debezium-postgres-connector";
const PATH = `/connectors/${NAME}`;

let connect: ConnectServer;
let slot: Slot;
let captured: CapturedDatabase;
let dropped: unknown[];
let repaired: string[];
let published: string[];
let signals: { requested: string[]; removed: string[]; chunks: number; tidied: number; gaps: GapNote[] };
let source: SourceFacts;
/** Rows of the source's tables. */
let rows: Record<string, number>;
let topics: FakeTopics;
let facts: DatabaseFacts;
let resolution: Resolution;

beforeEach(async () => {
  connect = await new ConnectServer().start();
  slot = { exists: true, reader: 41 };
  dropped = [];
  repaired = [];
  published = ["public.links", "public.signals"];
  signals = { requested: [], removed: [], chunks: 0, tidied: 0, gaps: [] };
  source = sourceOf({
    "public.links": tableOf({ oid: 101, member: 901 }),
    "public.orders": tableOf({ oid: 102, member: 902 }),
    "public.visits": tableOf({ oid: 103, member: 903, key: [] }),
    "public.signals": tableOf({ oid: 104, member: 904 }),
  });
  rows = { "public.links": 3, "public.orders": 3, "public.visits": 2 };
  topics = new FakeTopics();
  facts = factsOf();
  resolution = { tables: [], leftOut: [], idle: [] };
  captured = {
    ensureSignalTable: async () => true,
    publishedTables: async () => published,
    requestSnapshot: async (_access, _signals, { type, tables }) => {
      signals.requested.push(`${type} ${tables.join(" ")}`);
      for (const table of tables) topics.arrive(`shop.${table}`, rows[table] ?? 0);
      return 100;
    },
    countChunks: async () => signals.chunks,
    tidyUp: async () => {
      signals.tidied += 1;
    },
    takeRemovalNotes: async (_access, _signals, tables) =>
      tables.filter((table) => signals.removed.includes(table)),
    noteGaps: async (_access, _signals, notes) => void signals.gaps.push(...notes),
    readGapNotes: async () => signals.gaps,
    forgetGaps: async (_access, _signals, tables) => {
      signals.gaps = signals.gaps.filter(({ table }) => !tables.includes(table));
    },
    readSource: async () => source,
    repairPublication: async (_access, statements) => void repaired.push(...statements),
    countRows: async (_access, tables) => new Map(tables.map((table) => [table, rows[table] ?? 0])),
    dropSlot: async (_access, name) => void dropped.push(name),
    noteRemoval: async (_access, _signals, tables) => void signals.removed.push(...tables),
    dropReplication: async (_access, replication) => void dropped.push(replication),
    missingTables: async (_access, tables) => tables.filter((table) => table.endsWith("nope")),
    readSlot: async () => slot,
    lookUpTables: async () => resolution,
    inspect: async () => facts,
  };
});
afterEach(async () => {
  await connect.stop();
  vi.restoreAllMocks();
});

function inputs(config: Record<string, string> = {}): ConnectorInputs {
  return {
    connectUrl: connect.url,
    name: NAME,
    config: {
      "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
      "plugin.name": "pgoutput",
      "slot.name": "cdc",
      "publication.name": "cdc",
      "topic.prefix": "shop",
      "table.include.list": "public.links",
      ...config,
    },
    kafka: "localhost:29092",
    database: { host: "localhost", port: 5432, user: "reader", password: "hunter2", database: "shop" },
    dropOnDelete: true,
    timeoutSeconds: 10,
  };
}

const provider = () => createProvider(fastPacing, captured, () => topics);
const silence = () => vi.spyOn(console, "error").mockImplementation(() => {});
const SIGNALS = { "signal.data.collection": "public.signals" };
const list = (...tables: string[]) => inputs({ ...SIGNALS, "table.include.list": tables.join(",") });

describe("a connector whose lists have expressions", () => {
  const tableLists = { "table.include.list": "public\\..*" };
  const made = async () => {
    const { outs } = await provider().create({ ...inputs(), tableLists });
    return outs;
  };

  it("says in a refresh which tables match by now, and is updated then", async () => {
    const outs = await made();
    resolution = { tables: ["public.links", "public.orders"], leftOut: [], idle: [] };
    const said = silence();
    const { props } = await provider().read(NAME, outs);
    expect(props?.drift).toEqual(["public.orders matches the lists of tables, and is not captured yet"]);
    expect(said.mock.calls.join()).toContain("public.orders matches the lists of tables");
    const { changes } = await provider().diff(NAME, props, { ...inputs(), tableLists });
    expect(changes).toBe(true);
  });

  it("is as it was when nothing more matches, or the database cannot be asked", async () => {
    const outs = await made();
    resolution = { tables: ["public.links"], leftOut: [], idle: [] };
    expect((await provider().read(NAME, outs)).props?.drift ?? []).toEqual([]);
    captured.lookUpTables = async () => Promise.reject(new DatabaseUnreachable("down"));
    expect((await provider().read(NAME, outs)).props?.drift ?? []).toEqual([]);
  });

  it("is updated when the lists change though the tables do not", async () => {
    const outs = await made();
    const same = await provider().diff(NAME, outs, { ...inputs(), tableLists });
    expect(same.changes).toBe(false);
    const other = { "table.include.list": "public\\.l.*" };
    expect((await provider().diff(NAME, outs, { ...inputs(), tableLists: other })).changes).toBe(true);
  });
});

describe("a connector whose database can be asked", () => {
  it("is not made when a table that it names does not exist", async () => {
    await expect(
      provider().create(inputs({ "table.include.list": "public.links,public.nope" })),
    ).rejects.toThrow(
      'config["table.include.list"] names public.nope, but database shop at localhost:5432 has no such table',
    );
    expect(connect.connectors.size).toBe(0);
  });

  it("is not made when that database refuses us", async () => {
    captured.missingTables = async () =>
      Promise.reject(new DatabaseRefuses("password authentication failed"));
    await expect(provider().create(inputs())).rejects.toThrow(
      "password authentication failed (check the resource's `database`)",
    );
  });

  it("is started even when Connect shows the state of a connector just made only later", async () => {
    slot = { exists: false, reader: undefined };
    const unknownYet = { status: 404, body: { error_code: 404, message: "No status found" } };
    connect.interrupt(/GET .*status/, unknownYet, unknownYet, unknownYet);
    const resumed = () => connect.count(`PUT ${PATH}/resume`);
    captured.readSlot = async () => (resumed() > 0 ? { exists: true, reader: 41 } : slot);
    const { outs } = await provider().create(inputs());
    expect(outs.state).toBe("RUNNING");
    expect(resumed()).toBe(1);
  });

  describe("whose task had failed", () => {
    const failed = statusOf(NAME, "RUNNING", { state: "FAILED", trace: "x\n\tat y" });
    const running = statusOf(NAME, "RUNNING", { state: "RUNNING" });
    const made = async () => {
      const { outs } = await provider().create(inputs());
      const connector = connect.connectors.get(NAME);
      if (connector) connector.status = failed;
      connect.onWrite = () => {};
      return outs;
    };

    it("is to be started again, as a preview says", async () => {
      const outs = await made();
      const said = silence();
      expect((await provider().diff(NAME, outs, inputs())).changes).toBe(true);
      expect(said.mock.calls.flat().join()).toMatch(/task 0 is FAILED on worker .*: x; it is started again/);
      said.mockClear();
      await provider().diff(NAME, outs, { ...inputs(), desiredState: "paused" });
      expect(said).not.toHaveBeenCalled();
    });

    it("is right once it has passed what was written by then", async () => {
      const outs = await made();
      connect.onRestart = (connector) => void Object.assign(connector, { status: running });
      slot = { exists: true, reader: 41, confirmed: 100, written: 200 };
      setTimeout(() => Object.assign(slot, { confirmed: 200, written: 300 }), 60);
      expect((await provider().update(NAME, outs, inputs())).outs.state).toBe("RUNNING");
    });

    it("is not right when it runs for a while and fails at the same change again", async () => {
      const outs = await made();
      connect.onRestart = (connector) => {
        connector.status = running;
        setTimeout(() => Object.assign(connector, { status: failed }), 80);
      };
      slot = { exists: true, reader: 41, confirmed: 100, written: 200 };
      await expect(provider().update(NAME, outs, inputs())).rejects.toThrow("task 0 is FAILED");
    });

    it("is right when it does not fail for long, however much it has to read", async () => {
      const outs = await made();
      connect.onRestart = (connector) => void Object.assign(connector, { status: running });
      slot = { exists: true, reader: 41, confirmed: 100, written: 200 };
      expect((await provider().update(NAME, outs, inputs())).outs.state).toBe("RUNNING");
    });
  });

  it("is made when that database is not reachable from here, which says nothing about the worker", async () => {
    const unreachable = async () => Promise.reject(new DatabaseUnreachable("no"));
    captured = { ...captured, missingTables: unreachable, readSlot: unreachable };
    expect((await provider().create(inputs())).outs.state).toBe("RUNNING");
  });

  it("is created without offsets when its slot is gone, so that it takes a snapshot instead of skipping it", async () => {
    slot = { exists: false, reader: undefined };
    connect.offsets.add(NAME);
    const resumed = vi.spyOn(connect.offsets, "add").mockImplementation((name) => {
      slot = { exists: true, reader: 42 };
      return Set.prototype.add.call(connect.offsets, `new offsets of ${name}`) as Set<string>;
    });
    await provider().create(inputs());

    expect(resumed).toHaveBeenCalled();
    expect([...connect.offsets]).toEqual([`new offsets of ${NAME}`]);
    const changes = connect.calls.filter((call) => !call.startsWith("GET"));
    expect(changes).toEqual(["POST /connectors", `DELETE ${PATH}/offsets`, `PUT ${PATH}/resume`]);
  });

  it("keeps its offsets when its slot is there: it goes on where an earlier one of the name stopped", async () => {
    connect.offsets.add(NAME);
    await provider().create(inputs());

    expect(connect.count(`DELETE ${PATH}/offsets`)).toBe(0);
  });

  it("is adopted without a restart when it runs already as wanted", async () => {
    await provider().create(inputs());
    connect.calls.length = 0;
    await provider().create(inputs());

    expect(connect.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
  });

  it("does not count as running while the database shows no slot for it", async () => {
    const { outs } = await provider().create(inputs());
    slot = { exists: false, reader: undefined };

    await expect(provider().update(NAME, outs, { ...inputs(), timeoutSeconds: 0.5 })).rejects.toThrow(
      "RUNNING, but its database shows no replication slot for it",
    );
  });

  it("counts as changed only when another server process feeds it than before", async () => {
    const { outs } = await provider().create(inputs());
    let looks = 0;
    captured.readSlot = async () => {
      looks += 1;
      return { exists: true, reader: looks < 4 ? 41 : 43 };
    };
    const patient = createProvider({ ...fastPacing, settleUnread: 60_000 }, captured, () => topics);
    const { outs: changed } = await patient.update(NAME, outs, inputs({ "poll.interval.ms": "50" }));

    expect(changed.state).toBe("RUNNING");
    expect(looks).toBeGreaterThanOrEqual(4);
  });
});

describe("tables that are added to a connector", () => {
  it("are asked for in one request and told in one line, however many they are", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `many.t_${index}`);
    published = ["public.links", ...names, "public.signals"];
    for (const [index, name] of names.entries()) {
      rows[name] = 2;
      source = sourceOf({ ...source.tables, [name]: tableOf({ oid: 1000 + index, member: 5000 + index }) });
    }
    connect.offset = { lsn: 200 };
    const said = silence();
    const { outs } = await provider().create(list("public.links"));
    const { outs: after } = await provider().update(NAME, outs, list("public.links", ...names));
    expect(after?.capturedTables).toHaveLength(1001);
    expect(signals.requested).toHaveLength(1);
    const lines = said.mock.calls.flat().filter((line) => String(line).includes("many.t_"));
    expect(lines.length).toBeLessThan(5);
    expect(lines.join("\n")).toMatch(/all rows of many\.t_0, .* and 990 more sent \(2,000\)/);
    expect(Math.max(...lines.map((line) => String(line).length))).toBeLessThan(500);
  });

  const collections = (...tables: string[]) =>
    JSON.stringify(tables.map((table) => ({ incremental_snapshot_collections_id: table })));

  beforeEach(() => {
    published = ["public.links", "public.orders", "public.visits", "public.signals"];
    connect.offset = { lsn: 200 };
  });

  it("have their earlier rows sent, and only they; what the first snapshot had is not asked for", async () => {
    slot = { exists: false, reader: undefined };
    captured.readSlot = async () =>
      connect.count(`PUT ${PATH}/resume`) > 0 ? { exists: true, reader: 41 } : slot;
    const { outs } = await provider().create(list("public.links"));
    expect(outs.capturedTables).toEqual(["public.links"]);
    expect(signals.requested).toEqual([]);

    const said = silence();
    captured.readSlot = async () => ({ exists: true, reader: Date.now() });
    const { outs: after } = await provider().update(NAME, outs, list("public.links", "public.orders"));
    expect(signals.requested).toEqual(["incremental public.orders"]);
    expect(signals.tidied).toBe(1);
    expect(after?.capturedTables).toEqual(["public.links", "public.orders"]);
    expect(said.mock.calls.flat().join()).toContain("public.orders: all rows sent (3; 3 in the source)");
    expect((await provider().diff(NAME, after, list("public.links", "public.orders"))).changes).toBe(false);
  });

  it("are asked for together, and those that cannot be read in chunks after them, with a word about the pause", async () => {
    const said = silence();
    const { outs } = await provider().create(list("public.links"));
    source = { ...source, tables: { ...source.tables, "public.a": tableOf(), "public.b": tableOf() } };
    await provider().update(NAME, outs, list("public.links", "public.a", "public.visits", "public.b"));

    expect(signals.requested).toEqual(["incremental public.a public.b", "blocking public.visits"]);
    const text = said.mock.calls.flat().join("\n");
    expect(text).toContain("public.visits is read all at once, since it has no primary key");
    expect(text).toContain("changes of all tables wait meanwhile");
    expect(text).toContain("public.a: all rows sent (it had none)");
    // They are new: nothing gives way to their rows.
    expect(topics.written).toEqual([]);
  });

  it("are read the other way when not all of their rows came in chunks", async () => {
    silence();
    const { outs } = await provider().create(list("public.links"));
    const { requestSnapshot } = captured;
    captured.requestSnapshot = async (access, name, request, pacing) => {
      if (request.type === "blocking") return requestSnapshot(access, name, request, pacing);
      signals.requested.push("skipped in silence");
      return 100;
    };
    const { outs: after } = await provider().update(NAME, outs, list("public.links", "public.orders"));
    expect(signals.requested).toEqual(["skipped in silence", "blocking public.orders"]);
    expect(after?.capturedTables).toContain("public.orders");
  });

  it("fail by name when their rows do not come, which does not keep the others from theirs", async () => {
    silence();
    const { outs } = await provider().create(list("public.links"));
    const wanted = list("public.links", "public.orders", "public.visits");
    rows = { "public.orders": 3, "public.visits": 2 };
    captured.countRows = async (_access, tables) =>
      new Map(tables.map((table) => [table, table === "public.visits" ? 5 : 3]));
    const failed = await provider()
      .update(NAME, outs, wanted)
      .catch((error: ConnectorNotRunning) => error);
    expect(failed).toMatchObject({
      message: expect.stringContaining(
        "3 of the 5 rows of public.visits did not arrive in shop.public.visits",
      ),
      properties: { state: "RUNNING", capturedTables: ["public.links", "public.orders"] },
    });
    const { properties } = failed as ConnectorNotRunning;
    expect((await provider().diff(NAME, properties, wanted)).changes).toBe(true);
  });

  it("do without what changed meanwhile: its event counts for its row", async () => {
    silence();
    const { outs } = await provider().create(list("public.links"));
    captured.requestSnapshot = async () => {
      topics.arrive("shop.public.orders", 2, 1);
      return 100;
    };
    const { outs: after } = await provider().update(NAME, outs, list("public.links", "public.orders"));
    expect(after?.capturedTables).toContain("public.orders");
  });

  it("are waited for while their rows are under way, and the progress is told", async () => {
    const said = silence();
    const { outs } = await provider().create(list("public.links"));
    rows["public.orders"] = 5000;
    captured.requestSnapshot = async () => {
      topics.arrive("shop.public.orders", 3_072);
      return 100;
    };
    connect.offset = { lsn: 200, incremental_snapshot_collections: collections("public.orders") };
    const told = "public.orders: about 3,072 of 5,000 rows sent";
    said.mockImplementation((text: string) => {
      if (!text.includes(told)) return;
      topics.arrive("shop.public.orders", 1_928);
      connect.offset = { lsn: 300, incremental_snapshot_collections: "[]" };
    });
    await provider().update(NAME, outs, list("public.links", "public.orders"));

    expect(said.mock.calls.flat().join("\n")).toContain(told);
  });

  it("fail when nothing more comes of them: all later requests would wait as well", async () => {
    silence();
    const { outs } = await provider().create(list("public.links"));
    connect.offset = { lsn: 200, incremental_snapshot_collections: collections("public.orders") };
    const wanted = { ...list("public.links", "public.orders"), timeoutSeconds: 0.5 };
    await expect(provider().update(NAME, outs, wanted)).rejects.toThrow(
      "nothing more has come of public.orders for 0.5 s",
    );
  });

  it("fail by name when they are in no publication, others not", async () => {
    silence();
    const { outs } = await provider().create(list("public.links"));
    const outside = tableOf({ isPublished: false, member: null });
    source = { ...source, tables: { ...source.tables, "public.visits": outside } };
    const wanted = { ...list("public.links", "public.orders", "public.visits"), timeoutSeconds: 1 };
    await expect(provider().update(NAME, outs, wanted)).rejects.toMatchObject({
      message: expect.stringContaining("ALTER PUBLICATION cdc ADD TABLE public.visits"),
      properties: { capturedTables: ["public.links", "public.orders"] },
    });
  });

  it("are tried again when their snapshot could not be asked for", async () => {
    silence();
    const { outs } = await provider().create(list("public.links"));
    const wanted = list("public.links", "public.orders");
    const { requestSnapshot } = captured;
    captured.requestSnapshot = async () => Promise.reject(new DatabaseRefuses("permission denied"));
    const failed = await provider()
      .update(NAME, outs, wanted)
      .catch((error: ConnectorNotRunning) => error.properties);
    expect(failed).toMatchObject({ capturedTables: ["public.links"] });
    expect((await provider().diff(NAME, failed, wanted)).changes).toBe(true);

    captured.requestSnapshot = requestSnapshot;
    await provider().update(NAME, failed, wanted);
    expect(signals.requested).toEqual(["incremental public.orders"]);
  });

  it("count as added again after they were taken off by hand", async () => {
    silence();
    const wanted = list("public.links", "public.orders");
    const { outs } = await provider().create(wanted);
    const edited = connect.connectors.get(NAME);
    if (edited) edited.config = { ...edited.config, "table.include.list": "public.links" };
    const { props } = await provider().read(NAME, outs);
    expect(props?.capturedTables).toEqual(["public.links"]);

    await provider().update(NAME, props, wanted);
    expect(signals.requested).toEqual(["incremental public.orders"]);
  });

  it("replace what was sent before when they had been captured once", async () => {
    silence();
    const both = list("public.links", "public.orders");
    const { outs } = await provider().create(both);
    const { outs: without } = await provider().update(NAME, outs, list("public.links"));
    expect(signals.removed).toEqual(["public.orders"]);
    await provider().update(NAME, without, both);

    expect(topics.steps()).toEqual(["begin public.orders", "end public.orders"]);
  });

  it("keep their earlier rows to themselves when the connector is one that takes no snapshot", async () => {
    const none = { ...SIGNALS, "snapshot.mode": "no_data" };
    const { outs } = await provider().create(inputs(none));
    await provider().update(
      NAME,
      outs,
      inputs({ ...none, "table.include.list": "public.links,public.orders" }),
    );

    expect(signals.requested).toEqual([]);
  });
});

describe("changes that may be missing", () => {
  const wanted = () => list("public.links", "public.orders");
  const replaced = () => ({
    ...source,
    tables: { ...source.tables, "public.orders": tableOf({ oid: 202, isPublished: false, member: null }) },
  });

  beforeEach(() => {
    published = ["public.links", "public.orders", "public.signals"];
    connect.offset = { lsn: 200 };
    captured.repairPublication = async (_access, statements) => {
      repaired.push(...statements);
      const mended = { ...source.tables, "public.orders": tableOf({ oid: 202, member: 922 }) };
      source = { ...source, tables: mended };
    };
  });

  it("show in a refresh and in a preview, are mended by an update, and then no more", async () => {
    const said = silence();
    const { outs } = await provider().create(wanted());
    source = replaced();
    const { props } = await provider().read(NAME, outs);
    expect(props?.drift).toEqual([
      "public.orders is not in publication cdc any more",
      "public.orders was dropped and made again",
    ]);
    expect((await provider().diff(NAME, outs, wanted())).changes).toBe(true);
    expect(said.mock.calls.flat().join("\n")).toContain("public.orders was dropped and made again");

    const { outs: after } = await provider().update(NAME, props, wanted());
    expect(repaired).toEqual(['ALTER PUBLICATION "cdc" ADD TABLE "public"."orders"']);
    expect(signals.requested).toEqual(["incremental public.orders"]);
    expect(topics.steps()).toEqual(["begin public.orders", "end public.orders"]);
    expect(signals.gaps).toEqual([]);
    expect(after?.drift).toBeUndefined();
    expect((await provider().diff(NAME, after, wanted())).changes).toBe(false);
    expect((await provider().read(NAME, after)).props).toEqual(after);
  });

  it("are only told with the command, and remembered, when so wished", async () => {
    const said = silence();
    const report = () => ({ ...wanted(), gaps: "report" as const });
    const { outs } = await provider().create(report());
    source = replaced();
    const { outs: after } = await provider().update(NAME, outs, report());

    expect(repaired).toHaveLength(1);
    expect(signals.requested).toEqual([]);
    expect(said.mock.calls.flat().join("\n")).toContain("npm run resnapshot -- public.orders");
    expect(signals.gaps.map(({ table }) => table)).toContain("public.orders");
    expect((await provider().diff(NAME, after, report())).changes).toBe(false);
    // Another wish, and they are read.
    expect((await provider().diff(NAME, after, wanted())).changes).toBe(true);
    await provider().update(NAME, after, wanted());
    expect(signals.requested).toEqual(["incremental public.orders"]);
  });

  it("stay remembered for a table whose rows did not all come", async () => {
    silence();
    const { outs } = await provider().create(wanted());
    source = replaced();
    captured.countRows = async (_access, tables) => new Map(tables.map((table) => [table, 99]));
    const failed = await provider()
      .update(NAME, outs, wanted())
      .then(() => undefined)
      .catch((error: ConnectorNotRunning) => error.properties);
    expect(failed?.source?.tables["public.orders"]?.oid).toBe(102);
    expect(topics.steps()).toEqual(["begin public.orders"]);
    expect((await provider().diff(NAME, failed, wanted())).changes).toBe(true);
  });

  it("of a lost slot come with a new one and a new snapshot, between a begin and an end for every table", async () => {
    silence();
    const { outs } = await provider().create(wanted());
    topics.arrive("shop.public.links", 3);
    topics.arrive("shop.public.orders", 3);
    source = { ...source, slot: { walStatus: "lost", reason: "wal_removed" } };
    captured.dropSlot = async (_access, name) => {
      dropped.push(name);
      source = { ...source, slot: { walStatus: "reserved", reason: null } };
    };
    connect.calls.length = 0;
    const { outs: after } = await provider().update(NAME, outs, wanted());

    expect(dropped).toEqual(["cdc"]);
    expect(connect.calls.filter((call) => !call.startsWith("GET"))).toEqual([
      "POST /connectors",
      `PUT ${PATH}/stop`,
      `DELETE ${PATH}/offsets`,
      `PUT ${PATH}/resume`,
    ]);
    expect(topics.steps()).toEqual([
      "begin public.links",
      "begin public.orders",
      "end public.links",
      "end public.orders",
    ]);
    expect(signals).toMatchObject({ requested: [], gaps: [] });
    expect((await provider().diff(NAME, after, wanted())).changes).toBe(false);
  });

  it("of a slot that can never be read again come with a new snapshot, too", async () => {
    silence();
    const { outs } = await provider().create(wanted());
    topics.arrive("shop.public.links", 3);
    const trace =
      'Caused by: org.postgresql.util.PSQLException: ERROR: publication "cdc" does not exist\n\tat a.b';
    connect.onWrite = (connector) => {
      connector.status = statusOf(NAME, "RUNNING", { state: "FAILED", trace });
    };
    connect.onRestart = connect.onWrite;
    const { outs: after } = await provider().update(NAME, outs, {
      ...wanted(),
      config: { ...wanted().config, "poll.interval.ms": "50" },
    });
    expect(after?.state).toBe("RUNNING");
    expect(dropped).toEqual(["cdc"]);
    expect(topics.steps()).toEqual(["begin public.links", "end public.links"]);
  });

  it("cannot be told when the database does not answer, which is said and changes nothing", async () => {
    const said = silence();
    const { outs } = await provider().create(wanted());
    captured.readSource = async () => Promise.reject(new DatabaseUnreachable("no answer"));
    expect((await provider().diff(NAME, outs, wanted())).changes).toBe(false);
    const { props } = await provider().read(NAME, outs);
    expect(props).toEqual(outs);
    await provider().update(NAME, outs, wanted());
    expect(said.mock.calls.flat().join()).toContain("could not look at the source: no answer");
  });
});

describe("deleting a connector", () => {
  it("drops its replication slot and publication", async () => {
    const { outs } = await provider().create(inputs());
    await provider().delete(NAME, outs);

    expect(dropped).toEqual([{ slot: "cdc", publication: "cdc" }]);
  });

  it("drops them also when Connect is gone", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const { outs } = await provider().create({ ...inputs(), deletedAlong: ["connect"] });
    await connect.stop();
    await provider().delete(NAME, outs);

    expect(dropped).toHaveLength(1);
    expect(said.mock.calls.flat().join()).toContain(`curl -X DELETE ${connect.url}${PATH}`);
  });

  it("leaves them when told so", async () => {
    const { outs } = await provider().create({ ...inputs(), dropOnDelete: false });
    await provider().delete(NAME, outs);

    expect(dropped).toEqual([]);
  });

  it("fails with the SQL to run when the database refuses, for the slot would fill its disk", async () => {
    const { outs } = await provider().create(inputs());
    captured.dropReplication = async () => Promise.reject(new DatabaseRefuses("permission denied"));

    await expect(provider().delete(NAME, outs)).rejects.toThrow(
      /permission denied.*pg_drop_replication_slot.*DROP PUBLICATION/s,
    );
  });
});
