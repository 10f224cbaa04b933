/** By what rows of a listed table are told apart further on, and what would mix them up. */

import type { DatabaseQuestion } from "../database/facts";
import { loggedColumns } from "../database/replica-identity";
import type { TableFacts } from "../database/table-facts";
import { entriesOf, matchesList, sqlOf } from "../debezium/table-names";
import type { ConnectorConfig } from "../rest/api";
import { forEach, listing } from "../text/listing";
import { configError, configWarning, type Finding } from "./finding";

const LIST = "table.include.list";

/** By which columns rows are told apart further on, and who says so. */
interface Key {
  readonly columns: readonly string[];
  readonly from: "cdc:tableKeys" | "message.key.columns" | "primary key" | "unique index";
}

function keyOf(table: TableFacts, configured: ConfiguredKeys): Key | undefined {
  const chosen = configured.chosen[table.name];
  if (chosen) return { columns: chosen, from: "cdc:tableKeys" };
  const message = configured.message.find(({ pattern }) => matchesList(pattern, table.name));
  if (message) return { columns: message.columns, from: "message.key.columns" };
  if (table.primaryKey) return { columns: table.primaryKey.columns, from: "primary key" };
  return table.uniqueIndex ? { columns: table.uniqueIndex.columns, from: "unique index" } : undefined;
}

interface ConfiguredKeys {
  readonly chosen: Readonly<Record<string, readonly string[]>>;
  readonly message: readonly { readonly pattern: string; readonly columns: readonly string[] }[];
}

/** `message.key.columns`: patterns of tables, each with columns, `schema.table:a,b;other.*:c`. */
function messageKeys(config: ConnectorConfig): ConfiguredKeys["message"] {
  return (config["message.key.columns"] ?? "").split(";").flatMap((entry) => {
    const [pattern, columns] = entry.trim().split(/:(?=[^:]*$)/);
    return pattern && columns ? [{ pattern, columns: entriesOf(columns) }] : [];
  });
}

export function judgeKeys(
  config: ConnectorConfig,
  question: DatabaseQuestion,
  tables: readonly TableFacts[],
): Finding[] {
  const configured = { chosen: question.keys, message: messageKeys(config) };
  const keyed = tables.map((table) => ({ table, key: keyOf(table, configured) }));
  return [
    ...unknownKeyTables(question, tables),
    ...keyColumnsMissing(keyed),
    ...noKey(keyed.filter(({ key }) => !key).map(({ table }) => table)),
    ...doubtfulIndexes(keyed.filter(({ key }) => key?.from === "unique index").map(({ table }) => table)),
    ...keyNotLogged(keyed),
    ...looseKeys(keyed),
  ];
}

type Keyed = readonly { readonly table: TableFacts; readonly key: Key | undefined }[];

function unknownKeyTables(
  { keys: chosen, tables: listed }: DatabaseQuestion,
  tables: readonly TableFacts[],
): Finding[] {
  const known = new Set([...listed, ...tables.map(({ name }) => name)]);
  const unknown = Object.keys(chosen).filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  return [
    {
      severity: "warning",
      property: "cdc:tableKeys",
      text: `names ${listing(unknown)}, which "${LIST}" does not`,
    },
  ];
}

function keyColumnsMissing(keyed: Keyed): Finding[] {
  return keyed.flatMap(({ table, key }) => {
    const there = new Set(table.columns.map(({ name }) => name));
    const gone = (key?.columns ?? []).filter((column) => !there.has(column));
    if (!key || gone.length === 0) return [];
    const text = `names ${listing(gone)} as key of ${table.name}, which has no such column: it has ${listing([...there])}`;
    return key.from === "cdc:tableKeys"
      ? [{ severity: "error" as const, property: "cdc:tableKeys", text }]
      : [configError(key.from, text)];
  });
}

function noKey(tables: readonly TableFacts[]): Finding[] {
  if (tables.length === 0) return [];
  return [
    configWarning(
      LIST,
      `names ${listing(tables.map(({ name }) => name))}, without a key: the lake has its changes, but no current state. ` +
        `${forEach(tables, (table) => `ALTER TABLE ${sqlOf(table.name)} ADD PRIMARY KEY (…)`)}, or name columns in cdc:tableKeys`,
    ),
  ];
}

function doubtfulIndexes(tables: readonly TableFacts[]): Finding[] {
  const reasons = tables.flatMap((table) => {
    const index = table.uniqueIndex;
    if (!index) return [];
    const why = [
      ...(index.condition ? [`covers only rows with ${index.condition}`] : []),
      ...(index.nullable.length > 0 ? [`has ${listing(index.nullable)}, which may be NULL`] : []),
      ...(index.included.length > 0 ? [`only includes ${listing(index.included)}`] : []),
    ];
    return why.length > 0
      ? [{ table, text: `${table.name} (index ${index.name} ${why.join(", and ")})` }]
      : [];
  });
  if (reasons.length === 0) return [];
  return [
    configWarning(
      LIST,
      `names ${listing(reasons.map(({ text }) => text))}: without a primary key Debezium takes that unique index for one, whose columns do not tell all rows apart, ` +
        `so rows would be taken for one another. ${forEach(reasons, ({ table }) => `ALTER TABLE ${sqlOf(table.name)} ADD PRIMARY KEY (…)`)}, ` +
        'or name columns that do in cdc:tableKeys (or "message.key.columns")',
    ),
  ];
}

function keyNotLogged(keyed: Keyed): Finding[] {
  const partial = keyed.flatMap(({ table, key }) => {
    const has = loggedColumns(table);
    const lacking = has && (key?.columns ?? []).filter((column) => !has.includes(column));
    return has && lacking && lacking.length > 0 ? [{ table, has, lacking, key }] : [];
  });
  if (partial.length === 0) return [];
  const described = partial.map(
    ({ table, has, lacking, key }) =>
      `${table.name} (key: ${lacking.join(", ")}, by ${key?.from}; replica identity: ${has.join(", ")})`,
  );
  return [
    configWarning(
      LIST,
      `names ${listing(described)}, whose replica identity does not contain the key: a delete does not say which row it was. ` +
        `${forEach(partial, ({ table }) => `ALTER TABLE ${sqlOf(table.name)} REPLICA IDENTITY FULL`)}`,
    ),
  ];
}

function looseKeys(keyed: Keyed): Finding[] {
  const loose = keyed.flatMap(({ table, key }) =>
    table.columns
      .filter(({ name, comparesLoosely }) => comparesLoosely && key?.columns.includes(name))
      .map(({ name }) => `${table.name}.${name}`),
  );
  if (loose.length === 0) return [];
  return [
    configWarning(
      LIST,
      `has keys with a collation that is not deterministic, ${listing(loose)}: texts that PostgreSQL takes for equal are different keys in the lake. ` +
        "A change from one spelling to another arrives as a delete and an insert",
    ),
  ];
}
