/** Reads a connector's JSON file and derives from it what the rest of the topology needs to know. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  selectionOf,
  type TableLists,
  type TableSelection,
  tableListsOf,
  withoutTableLists,
} from "../providers/kafka-connect/debezium/lists/table-selection";
import { sharing } from "../providers/kafka-connect/debezium/table-names";
import { settingOf } from "./pipeline-names";

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const fileShape = z.object({ name: z.string().min(1), config: z.record(z.string(), scalar) });

export interface ConnectorFile {
  /** Its path. */
  file: string;
  /** Name of the connector in Kafka Connect. */
  name: string;
  /** Its properties, all as text, as Connect keeps them; without the lists of tables and schemas. */
  config: Record<string, string>;
  /** Those lists. */
  lists: TableLists;
  /** Which tables they ask for. */
  selection: TableSelection;
}

/**
 * Reads the file `{"name": …, "config": {…}}`, which can be POSTed to Kafka Connect as it is.
 *
 * @param overrides properties that replace those of the file
 * @param isOwnWorker whether the stack's own Kafka Connect runs it
 * @param pipeline whose it is; undefined: the stack's own
 * @throws pulumi.RunError when the file is missing, is not of that shape, asks for no tables, or for one that cannot be captured
 */
export function readConnectorFile(
  file: string,
  overrides: Record<string, string | number | boolean>,
  isOwnWorker = true,
  pipeline?: string,
): ConnectorFile {
  const { name, config: fromFile } = readConnector(file, settingOf(pipeline, "connectorConfig"));
  const config: Record<string, string> = { ...fromFile };
  for (const [key, value] of Object.entries(overrides)) config[key] = String(value);
  const overridden = settingOf(pipeline, "connectorOverrides");
  if (!isOwnWorker) refuseOwnSecrets(file, config, overridden);
  const required = (key: string) =>
    requiredOf(config, key, `${file}: "${key}" is missing from "config". Add it there or to ${overridden}.`);
  const lists = tableListsOf(config);
  if (Object.keys(lists).length === 0) required("table.include.list");
  const selection = selectionOf(lists);
  if ("refusals" in selection) {
    throw new pulumi.RunError(
      selection.refusals.map(({ key, text }) => `${file}: "${key}" ${text}.`).join("\n"),
    );
  }
  const [shared] = sharing(required("topic.prefix"), selection.named);
  if (shared !== undefined) throw new pulumi.RunError(`${file}: "table.include.list" names ${shared}`);
  return { file, name, config: withoutTableLists(config), lists, selection };
}

/** References to files that only the stack's own worker has. */
const OWN_SECRETS = "$" + "{file:/kafka/secrets/";

function refuseOwnSecrets(file: string, config: Readonly<Record<string, string>>, overridden: string): void {
  const found = Object.keys(config).filter((key) => config[key]?.includes(OWN_SECRETS));
  if (found.length === 0) return;
  throw new pulumi.RunError(
    `${file}: ${found.map((key) => `"${key}"`).join(", ")} refers to a file of /kafka/secrets/, which only the stack's own Kafka Connect has. ` +
      `Say in ${overridden} how yours gets the value: by a config provider that it has.`,
  );
}

/**
 * Any connector's file.
 *
 * @param setting what names it
 * @throws pulumi.RunError when it is missing, or not of that shape
 */
export function readConnector(
  file: string,
  setting: string,
): { name: string; config: Record<string, string> } {
  return checked(file, parsed(file, setting));
}

function parsed(file: string, setting: string): unknown {
  if (!fs.existsSync(file)) {
    throw new pulumi.RunError(
      `Configuration value ${setting}: ${path.resolve(file)} does not exist. Name a file of connector-configs/.`,
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

function requiredOf(config: Readonly<Record<string, string>>, key: string, otherwise: string): string {
  const value = config[key];
  if (value) return value;
  throw new pulumi.RunError(otherwise);
}
