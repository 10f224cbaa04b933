import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { validate } from "../../../../providers/kafka-connect/checks/validation";
import {
  type CapturedDatabase,
  DatabaseRefuses,
  DatabaseUnreachable,
  postgresql,
} from "../../../../providers/kafka-connect/database/replication";
import type { ConnectorInputs } from "../../../../providers/kafka-connect/inputs";
import { UNKNOWN } from "../../../../providers/unknown";
import { ConnectServer } from "../connect-server";
import { columnOf, factsOf, tableOf } from "../database-facts";
import { fastPacing } from "../fast-pacing";

let connect: ConnectServer;
let captured: CapturedDatabase;
let inspected: number;

beforeEach(async () => {
  connect = await new ConnectServer().start();
  for (const key of ["name", "connector.class", "file", "batch.size", "max.batch.size"])
    connect.validation[key] = [];
  for (const key of Object.keys(config)) connect.validation[key] = [];
  inspected = 0;
  captured = {
    ...postgresql,
    dropReplication: async () => {},
    missingTables: async () => [],
    readSlot: async () => ({ exists: false, reader: undefined }),
    inspect: async () => {
      inspected += 1;
      return factsOf();
    },
  };
});
afterEach(() => connect.stop());

const config = {
  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
  "database.hostname": "postgresql",
  "database.user": "reader",
  "database.dbname": "shop",
  "topic.prefix": "a",
  "plugin.name": "pgoutput",
  "table.include.list": "public.links",
};
const database = { host: "localhost", port: 5432, user: "admin", password: "hunter2", database: "shop" };

function verdict(changes: Partial<ConnectorInputs> = {}, olds: Partial<ConnectorInputs> = {}) {
  const inputs = { connectUrl: connect.url, name: "a", config, database, ...changes };
  return validate(olds, inputs, fastPacing, captured);
}

async function findings(
  changes: Partial<ConnectorInputs> = {},
  olds: Partial<ConnectorInputs> = {},
): Promise<string[]> {
  const found = (await verdict(changes, olds)).findings;
  return found.map(({ severity, property, text }) => `${severity} ${property} ${text}`);
}

const LOGIN =
  'Error while validating connector config: FATAL: password authentication failed for user "reader"';
const DOWN = "Error while validating connector config: The connection attempt failed.";

describe("validation", () => {
  it("finds nothing in what is right", async () => {
    expect(await findings()).toEqual([]);
    expect(inspected).toBe(1);
  });

  it("takes the worker's word, once a key, and knows the keys that the worker lists", async () => {
    connect.validation["max.batch.size"] = ["An integer is expected", "A positive value is expected"];
    expect(await findings({ config: { ...config, "max.batch.size": "x", "batch.siz": "1" } })).toEqual([
      'error config["max.batch.size"] An integer is expected',
      'error config["batch.siz"] is not a key of this connector: did you mean "batch.size"?',
    ]);
  });

  it("has what the worker finds in the database be final, unless it was only not reached", async () => {
    connect.validation["database.hostname"] = [LOGIN];
    expect((await findings())[0]).toMatch(/^error config\["database\.password"\]/);
    connect.validation["database.hostname"] = [DOWN];
    expect((await findings())[0]).toMatch(/^warning config\["database\.hostname"\]/);
  });

  it("does not hold against a config what this deployment may be about to put right in the database", async () => {
    connect.validation["database.hostname"] = [LOGIN];
    const pending = { ...database, host: UNKNOWN };
    expect((await findings({ database: pending }))[0]).toMatch(/^warning/);
    expect((await findings({ database: undefined }))[0]).toMatch(/^warning/);
    expect(inspected).toBe(0);
  });

  it("says nothing about values that are not known yet", async () => {
    connect.validation["max.batch.size"] = ["A value is required"];
    connect.validation["database.hostname"] = [LOGIN];
    const unknown = { ...config, "max.batch.size": UNKNOWN, "database.user": UNKNOWN };
    expect(await findings({ config: unknown })).toEqual([]);
    expect(await findings({ config: UNKNOWN as never })).toEqual([]);
    expect(await findings({ config: { ...config, "connector.class": UNKNOWN, "slot.nam": "x" } })).toEqual(
      [],
    );
  });

  it.each([
    ["is not there yet", () => Promise.resolve(UNKNOWN)],
    ["cannot be reached", () => connect.stop().then(() => connect.url)],
    [
      "never answers",
      async () => {
        connect.interrupt(/validate/, { silence: "before" });
        return connect.url;
      },
    ],
    [
      "is busy",
      async () => {
        connect.interrupt(/validate/, { status: 503 });
        return connect.url;
      },
    ],
  ])("goes by the schema kept here where the worker %s", async (_what, url) => {
    const started = Date.now();
    const found = await findings({ connectUrl: await url(), config: { ...config, "slot.nam": "x" } });
    expect(found).toEqual([
      'error config["slot.nam"] is not a key of this connector: did you mean "slot.name"?',
    ]);
    expect(Date.now() - started, "a preview must not hang").toBeLessThan(10_000);
  });

  it("has nothing against a class that it does not know, where there is no worker", async () => {
    const other = { "connector.class": "x.Y", anything: "goes" };
    expect(await findings({ connectUrl: UNKNOWN, config: other })).toEqual([]);
  });

  it("names a file that the worker cannot read at the key that refers to it", async () => {
    const message =
      "org.apache.kafka.common.config.ConfigException: Could not read properties from file /s/p";
    connect.interrupt(/validate/, { status: 500, body: { error_code: 500, message } });
    const found = await findings({ config: { ...config, "database.password": `\${file:/s/p:password}` } });
    expect(found).toEqual([
      'error config["database.password"] refers to /s/p, which the Connect worker cannot read',
    ]);
  });

  it("is silent about a database that is not reached, and passes on what one that refuses says", async () => {
    captured.inspect = async () => Promise.reject(new DatabaseUnreachable("down"));
    expect(await findings()).toEqual([]);
    captured.inspect = async () => Promise.reject(new DatabaseRefuses("no entry"));
    expect(await findings()).toEqual(["error database no entry"]);
  });

  it("gives a slot's reader a moment to go before it counts as another's, and knows its own", async () => {
    const slot = { database: "shop", plugin: "pgoutput", reader: "Debezium Streaming" };
    captured.inspect = async () => {
      inspected += 1;
      return factsOf({ slot: inspected % 2 === 1 ? slot : { ...slot, reader: undefined } });
    };
    expect(await findings()).toEqual([]);
    expect(inspected).toBe(2);
    captured.inspect = async () => factsOf({ slot });
    expect((await findings())[0]).toMatch(/in use by Debezium Streaming/);
    expect(await findings({}, { config })).toEqual([]);
  });

  it("looks at the database that is there also while SQL is about to change it, and only warns then", async () => {
    captured.inspect = async () => factsOf({ tables: [] });
    expect((await findings())[0]).toMatch(/^error config\["table\.include\.list"\] names public\.links, but/);
    const [soft] = await findings({ checks: { after: UNKNOWN } });
    expect(soft).toMatch(
      /^warning .* names public\.links, but .*\. So it is now: SQL that may change it runs/,
    );
    connect.validation["database.hostname"] = [LOGIN];
    expect((await findings({ checks: { after: UNKNOWN } }))[0]).toMatch(/^warning config/);
    captured.inspect = async () => Promise.reject(new DatabaseRefuses("no entry"));
    expect((await findings({ checks: { after: UNKNOWN } }))[1]).toMatch(/^warning database no entry/);
  });

  it("takes the tables of a list that changed for what they are, whatever was listed before", async () => {
    const olds = { config: { ...config, "table.include.list": "public.other" } };
    captured.inspect = async () => factsOf({ tables: [tableOf({ kind: "view" })] });
    expect((await findings({}, olds))[0]).toMatch(/^error .*public\.links, which is a view/);
  });

  it("leaves generated columns out of the config, and keeps them out while the database cannot be asked", async () => {
    const total = columnOf("total", "numeric", { isGenerated: true });
    captured.inspect = async () => factsOf({ tables: [tableOf({ columns: [...tableOf().columns, total] })] });
    const pattern = "(?-i)public\\.links\\.total";
    const { config: first, findings: said } = await verdict();
    expect(first["column.exclude.list"]).toBe(pattern);
    expect(said.map(({ text }) => text).join()).toMatch(
      /is given public\.links\.total, generated: PostgreSQL does not/,
    );
    const { config: beside } = await verdict({ config: { ...config, "column.exclude.list": "a.b.c" } });
    expect(beside["column.exclude.list"]).toBe(`a.b.c,${pattern}`);
    const own = { ...config, "column.exclude.list": "public.links.tot.*" };
    expect((await verdict({ config: own })).config).toEqual(own);

    captured.inspect = async () => Promise.reject(new DatabaseUnreachable("down"));
    expect((await verdict({}, { config: first })).config).toEqual(first);
    expect((await verdict({}, { config: own })).config).toEqual(config);
    const elsewhere = { ...config, "table.include.list": "public.others" };
    expect((await verdict({ config: elsewhere }, { config: first })).config).toEqual(elsewhere);
  });
});
