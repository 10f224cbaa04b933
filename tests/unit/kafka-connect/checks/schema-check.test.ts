import * as fs from "node:fs";
import { describe, expect, it } from "vitest";
import connectorFile from "../../../../connector-configs/debezium-postgres-connector.json";
import versions from "../../../../images/versions.json";
import { checkAgainstSchema } from "../../../../providers/kafka-connect/checks/schema-check";
import { normaliseConfig } from "../../../../providers/kafka-connect/debezium/config";
import {
  type ConnectorSchema,
  localSchema,
} from "../../../../providers/kafka-connect/debezium/connector-schema";
import { DEBEZIUM_POSTGRES } from "../../../../providers/kafka-connect/debezium/postgres";
import { UNKNOWN } from "../../../../providers/unknown";

const schema = localSchema(DEBEZIUM_POSTGRES) as ConnectorSchema;
const right = normaliseConfig(connectorFile.config);

function findings(changes: Record<string, string>): string[] {
  return checkAgainstSchema({ ...right, ...changes }, schema).map(
    ({ property, text }) => `${property}: ${text}`,
  );
}

describe("the schema kept here", () => {
  it("is of the version that the image has: else run `npm run connector-schema`", () => {
    expect(schema.version).toBe(versions.DEBEZIUM_VERSION);
    expect(fs.readFileSync("components/debezium-postgres-config.ts", "utf8")).toContain(
      versions.DEBEZIUM_VERSION,
    );
  });

  it("goes by every name that Connect takes for the class", () => {
    expect(localSchema("PostgresConnector")).toBe(schema);
    expect(localSchema("Postgres")).toBe(schema);
    expect(localSchema("org.apache.kafka.connect.file.FileStreamSourceConnector")).toBeUndefined();
  });
});

describe("a config that no worker can check yet", () => {
  it("is fine as it is in the repository", () => {
    expect(findings({})).toEqual([]);
  });

  it.each([
    ["max.batch.size", "many", 'must be a whole number, found "many"'],
    ["max.batch.size", "0", 'must be at least 1, found "0"'],
    ["max.batch.size", "2147483648", 'must be a number of type INT, found "2147483648"'],
    ["heartbeat.interval.ms", "1.5", 'must be a whole number, found "1.5"'],
    ["tombstones.on.delete", "yes", 'must be true or false, found "yes"'],
    ["snapshot.mode", "initail", 'found "initail": did you mean "initial"?'],
    ["topic.prefix", " ", "is missing: the connector needs a value"],
  ])("has an error at %s = %s", (key, value, text) => {
    const [finding, ...more] = findings({ [key]: value });
    expect(more).toEqual([]);
    expect(finding).toMatch(`config["${key}"]: `);
    expect(finding).toContain(text);
  });

  it("is not judged where a value is a reference, not known yet, or of another case", () => {
    expect(
      findings({
        "max.batch.size": UNKNOWN,
        "snapshot.mode": "INITIAL",
        "database.port": `\${file:/a:port}`,
      }),
    ).toEqual([]);
  });
});
