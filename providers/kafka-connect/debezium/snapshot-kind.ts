/** By which kind of snapshot Debezium can read a table's rows. */

import type { SnapshotType } from "../database/signal-sql";
import type { SourceTable } from "../database/source-facts";
import type { ConnectorConfig } from "../rest/api";
import { matchesList } from "./table-names";

export interface SnapshotKind {
  readonly type: SnapshotType;
  /** Why it is not incremental; the end of "read all at once, since …". */
  readonly why?: string;
}

/**
 * Incremental wherever Debezium can. Where it cannot, it says so in its own log at most: it passes over the table, loses rows,
 * or ends all later requests as well.
 * @param name `schema.table`
 */
export function snapshotKind(name: string, table: SourceTable, config: ConnectorConfig): SnapshotKind {
  const blocking = (why: string): SnapshotKind => ({ type: "blocking", why });
  if (table.key.length === 0) return blocking("it has no primary key");
  // Debezium cannot parse such a name, says so in its log, and passes over the table.
  if (/[\s"]/.test(name)) return blocking("its name has a blank or a quote");
  if (ownKeys(config).some((pattern) => pattern.test(name))) {
    return blocking('"message.key.columns" chooses its key');
  }
  const isLeftOut = leftOut(config);
  const generated = table.columns.find(
    (column) => column.isGenerated && !isLeftOut(`${name}.${column.name}`),
  );
  if (generated) return blocking(`column ${generated.name} is generated`);
  const odd = table.key.find(({ type }) => !CHUNK_KEYS.has(type));
  return odd ? blocking(`its key is of type ${odd.type}`) : { type: "incremental" };
}

/**
 * Base types of keys (pg_type.typname) that Debezium can keep in its offset and bind into the next chunk's query, each tried with
 * chunks of two rows. Of others: arrays fail the task each time it starts, bit and money lose rows, NaN in a numeric stops all
 * requests, and `real` is not what it was as a double.
 */
const CHUNK_KEYS: ReadonlySet<string> = new Set([
  "int2",
  "int4",
  "int8",
  "text",
  "varchar",
  "bpchar",
  "citext",
  "uuid",
  "date",
  "timestamp",
  "timestamptz",
]);

/** The tables of `message.key.columns`: `pattern:column,column;pattern:column`. */
function ownKeys(config: ConnectorConfig): RegExp[] {
  return (config["message.key.columns"] ?? "")
    .split(";")
    .map((entry) => entry.slice(0, Math.max(0, entry.lastIndexOf(":"))).trim())
    .filter(Boolean)
    .map(pattern);
}

/** Whether a column, as `schema.table.column`, is left out of every event. */
function leftOut(config: ConnectorConfig): (column: string) => boolean {
  const included = config["column.include.list"]?.trim();
  return (column) =>
    matchesList(config["column.exclude.list"], column) ||
    (Boolean(included) && !matchesList(included, column));
}

/** As Debezium takes it: the whole name, in any case. A pattern that only Java knows matches everything here. */
function pattern(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`, "i");
  } catch {
    return /^/;
  }
}
