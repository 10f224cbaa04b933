import { describe, expect, it } from "vitest";
import { compareConfigs } from "../../../../providers/kafka-connect/debezium/config";
import { differenceOf, otherCluster } from "../../../../providers/kafka-connect/deployment/difference";
import type { ConnectorOutputs } from "../../../../providers/kafka-connect/inputs";
import { UNKNOWN } from "../../../../providers/unknown";

const wanted = {
  connectUrl: "http://localhost:8083",
  name: "debezium-postgres-connector",
  config: {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "plugin.name": "pgoutput",
    "database.dbname": "postgres",
    "database.password": `\${file:/kafka/secrets/postgresql.properties:password}`,
    "slot.name": "cdc",
    "publication.name": "cdc",
  },
  database: { host: "localhost", port: 5432, user: "postgres", password: "postgres", database: "postgres" },
  dropOnDelete: true,
  timeoutSeconds: 120,
};
const there: ConnectorOutputs = {
  ...wanted,
  state: "RUNNING",
  tasks: [{ id: 0, state: "RUNNING", workerId: "kafka-connect:8083" }],
  type: "source",
};

describe("the difference between the connector there and the one wanted", () => {
  it("is none for what Connect adds by itself, and for numbers that it keeps as text", () => {
    const live = { ...there.config, name: wanted.name, "tasks.max": "1" };
    const config = { ...wanted.config, "tasks.max": 1 as unknown as string };
    expect(differenceOf({ ...there, config: live }, { ...wanted, config }).changes).toBe(false);
  });

  it("is an update in place for a config value, the URL, the database's address or the clean-up", () => {
    for (const change of [
      { config: { ...wanted.config, "poll.interval.ms": "50" } },
      { config: { ...wanted.config, "database.hostname": "elsewhere" } },
      { connectUrl: "http://localhost:18083" },
      { database: { ...wanted.database, port: 15432 } },
      { dropOnDelete: false },
    ]) {
      expect(differenceOf(there, { ...wanted, ...change })).toMatchObject({ changes: true, replaces: [] });
    }
  });

  it("is a replacement, old one first, for another name", () => {
    expect(differenceOf(there, { ...wanted, name: "b" })).toMatchObject({
      changes: true,
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
  });

  it("is a replacement for another slot, publication or database, between which changes would be lost", () => {
    for (const key of ["slot.name", "publication.name", "database.dbname"]) {
      const config = { ...wanted.config, [key]: "other" };
      expect(differenceOf(there, { ...wanted, config }).replaces).toEqual(["config"]);
    }
  });

  it("is a replacement, with a warning, when the worker's Kafka is another one", () => {
    const kraft = { ...wanted, kafkaMetadata: "kraft" };
    expect(differenceOf(there, kraft)).toMatchObject({ changes: true, replaces: ["kafkaMetadata"] });
    expect(otherCluster(there, kraft)).toMatch(/from zookeeper to kraft.*does not move/);
    expect(otherCluster({ ...there, kafkaMetadata: "kraft" }, wanted)).toMatch(/from kraft to zookeeper/);
  });

  it("is none for a connector from before Kafka could be of two kinds", () => {
    const zookeeper = { ...wanted, kafkaMetadata: "zookeeper" };
    expect(differenceOf(there, zookeeper)).toMatchObject({ changes: false, replaces: [] });
    expect(otherCluster(there, zookeeper)).toBeUndefined();
  });

  it("is an update for a connector that was not running", () => {
    expect(differenceOf({ ...there, state: "FAILED" }, wanted)).toMatchObject({
      changes: true,
      replaces: [],
    });
  });

  it("is an update, never a replacement, for what a preview does not know yet", () => {
    expect(differenceOf(there, { ...wanted, name: UNKNOWN })).toMatchObject({ changes: true, replaces: [] });
    expect(differenceOf(there, { ...wanted, config: UNKNOWN as never })).toMatchObject({
      changes: true,
      replaces: [],
    });
    const config = { ...wanted.config, "slot.name": UNKNOWN };
    expect(differenceOf(there, { ...wanted, config })).toMatchObject({ changes: true, replaces: [] });
  });
});

describe("the comparison of configs", () => {
  it("names changed, missing and foreign keys", () => {
    expect(compareConfigs({ a: "1", b: "2", x: "9", name: "n" }, { a: "1", b: "3", c: 4 })).toEqual({
      changed: ["b"],
      missing: ["c"],
      foreign: ["x"],
    });
  });
});
