/** Reads a connector's JSON file and derives from it what the rest of the topology needs to know. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const fileShape = z.object({ name: z.string().min(1), config: z.record(z.string(), scalar) });

/** `schema.table` without the regular expressions that Debezium would also take: topics are made by name. */
const TABLE = /^[A-Za-z_][\w$]*\.[A-Za-z_][\w$]*$/;

export interface ConnectorFile {
  /** Name of the connector in Kafka Connect. */
  name: string;
  /** Its properties, all as text, as Connect keeps them. */
  config: Record<string, string>;
  /** Captured tables, `schema.table`. */
  tables: string[];
  /** One topic a captured table: `<topic.prefix>.<schema>.<table>`. */
  topics: string[];
}

/**
 * Reads the file `{"name": …, "config": {…}}`, which can be POSTed to Kafka Connect as it is.
 *
 * @param overrides properties that replace those of the file
 * @throws pulumi.RunError when the file is missing, is not of that shape, or names no tables
 */
export function readConnectorFile(
  file: string,
  overrides: Record<string, string | number | boolean>,
): ConnectorFile {
  const { name, config: fromFile } = checked(file, parsed(file));
  const config: Record<string, string> = { ...fromFile };
  for (const [key, value] of Object.entries(overrides)) config[key] = String(value);
  const tables = tablesOf(file, config);
  const prefix = required(file, config, "topic.prefix");
  return { name, config, tables, topics: tables.map((table) => `${prefix}.${table}`) };
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
  const tables = required(file, config, "table.include.list")
    .split(",")
    .map((table) => table.trim())
    .filter((table) => table !== "");
  const odd = tables.find((table) => !TABLE.test(table));
  if (odd !== undefined || tables.length === 0) {
    throw new pulumi.RunError(
      `${file}: "table.include.list" contains ${JSON.stringify(odd ?? "")}: list each table as schema.table, separated by commas ` +
        "(no regular expressions, since a topic and a lake table are made for each by name).",
    );
  }
  return [...new Set(tables)];
}

function required(file: string, config: Record<string, string>, key: string): string {
  const value = config[key];
  if (value) return value;
  throw new pulumi.RunError(
    `${file}: "${key}" is missing from "config". Add it there or to cdc:connectorOverrides.`,
  );
}
