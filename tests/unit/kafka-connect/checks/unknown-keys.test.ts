import { describe, expect, it } from "vitest";
import { unknownKeys } from "../../../../providers/kafka-connect/checks/unknown-keys";
import { localSchema } from "../../../../providers/kafka-connect/debezium/connector-schema";
import { DEBEZIUM_POSTGRES } from "../../../../providers/kafka-connect/debezium/postgres";

const debezium = new Set(Object.keys(localSchema(DEBEZIUM_POSTGRES)?.keys ?? {}));
const file = new Set(["connector.class", "name", "file", "topic", "batch.size", "tasks.max", "transforms"]);

function ofDebezium(config: Record<string, string>, hasSubKeys = true): string[] {
  const whole = { "connector.class": DEBEZIUM_POSTGRES, ...config };
  return unknownKeys(whole, debezium, hasSubKeys).map(
    ({ severity, property, text }) => `${severity} ${property}: ${text}`,
  );
}

describe("keys that nobody reads", () => {
  it.each([
    ["slot.nam", "slot.name"],
    ["snapshotmode", "snapshot.mode"],
    ["table.whitelist", "table.include.list"],
    ["topic.heartbeat.prefx", "topic.heartbeat.prefix"],
    ["database.hostnam", "database.hostname"],
  ])("of Debezium are errors: %s", (key, meant) => {
    const [finding, ...more] = ofDebezium({ [key]: "x" });
    expect(more).toEqual([]);
    expect(finding).toContain(`error config["${key}"]: is not a key of this connector`);
    if (key !== "table.whitelist") expect(finding).toContain(`did you mean "${meant}"?`);
  });

  it("are errors under a name that is not declared", () => {
    expect(
      ofDebezium({
        transforms: "a",
        "transforms.b.type": "x",
        "predicates.p.type": "y",
        "topic.creation.g.partitions": "1",
      }),
    ).toEqual([
      'error config["transforms.b.type"]: is of no use: "transforms" does not contain b',
      'error config["predicates.p.type"]: is of no use: "predicates" does not contain p',
      'error config["topic.creation.g.partitions"]: is of no use: "topic.creation.groups" does not contain g',
    ]);
  });

  it("are errors or, where the connector may read them all the same, warnings for another class", () => {
    const config = { "connector.class": "x.FileStreamSource", "bath.size": "1", "quite.another": "x" };
    expect(
      unknownKeys(config, file, true).map(({ severity, property }) => `${severity} ${property}`),
    ).toEqual(['error config["bath.size"]', 'warning config["quite.another"]']);
  });

  it("are not suspected to mean what is set already", () => {
    const config = { "connector.class": "x.Source", topic: "a", topics: "b" };
    expect(unknownKeys(config, file, true).map(({ severity }) => severity)).toEqual(["warning"]);
  });
});

describe("keys that are in no list", () => {
  it("but that Debezium reads, hands on, or has the user name, are none of that", () => {
    expect(
      ofDebezium({
        "driver.loginTimeout": "5",
        "database.ApplicationName": "x",
        "internal.anything": "x",
        "read.only": "true",
        "signal.kafka.topic": "x",
        "signal.consumer.group.id": "x",
        converters: "iso, other",
        "iso.type": "x",
        "other.format": "y",
        "post.processors": "reselect",
        "reselect.type": "x",
        "column.mask.hash.SHA-256.with.salt.abc": "x",
        "column.mask.with.5.chars": "x",
        "snapshot.select.statement.overrides.public.links": "x",
        "topic.creation.groups": "big",
        "topic.creation.big.partitions": "9",
        "topic.creation.default.cleanup.policy": "compact",
        "key.converter.schema.registry.url": "x",
        "producer.override.some.interceptor": "x",
      }),
    ).toEqual([]);
  });

  it("of a transformation draw a warning: it may take names of the user's", () => {
    expect(ofDebezium({ transforms: "a", "transforms.a.free.form": "x" })).toEqual([
      'warning config["transforms.a.free.form"]: is not among the keys that are listed for it: unless it is read all the same, it has no effect',
    ]);
  });

  it("and handed on are left alone where their lists are not known", () => {
    expect(
      ofDebezium({ "key.converter.converter.typ": "x", "producer.override.linger.mss": "5" }, false),
    ).toEqual([]);
  });
});
