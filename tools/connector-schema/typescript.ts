/** The typed config, as text. Pure. */
import type { KeySchema } from "../../providers/kafka-connect/debezium/connector-schema";
import type { KeyDefinition } from "./plugin";
import type { ProbedPlugin } from "./probe";

const LINE = 106;

/** A TypeScript file with one documented, typed property a key. */
export function configInterface({ schema, definitions }: ProbedPlugin): string {
  const described = new Map(definitions.map((definition) => [definition.name, definition]));
  const properties = Object.entries(schema.keys)
    .filter(([key]) => isPlainKey(key))
    .map(([key, keySchema]) => property(key, keySchema, described.get(key)));
  return `/**
 * Written by \`npm run connector-schema\`: what ${schema.class} ${schema.version} answers about its
 * keys. The documentation is the plugin's own (Debezium, Apache License 2.0). Do not edit.
 */
export interface DebeziumPostgresConfig {
${properties.join("\n")}
}
`;
}

/** Names that are patterns, the connector's own identity, and Debezium's internals are left out. */
function isPlainKey(key: string): boolean {
  return /^[\w.]+$/.test(key) && !key.startsWith("internal.") && !["name", "connector.class"].includes(key);
}

function property(key: string, schema: KeySchema, definition: KeyDefinition | undefined): string {
  const documentation = (definition?.documentation ?? "").replaceAll("*/", "* /").replace(/\s+/g, " ").trim();
  const fallback = definition?.default_value;
  const lines = wrapped(documentation);
  if (fallback !== null && fallback !== undefined && fallback !== "") {
    lines.push(...wrapped(`@default ${fallback.replaceAll("*/", "* /").replace(/\s+/g, " ")}`));
  }
  const comment = ["  /**", ...lines.map((line) => `   * ${line}`), "   */"].join("\n");
  return `${comment}\n  "${key}"${schema.required ? "" : "?"}: ${typeOf(schema)};`;
}

function typeOf({ type, values }: KeySchema): string {
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (type === "BOOLEAN") return "boolean";
  return ["INT", "SHORT", "LONG", "DOUBLE"].includes(type) ? "number" : "string";
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
