import { describe, expect, it } from "vitest";
import { checkInputs } from "../../../providers/kafka-connect/inputs";
import { UNKNOWN } from "../../../providers/unknown";

const good = {
  connectUrl: "http://localhost:8083",
  name: "a",
  config: {
    "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
    "tasks.max": 1,
    flag: true,
  },
};
const database = {
  host: "localhost",
  port: 5432,
  user: "postgres",
  password: "postgres",
  database: "postgres",
};

describe("the connector's inputs", () => {
  it("come back with values as strings and defaults filled in", () => {
    const { inputs, failures } = checkInputs(good);

    expect(failures).toEqual([]);
    expect(inputs).toEqual({
      ...good,
      config: { ...good.config, "tasks.max": "1", flag: "true" },
      desiredState: "running",
      dropOnDelete: true,
      timeoutSeconds: 120,
    });
  });

  it("keep what is not theirs to judge, such as the serialized provider", () => {
    expect(checkInputs({ ...good, __provider: "text" }).inputs.__provider).toBe("text");
  });

  it.each([
    ["connectUrl", { ...good, connectUrl: "localhost:8083" }],
    ["name", { ...good, name: " " }],
    ["config", { ...good, config: "x" }],
    ['config["connector.class"]', { ...good, config: {} }],
    ['config["tasks.max"]', { ...good, config: { ...good.config, "tasks.max": "many" } }],
    ['config["tasks.max"]', { ...good, config: { ...good.config, "tasks.max": "0" } }],
    ['config["a.list"]', { ...good, config: { ...good.config, "a.list": ["a"] } }],
    ['config["name"]', { ...good, config: { ...good.config, name: "b" } }],
    ["database.port", { ...good, database: { ...database, port: 70_000 } }],
    ["database.host", { ...good, database: { ...database, host: undefined } }],
    ["deletedAlong", { ...good, deletedAlong: "database" }],
    ["desiredState", { ...good, desiredState: "asleep" }],
    ["offsets.reset", { ...good, offsets: { reset: "" } }],
    ["offsets.set", { ...good, offsets: { set: [], trigger: "a" } }],
    ["offsets", { ...good, offsets: { since: "a" } }],
    ["timeoutSeconds", { ...good, timeoutSeconds: 0 }],
  ])("fail at %s by name", (property, inputs) => {
    expect(checkInputs(inputs).failures.map((failure) => failure.property)).toEqual([property]);
  });

  it.each([
    ["the URL", { ...good, connectUrl: UNKNOWN }],
    ["the whole config", { ...good, config: UNKNOWN }],
    ["a value of it", { ...good, config: { ...good.config, "tasks.max": UNKNOWN } }],
    ["the connector's class", { ...good, config: { "connector.class": UNKNOWN } }],
    ["the database's port", { ...good, database: { ...database, port: UNKNOWN } }],
    ["the state wanted", { ...good, desiredState: UNKNOWN }],
    ["the offsets", { ...good, offsets: { reset: UNKNOWN } }],
    ["the database", { ...good, database: UNKNOWN, dropOnDelete: true }],
  ])("pass in a preview that does not know %s yet", (_what, inputs) => {
    expect(checkInputs(inputs).failures).toEqual([]);
  });

  it("never repeat a password in a failure", () => {
    const { failures } = checkInputs({ ...good, database: { ...database, password: 5, port: "hunter2" } });
    expect(failures.map((failure) => failure.property)).toEqual(["database.port", "database.password"]);
    expect(JSON.stringify(failures)).not.toContain("hunter2");
  });
});
