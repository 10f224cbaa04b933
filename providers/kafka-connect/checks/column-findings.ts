/** What becomes of listed tables' columns on their way: what is left out, changed, or stops the connector. */
import { UNKNOWN } from "../../unknown";
import type { DatabaseFacts } from "../database/facts";
import type { TableFacts } from "../database/table-facts";
import { literalTables } from "../debezium/postgres";
import {
  entriesOf,
  exactPattern,
  listOf,
  matchesList,
  refusalOf,
  sqlIdentifier,
  sqlOf,
} from "../debezium/table-names";
import type { ConnectorConfig } from "../rest/api";
import { COLUMNS_SHOWN, forEach, listing } from "../text/listing";
import type { CapturedColumn } from "./captured-column";
import { configError, configWarning, type Finding } from "./finding";
import { valueFindings } from "./value-findings";

const LIST = "table.include.list";
/** Columns that current-state tables have beside the source's (docs/lake-tables.md). */
const OWN_COLUMNS = ["_lsn", "_deleted", "_rescued_data"];

export function judgeColumns(config: ConnectorConfig, facts: DatabaseFacts): Finding[] {
  const columns = capturedColumns(config, facts);
  return [
    ...columnLists(config, facts),
    ...generated(config, facts),
    ...twins(facts.tables),
    ...ownNames(columns),
    ...valueFindings(
      config,
      columns.filter(({ isGenerated }) => !isGenerated),
    ),
  ];
}

/** Entries of the lists of columns that cannot be read here, or match no column. */
function columnLists(config: ConnectorConfig, { tables }: DatabaseFacts): Finding[] {
  const paths = tables.flatMap((table) => table.columns.map(({ name }) => `${table.name}.${name}`));
  return (["column.include.list", "column.exclude.list"] as const).flatMap((key): Finding[] => {
    const entries = entriesOf(config[key]);
    const refused = entries.flatMap((entry) => refusalOf(entry) ?? []);
    if (refused.length > 0) return [configError(key, `contains ${listing(refused)}`)];
    const idle = entries.filter((entry) => !paths.some((path) => matchesList(listOf([entry]), path)));
    if (idle.length === 0) return [];
    return [
      configWarning(
        key,
        `has ${listing(idle.map((entry) => JSON.stringify(entry)))}, which match${idle.length > 1 ? "" : "es"} no column of a captured table: ` +
          "the expressions are about schema.table.column, as a whole",
      ),
    ];
  });
}

/** Without those that the config leaves out. */
function capturedColumns(config: ConnectorConfig, { tables }: DatabaseFacts): CapturedColumn[] {
  return tables.flatMap((table) =>
    table.columns
      .map((column) => ({ ...column, table, path: `${table.name}.${column.name}` }))
      .filter(({ path }) => isCaptured(config, path)),
  );
}

function isCaptured(config: ConnectorConfig, path: string): boolean {
  const included = config["column.include.list"];
  if (included) return matchesList(included, path);
  return !matchesList(config["column.exclude.list"], path);
}

/**
 * Generated columns that the config does not leave out. PostgreSQL does not replicate them: a snapshot would have values
 * that no later change brings up to date, and an incremental one never ends.
 */
function generatedColumns(config: ConnectorConfig, facts: DatabaseFacts): CapturedColumn[] {
  return capturedColumns(config, facts).filter(({ isGenerated }) => isGenerated);
}

/** The config with generated columns left out; the config as it is when there are none, or when it says which columns to take. */
export function withoutGenerated(config: ConnectorConfig, facts: DatabaseFacts): ConnectorConfig {
  if (config["column.include.list"]) return config;
  const patterns = generatedColumns(config, facts).map(({ path }) => exactPattern(path));
  if (patterns.length === 0) return config;
  const excluded = config["column.exclude.list"];
  return { ...config, "column.exclude.list": [...(excluded ? [excluded] : []), ...patterns].join(",") };
}

/**
 * For when the database cannot be asked: what was left out stays so. Only what {@link withoutGenerated} added has the form of
 * an exact pattern, as a rule.
 */
export function withGeneratedAsBefore(
  config: ConnectorConfig,
  before: ConnectorConfig = {},
): ConnectorConfig {
  const key = "column.exclude.list";
  if (config["column.include.list"] || (config[key] ?? "").includes(UNKNOWN)) return config;
  const declared = entriesOf(config[key]);
  const listed = literalTables(config);
  const added = entriesOf(before[key]).filter(
    (entry) =>
      !declared.includes(entry) && listed.some((table) => entry.startsWith(`${exactPattern(table)}\\.`)),
  );
  return added.length === 0 ? config : { ...config, [key]: listOf([...declared, ...added]) };
}

function generated(config: ConnectorConfig, facts: DatabaseFacts): Finding[] {
  const columns = generatedColumns(config, facts);
  const inKey = columns.filter(({ table, name }) => table.primaryKey?.columns.includes(name));
  const findings: Finding[] = [];
  if (inKey.length > 0) {
    findings.push(
      configError(
        LIST,
        `has generated columns in a primary key, ${listing(inKey.map(({ path }) => path))}: PostgreSQL does not replicate them, so changes would not say ` +
          "which row they are about. Make the key of other columns",
      ),
    );
  }
  const others = columns.filter((column) => !inKey.includes(column));
  if (others.length === 0) return findings;
  const paths = listing(
    others.map(({ path }) => path),
    COLUMNS_SHOWN,
  );
  const why =
    "PostgreSQL does not replicate generated columns, so a snapshot's values would never be brought up to date";
  findings.push(
    config["column.include.list"]
      ? configError("column.include.list", `takes ${paths}, generated: ${why}. Take them off the list`)
      : configWarning(
          "column.exclude.list",
          `is given ${paths}, generated: ${why}. They are left out from the start`,
        ),
  );
  return findings;
}

/** Two columns of a table whose names differ in case only. */
export function twinColumns({ columns }: TableFacts): [string, string] | undefined {
  const names = new Map<string, string>();
  for (const { name } of columns) {
    const other = names.get(name.toLowerCase());
    if (other !== undefined) return [other, name];
    names.set(name.toLowerCase(), name);
  }
  return undefined;
}

/** Columns of a table's primary key that are generated, and not left out. */
export function generatedKeyColumns(table: TableFacts, config: ConnectorConfig): string[] {
  return table.columns
    .filter(({ name, isGenerated }) => isGenerated && table.primaryKey?.columns.includes(name))
    .filter(({ name }) => isCaptured(config, `${table.name}.${name}`))
    .map(({ name }) => name);
}

function twins(tables: readonly TableFacts[]): Finding[] {
  const found = tables.flatMap((table) => {
    const [other, twin] = twinColumns(table) ?? [];
    return other === undefined || twin === undefined ? [] : [{ table, twin, other }];
  });
  if (found.length === 0) return [];
  const rename = forEach(
    found,
    ({ table, twin }) => `ALTER TABLE ${sqlOf(table.name)} RENAME COLUMN ${sqlIdentifier(twin)} TO …`,
  );
  return [
    configError(
      LIST,
      `names ${listing(found.map(({ table, other, twin }) => `${table.name} (${other} and ${twin})`))}, with columns whose names differ in case only: ` +
        `Debezium does not start with such a table, also when one of them is left out. ${rename}`,
    ),
  ];
}

function ownNames(columns: readonly CapturedColumn[]): Finding[] {
  const taken = columns.filter(({ name }) => OWN_COLUMNS.includes(name.toLowerCase()));
  if (taken.length === 0) return [];
  return [
    configWarning(
      LIST,
      `has columns with names of the lake's own, ${listing(taken.map(({ path }) => path))}: such a table has no current state in the lake. ` +
        `Rename the column, or leave it out: "column.exclude.list": ${forEach(taken, ({ path }) => JSON.stringify(path))}`,
    ),
  ];
}
