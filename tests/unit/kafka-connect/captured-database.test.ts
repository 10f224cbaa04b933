import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DatabaseFacts } from "../../../providers/kafka-connect/database-facts";
import type { ConnectorNotRunning } from "../../../providers/kafka-connect/deploy";
import type { ConnectorInputs } from "../../../providers/kafka-connect/inputs";
import { createProvider } from "../../../providers/kafka-connect/provider";
import {
  type CapturedDatabase,
  DatabaseRefuses,
  DatabaseUnreachable,
  type Slot,
} from "../../../providers/kafka-connect/replication";
import { ConnectServer } from "./connect-server";
import { factsOf } from "./database-facts";
import { fastPacing } from "./fast-pacing";

const NAME = "debezium-postgres-connector";
const PATH = `/connectors/${NAME}`;

let connect: ConnectServer;
let slot: Slot;
let captured: CapturedDatabase;
let dropped: unknown[];
let published: string[];
let signals: { requested: string[]; removed: string[]; chunks: number; tidied: string[] };
let facts: DatabaseFacts;

beforeEach(async () => {
  connect = await new ConnectServer().start();
  slot = { exists: true, reader: 41 };
  dropped = [];
  published = ["public.links", "public.signals"];
  signals = { requested: [], removed: [], chunks: 0, tidied: [] };
  facts = factsOf();
  captured = {
    ensureSignalTable: async () => true,
    publishedTables: async () => published,
    requestSnapshot: async (_access, _signals, table, again) => {
      signals.requested.push(again ? `${table} again` : table);
      return { position: 100, wasRemoved: signals.removed.includes(table) };
    },
    countChunks: async () => signals.chunks,
    tidyUp: async (_access, _signals, table) => void signals.tidied.push(table),
    noteRemoval: async (_access, _signals, tables) => void signals.removed.push(...tables),
    dropReplication: async (_access, replication) => void dropped.push(replication),
    missingTables: async (_access, tables) => tables.filter((table) => table.endsWith("nope")),
    readSlot: async () => slot,
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
      "table.include.list": "public.links",
      ...config,
    },
    database: { host: "localhost", port: 5432, user: "reader", password: "hunter2", database: "shop" },
    dropOnDelete: true,
    timeoutSeconds: 10,
  };
}

const provider = () => createProvider(fastPacing, captured);

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
    const patient = createProvider({ ...fastPacing, settleUnread: 60_000 }, captured);
    const { outs: changed } = await patient.update(NAME, outs, inputs({ "poll.interval.ms": "50" }));

    expect(changed.state).toBe("RUNNING");
    expect(looks).toBeGreaterThanOrEqual(4);
  });
});

describe("a table that is added to a connector", () => {
  const SIGNALS = { "signal.data.collection": "public.signals" };
  const list = (...tables: string[]) => inputs({ ...SIGNALS, "table.include.list": tables.join(",") });
  const silence = () => vi.spyOn(console, "error").mockImplementation(() => {});
  const collections = (...tables: string[]) =>
    JSON.stringify(tables.map((table) => ({ incremental_snapshot_collections_id: table })));

  beforeEach(() => {
    published = ["public.links", "public.orders", "public.signals"];
    connect.offset = { lsn: 200 };
  });

  it("has its earlier rows sent, and only it; what the first snapshot had is not asked for", async () => {
    slot = { exists: false, reader: undefined };
    captured.readSlot = async () =>
      connect.count(`PUT ${PATH}/resume`) > 0 ? { exists: true, reader: 41 } : slot;
    const { outs } = await provider().create(list("public.links"));
    expect(outs.capturedTables).toEqual(["public.links"]);
    expect(signals.requested).toEqual([]);

    const said = silence();
    captured.readSlot = async () => ({ exists: true, reader: Date.now() });
    const { outs: after } = await provider().update(NAME, outs, list("public.links", "public.orders"));
    expect(signals.requested).toEqual(["public.orders again"]);
    expect(signals.tidied).toEqual(["public.orders"]);
    expect(after?.capturedTables).toEqual(["public.links", "public.orders"]);
    expect(said.mock.calls.flat().join()).toContain("public.orders: all earlier rows sent");
    expect((await provider().diff(NAME, after, list("public.links", "public.orders"))).changes).toBe(false);
  });

  it("is waited for while its rows are under way, and the progress is told", async () => {
    const said = silence();
    const { outs } = await provider().create(list("public.links"));
    signals.chunks = 3;
    const half = {
      incremental_snapshot_collections: collections("public.orders"),
      incremental_snapshot_total_rows: "5000",
    };
    connect.offset = { lsn: 200, ...half };
    setTimeout(() => {
      connect.offset = { lsn: 300, incremental_snapshot_collections: "[]" };
    }, 400);
    await provider().update(NAME, outs, list("public.links", "public.orders"));

    const text = said.mock.calls.flat().join("\n");
    expect(text).toContain("public.orders: about 3,072 of 5,000 earlier rows sent");
    expect(text).toMatch(/all earlier rows sent \(in 3 chunks\)$/);
  });

  it("is left to itself at the deadline, which is no failure", async () => {
    const said = silence();
    const { outs } = await provider().create(list("public.links"));
    connect.offset = { lsn: 200, incremental_snapshot_collections: collections("public.orders") };
    const wanted = { ...list("public.links", "public.orders"), timeoutSeconds: 0.5 };
    const { outs: after } = await provider().update(NAME, outs, wanted);

    expect(after?.capturedTables).toContain("public.orders");
    expect(said.mock.calls.flat().join()).toContain("the snapshot goes on by itself");
  });

  it("is tried again when its snapshot could not be asked for", async () => {
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
    expect(signals.requested).toEqual(["public.orders"]);
  });

  it("counts as added again after it was taken off by hand", async () => {
    silence();
    const wanted = list("public.links", "public.orders");
    const { outs } = await provider().create(wanted);
    const edited = connect.connectors.get(NAME);
    if (edited) edited.config = { ...edited.config, "table.include.list": "public.links" };
    const { props } = await provider().read(NAME, outs);
    expect(props?.capturedTables).toEqual(["public.links"]);

    await provider().update(NAME, props, wanted);
    expect(signals.requested).toEqual(["public.orders again"]);
  });

  it("comes with a word about deletes when it had been captured before", async () => {
    const said = silence();
    const both = list("public.links", "public.orders");
    const { outs } = await provider().create(both);
    const { outs: without } = await provider().update(NAME, outs, list("public.links"));
    expect(signals.removed).toEqual(["public.orders"]);
    await provider().update(NAME, without, both);

    expect(said.mock.calls.flat().join()).toContain("rows deleted meanwhile have no");
  });

  it("keeps its earlier rows to itself when the connector is one that takes no snapshot", async () => {
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
