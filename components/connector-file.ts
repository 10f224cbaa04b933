/** Reads a connector's JSON file and derives from it what the rest of the topology needs to know. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  entriesOf,
  lakePath,
  listEntry,
  listedTable,
  sharing,
  tableName,
  topicOf,
} from "../providers/kafka-connect/table-names";

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const fileShape = z.object({ name: z.string().min(1), config: z.record(z.string(), scalar) });

export interface ConnectorFile {
  /** Name of the connector in Kafka Connect. */
  name: string;
  /** Its properties, all as text, as Connect keeps them. */
  config: Record<string, string>;
  /** Captured tables, `schema.table`. */
  tables: string[];
  /** One topic a captured table, in their order: `<topic.prefix>.<schema>.<table>`. */
  topics: string[];
  /** Where each lies below a folder of the lake, in their order. */
  lakePaths: string[];
}

/**
 * Reads the file `{"name": …, "config": {…}}`, which can be POSTed to Kafka Connect as it is.
 *
 * @param overrides properties that replace those of the file
 * @throws pulumi.RunError when the file is missing, is not of that shape, names no tables, or one that cannot be captured
 */
export function readConnectorFile(
  file: string,
  overrides: Record<string, string | number | boolean>,
): ConnectorFile {
  const { name, config: fromFile } = checked(file, parsed(file));
  const config: Record<string, string> = { ...fromFile };
  for (const [key, value] of Object.entries(overrides)) config[key] = String(value);
  const tables = tablesOf(file, config);
  config["table.include.list"] = tables.map(listEntry).join(",");
  const prefix = required(file, config, "topic.prefix");
  const [shared] = sharing(prefix, tables);
  if (shared !== undefined) throw new pulumi.RunError(`${file}: "table.include.list" names ${shared}`);
  const names = tables.flatMap((table) => tableName(table) ?? []);
  return {
    name,
    config,
    tables,
    topics: names.map((table) => topicOf(prefix, table)),
    lakePaths: names.map(lakePath),
  };
}

function parsed(file: string): unknown {
  if (!fs.existsSync(file)) {
    throw new pulumi.RunError(
      `Configuration value cdc:connectorConfig: ${path.resolve(file)} does not exist. Name a file of connector-configs/.`,
    );
  }
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new pulumi.RunError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function checked(file: string, content: unknown): z.infer<typeof fileShape> {
  const result = fileShape.safeParse(content);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new pulumi.RunError(
    `${file}: ${issue?.path.join(".") || "the file"} is wrong: ${issue?.message}. Expected {"name": "…", "config": {"key": "value", …}}.`,
  );
}

function tablesOf(file: string, config: Record<string, string>): string[] {
  const entries = entriesOf(required(file, config, "table.include.list"));
  const found = entries.map((entry) => ({ entry, ...listedTable(entry) }));
  const odd = found.flatMap((one) =>
    "refusal" in one ? [`${JSON.stringify(one.entry)}: ${one.refusal}`] : [],
  );
  if (odd.length > 0 || entries.length === 0) {
    const more = odd.length > 3 ? `; and ${odd.length - 3} more` : "";
    throw new pulumi.RunError(
      `${file}: "table.include.list" contains ${odd.slice(0, 3).join("; ") || "no table"}${more}.`,
    );
  }
  return [...new Set(found.flatMap((one) => ("name" in one ? [one.name] : [])))];
}

function required(file: string, config: Record<string, string>, key: string): string {
  const value = config[key];
  if (value) return value;
  throw new pulumi.RunError(
    `${file}: "${key}" is missing from "config". Add it there or to cdc:connectorOverrides.`,
  );
}
