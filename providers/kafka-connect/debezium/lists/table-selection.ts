/** Which tables the four lists of a connector's config ask for, by name and by expression. */
import {
  entriesOf,
  isExpression,
  listedTable,
  nameOf,
  refusalOf,
  type TableName,
  tableName,
} from "../table-names";
import { javaPattern } from "./java-pattern";

export const TABLE_LISTS = [
  "table.include.list",
  "table.exclude.list",
  "schema.include.list",
  "schema.exclude.list",
] as const;
type ListKey = (typeof TABLE_LISTS)[number];

/** The lists as they are declared; those that are not, or are empty, are absent. */
export type TableLists = Readonly<Partial<Record<ListKey, string>>>;

export interface TableSelection {
  /** Tables that `table.include.list` has by name, as `schema.table`. */
  readonly named: readonly string[];
  /** Whether it takes a look into the database to say which tables are meant. */
  readonly isOpen: boolean;
  /** Whether a table that is not named is asked for. */
  readonly matches: (table: TableName) => boolean;
  /** The expressions of `table.include.list` that match none of the tables. */
  readonly idle: (tables: readonly TableName[]) => string[];
}

export function tableListsOf(config: Readonly<Record<string, string>>): TableLists {
  return Object.fromEntries(
    TABLE_LISTS.flatMap((key) => (entriesOf(config[key]).length > 0 ? [[key, config[key]]] : [])),
  );
}

/** The config without them. */
export function withoutTableLists<T>(config: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !isTableList(key)));
}

function isTableList(key: string): key is ListKey {
  return (TABLE_LISTS as readonly string[]).includes(key);
}

/** @returns the selection, or what is wrong with the lists: each a key, and a sentence whose subject it is */
export function selectionOf(
  lists: TableLists,
): TableSelection | { readonly refusals: readonly { readonly key: ListKey; readonly text: string }[] } {
  const refusals = [...entryRefusals(lists), ...contradictions(lists)];
  if (refusals.length > 0) return { refusals };
  const included = lists["table.include.list"];
  const entries = entriesOf(included);
  const expressions = entries.filter(isExpression).map((text) => ({ text, matches: matcher(text) }));
  const fitsSchema = schemaFilter(lists);
  const isExcluded = filter(lists["table.exclude.list"]);
  return {
    named: namesOf(lists),
    isOpen: included === undefined || expressions.length > 0,
    matches: ({ schema, table }) => {
      const name = `${schema}.${table}`;
      return (
        fitsSchema(schema) &&
        !isExcluded(name) &&
        (included === undefined || expressions.some(({ matches }) => matches(name)))
      );
    },
    idle: (tables) =>
      expressions
        .filter(({ matches }) => !tables.some(({ schema, table }) => matches(`${schema}.${table}`)))
        .map(({ text }) => text),
  };
}

function namesOf(lists: TableLists): string[] {
  const names = entriesOf(lists["table.include.list"])
    .filter((entry) => !isExpression(entry))
    .flatMap((entry) => {
      const listed = listedTable(entry);
      return "name" in listed ? [listed.name] : [];
    });
  return [...new Set(names)];
}

function entryRefusals(lists: TableLists) {
  return TABLE_LISTS.flatMap((key) => {
    const entries = entriesOf(lists[key]);
    const odd = [
      ...entries.filter(isExpression).flatMap((entry) => refusalOf(entry) ?? []),
      ...(key === "table.include.list" ? entries.filter((entry) => !isExpression(entry)) : []).flatMap(
        (entry) => {
          const listed = listedTable(entry);
          return "refusal" in listed ? [`${JSON.stringify(entry)}: ${listed.refusal}`] : [];
        },
      ),
    ];
    if (odd.length === 0) return [];
    const more = odd.length > 3 ? `; and ${odd.length - 3} more` : "";
    return [{ key, text: `contains ${odd.slice(0, 3).join("; ")}${more}` }];
  });
}

/** Debezium takes one of each pair; a table that is named and left out as well is a mistake. */
function contradictions(lists: TableLists): { key: ListKey; text: string }[] {
  const found: { key: ListKey; text: string }[] = [];
  for (const kind of ["table", "schema"] as const) {
    if (lists[`${kind}.include.list`] && lists[`${kind}.exclude.list`]) {
      found.push({
        key: `${kind}.exclude.list`,
        text: `cannot stand beside "${kind}.include.list": Debezium takes one of the two`,
      });
    }
  }
  const fitsSchema = schemaFilter(lists);
  const [outside] = namesOf(lists).filter((name) => !fitsSchema(tableName(name)?.schema ?? ""));
  if (outside !== undefined) {
    const key = lists["schema.include.list"] ? "schema.include.list" : "schema.exclude.list";
    found.push({ key, text: `leaves out ${outside}, which "table.include.list" names` });
  }
  return found;
}

function schemaFilter(lists: TableLists): (schema: string) => boolean {
  const isIncluded = filter(lists["schema.include.list"]);
  const isExcluded = filter(lists["schema.exclude.list"]);
  return (schema) =>
    (lists["schema.include.list"] === undefined || isIncluded(schema)) && !isExcluded(schema);
}

/** Whether one of a list's names or expressions is about a name. */
function filter(list: string | undefined): (name: string) => boolean {
  const all = entriesOf(list).map(matcher);
  return (name) => all.some((matches) => matches(name));
}

function matcher(entry: string): (name: string) => boolean {
  if (!isExpression(entry)) return (name) => name === nameOf(entry);
  if (refusalOf(entry) !== undefined) return () => false;
  const pattern = javaPattern(entry);
  return (name) => pattern.test(name);
}
