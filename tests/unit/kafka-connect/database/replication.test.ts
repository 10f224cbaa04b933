import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dropPublication, sqlByHand } from "../../../../providers/kafka-connect/database/replication-sql";
import { sameConfig, tasksHaveConfig } from "../../../../providers/kafka-connect/debezium/config";
import {
  adviceFor,
  DEBEZIUM_POSTGRES,
  isBeyondRepair,
  literalTables,
  replicationOf,
  withExactTables,
} from "../../../../providers/kafka-connect/debezium/postgres";

const base = { "connector.class": DEBEZIUM_POSTGRES, "plugin.name": "pgoutput" };

describe("what a connector leaves in its database", () => {
  it("is the slot and the publication that its config names, or Debezium's defaults", () => {
    expect(replicationOf({ ...base, "slot.name": "s", "publication.name": "p" })).toEqual({
      slot: "s",
      publication: "p",
    });
    expect(replicationOf(base)).toEqual({ slot: "debezium", publication: "dbz_publication" });
  });

  it("is no publication when someone else made it, or the plugin uses none", () => {
    expect(replicationOf({ ...base, "publication.autocreate.mode": "disabled" })).toEqual({
      slot: "debezium",
    });
    expect(replicationOf({ ...base, "plugin.name": "decoderbufs" })).toEqual({ slot: "debezium" });
  });

  it("is nothing for any other connector", () => {
    expect(
      replicationOf({ "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector" }),
    ).toBeUndefined();
  });

  it("is removed by SQL in which names are quoted", () => {
    expect(dropPublication('odd"name')).toBe('DROP PUBLICATION IF EXISTS "odd""name"');
    expect(sqlByHand({ slot: "cdc", publication: "Cdc" })).toBe(
      "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'cdc'; " +
        'DROP PUBLICATION IF EXISTS "Cdc";',
    );
    expect(sqlByHand({ slot: "cdc", signalTable: { schema: "public", table: "Signal" } })).toContain(
      'DROP TABLE IF EXISTS "public"."Signal";',
    );
  });

  it("is also the table that it takes signals from, if it takes them from one", () => {
    const signalling = { ...base, "signal.data.collection": "public.signal" };
    expect(replicationOf(signalling)?.signalTable).toEqual({ schema: "public", table: "signal" });
    expect(replicationOf({ ...signalling, "signal.enabled.channels": "kafka" })?.signalTable).toBeUndefined();
  });
});

describe("the list of captured tables", () => {
  it("is checked where it names tables, and left to Debezium where it is a pattern", () => {
    const list = "public.links, public\\.customers1,sales.*,public.(a|b),inventory.order_2024";
    expect(literalTables({ "table.include.list": list })).toEqual([
      "public.links",
      "public.customers1",
      "inventory.order_2024",
    ]);
    expect(literalTables({})).toEqual([]);
  });

  it("is written so that a listed table is the only one that it matches, and read back as it was declared", () => {
    const config = { ...base, "table.include.list": "rw.items, rw\\.price$list,rw.it.*" };
    const written = withExactTables(config);
    expect(written["table.include.list"]).toBe("(?-i)rw\\.items,(?-i)rw\\.price\\$list,rw.it.*");
    expect(literalTables(written)).toEqual(["rw.items", "rw.price$list"]);
    expect(sameConfig(written, config)).toBe(true);
    expect(sameConfig(written, { ...config, "table.include.list": "rw.items" })).toBe(false);
    expect(tasksHaveConfig([written], config)).toBe(true);
    const other = { "connector.class": "x.Y", "table.include.list": "a.b" };
    expect(withExactTables(other)).toBe(other);
  });
});

describe("the advice about a failure", () => {
  const config = { "table.include.list": "public.orders,public.orders_2024,public.links" };

  it("names the one table that its trace is about, by its own name or that of its messages' schema", () => {
    for (const trace of [
      'Caused by: DataException: Invalid value for schema "dbserver2.public.orders.Value"',
      'ERROR: permission denied for "public"."orders"',
      "Failed to read table public.orders: out of range",
    ]) {
      expect(adviceFor([trace], config)).toEqual([
        'It is about table public.orders. To let the other tables go on, take public.orders off "table.include.list" and run `npm run up`',
      ]);
    }
  });

  it("names it whatever characters its name has", () => {
    const odd = { "table.include.list": "public.orders,public.Orders \\(old" };
    expect(adviceFor(["cannot read public.Orders (old: out of range"], odd)[0]).toMatch(
      /^It is about table public\.Orders \(old\. /,
    );
  });

  it("names none when it is about several, or none", () => {
    expect(adviceFor(["public.orders and public.links"], config)).toEqual([]);
    expect(adviceFor(["Connection refused"], config)).toEqual([]);
  });

  it("is a new snapshot where the slot can never be read again", () => {
    for (const reason of [
      "The connector is trying to read change stream starting at …, but this is no longer available on the server.",
      'ERROR: can no longer get changes from replication slot "cdc"',
      'ERROR: publication "cdc" does not exist',
    ]) {
      expect(isBeyondRepair([reason])).toBe(true);
      expect(adviceFor([reason], config)[0]).toContain('cdc:connectorOffsets: {reset: "1"}');
    }
  });
});

describe("the seed's connector config", () => {
  const { name, config } = JSON.parse(
    readFileSync("connector-configs/debezium-postgres-connector.json", "utf8"),
  );

  it("can be POSTed as it is: a name, and a config of strings with the password as a placeholder", () => {
    expect(name).toBe("debezium-postgres-connector");
    expect(Object.values(config).every((value) => typeof value === "string")).toBe(true);
    expect(config["database.password"]).toBe(`\${file:/kafka/secrets/postgresql.properties:password}`);
  });

  it("captures the seed's two tables under the seed's topic prefix", () => {
    expect(literalTables(config)).toEqual(["public.links", "public.customers1"]);
    expect(config["topic.prefix"]).toBe("dbserver2");
  });
});
