import type { ConnectorConfig } from "../rest/api";
import { entriesOf, exactList, literalTable, plainList, type TableName, tableName } from "./table-names";

export type { TableName } from "./table-names";

export const DEBEZIUM_POSTGRES = "io.debezium.connector.postgresql.PostgresConnector";

/** What `connector.class` may be for it: Connect also takes a class's short names. */
export const DEBEZIUM_POSTGRES_NAMES: readonly string[] = [
  DEBEZIUM_POSTGRES,
  "PostgresConnector",
  "Postgres",
];

/** What Debezium's PostgreSQL connector makes in the database that it reads. */
export interface Replication {
  readonly slot: string;
  /** Absent when the publication is none that the connector made. */
  readonly publication?: string;
  /** Table through which the connector takes signals; absent when it takes none from a table. */
  readonly signalTable?: TableName;
}

/** The replication slot and publication of a connector's config, if it is Debezium's PostgreSQL connector. */
export function replicationOf(config: ConnectorConfig): Replication | undefined {
  if (!DEBEZIUM_POSTGRES_NAMES.includes(config["connector.class"] ?? "")) return undefined;
  const slot = config["slot.name"] ?? "debezium";
  const ownPublication =
    (config["plugin.name"] ?? "decoderbufs") === "pgoutput" &&
    config["publication.autocreate.mode"] !== "disabled";
  const signalTable = signalTableOf(config);
  return {
    slot,
    ...(ownPublication ? { publication: config["publication.name"] ?? "dbz_publication" } : {}),
    ...(signalTable ? { signalTable } : {}),
  };
}

/** `signal.data.collection`, unless signals are not read from a table. */
function signalTableOf(config: ConnectorConfig): TableName | undefined {
  const channels = (config["signal.enabled.channels"] ?? "source")
    .split(",")
    .map((channel) => channel.trim());
  return channels.includes("source") ? tableName(config["signal.data.collection"] ?? "") : undefined;
}

/**
 * Whether the two configs read different logs. Such a change is no update: what was committed between the end of
 * one slot and the start of the next would be missing, so the connector is replaced and takes a new snapshot.
 */
export function readsAnotherLog(before: ConnectorConfig, after: ConnectorConfig): boolean {
  const old = replicationOf(before);
  const next = replicationOf(after);
  if (!old || !next) return false;
  return (
    old.slot !== next.slot ||
    old.publication !== next.publication ||
    before["database.dbname"] !== after["database.dbname"]
  );
}

/**
 * The tables that `table.include.list` names outright, as `schema.table`. Entries that are patterns name none: whether a
 * pattern matches something is not for us to say.
 */
export function literalTables(config: ConnectorConfig): string[] {
  return entriesOf(config[TABLES]).flatMap((entry) => literalTable(entry) ?? []);
}

const TABLES = "table.include.list";

/** The config with its list of tables in one form, whether it is as declared or as written. */
export function withPlainTables(config: ConnectorConfig): ConnectorConfig {
  return withTables(config, plainList);
}

/**
 * The config as it is written to Connect. Debezium reads the list of tables as regular expressions that ignore case, so a
 * table whose name differs in case only would be captured and published along with the one that is listed.
 */
export function withExactTables(config: ConnectorConfig): ConnectorConfig {
  return withTables(config, exactList);
}

function withTables(config: ConnectorConfig, written: (list: string) => string): ConnectorConfig {
  const list = config[TABLES];
  if (list === undefined || !DEBEZIUM_POSTGRES_NAMES.includes(config["connector.class"] ?? "")) return config;
  return { ...config, [TABLES]: written(list) };
}

const NOT_AVAILABLE = /no longer available on the server/;

/** Failures after which the slot can never be read again: what it held back is gone, or its publication was not there at that time. */
const BEYOND_REPAIR = [
  NOT_AVAILABLE,
  /can no longer (get changes from|access) replication slot/,
  /publication "[^"]+" does not exist/,
];

/** Whether a connector that fails so can only begin at the beginning. */
export function isBeyondRepair(reasons: readonly string[]): boolean {
  return reasons.some((reason) => BEYOND_REPAIR.some((pattern) => pattern.test(reason)));
}

/**
 * What to do about a failure that its own message does not say.
 * @param reasons what is known of it, stack traces as well
 */
export function adviceFor(reasons: readonly string[], config: ConnectorConfig): string[] {
  if (isBeyondRepair(reasons)) {
    return [
      "What the replication slot held back can no longer be read, and changes are missing. To begin with a new snapshot of all " +
        'tables, which takes the place of what was sent before, set `cdc:connectorOffsets: {reset: "1"}` (any text that ' +
        "was not used before) and run `npm run up`",
    ];
  }
  const [table, ...others] = literalTables(config).filter((name) =>
    reasons.some((text) => names(text, name)),
  );
  if (!table || others.length > 0) return [];
  return [
    `It is about table ${table}. To let the other tables go on, take ${table} off "table.include.list" and run \`npm run up\``,
  ];
}

/** Whether a text is about a table: by its name, quoted or not, or by that of the schema of its messages. */
function names(text: string, table: string): boolean {
  const [schema, name] = table
    .split(".")
    .map((part) => `"?${part.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&")}"?`);
  return new RegExp(`(?<![\\w$])${schema}\\.${name}(?![\\w$])`).test(text);
}
