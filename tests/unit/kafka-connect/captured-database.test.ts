import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DatabaseFacts } from "../../../providers/kafka-connect/database-facts";
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
let facts: DatabaseFacts;

beforeEach(async () => {
  connect = await new ConnectServer().start();
  slot = { exists: true, reader: 41 };
  dropped = [];
  facts = factsOf();
  captured = {
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

describe("deleting a connector", () => {
  it("drops its replication slot and publication", async () => {
    const { outs } = await provider().create(inputs());
    await provider().delete(NAME, outs);

    expect(dropped).toEqual([{ slot: "cdc", publication: "cdc" }]);
  });

  it("drops them also when Connect is gone", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const { outs } = await provider().create(inputs());
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
