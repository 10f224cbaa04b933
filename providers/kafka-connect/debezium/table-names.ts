/** Names of captured tables: as a connector's config, SQL, a topic and a folder of the lake have them. */
import { escapeIdentifier } from "pg";
import { javaPattern, PatternRefused } from "./lists/java-pattern";

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** PostgreSQL's limit for a name (NAMEDATALEN), in bytes of UTF-8. What is longer it cuts off without an error. */
const LONGEST = 63;
/** Characters with a meaning in a regular expression, but for the dot and `$`, which cannot stand for anything else here. */
const OPERATOR = /[\\^|?*+()[\]{}]/;
/** Those by which an expression is told from a name: parentheses and what closes something are no use in one without them. */
const EXPRESSION = /^(?:[*+?|^[{]|\\[A-Za-z0-9])/;
/** Debezium compiles each entry of a list with CASE_INSENSITIVE; this switches it off for the entry. */
const CASE_COUNTS = "(?-i)";

/** `schema.table` as two names; undefined unless it has exactly one dot, with something on either side. */
export function tableName(text: string): TableName | undefined {
  const [schema, table, ...more] = text.split(".");
  return schema && table && more.length === 0 ? { schema, table } : undefined;
}

/** The entries of a list such as `table.include.list`, as Debezium splits it: `\\,` is a comma within an entry. */
export function entriesOf(list: string | undefined): string[] {
  return [...(list ?? "").matchAll(/(?:\\.|[^,\\])+|\\$/gsu)]
    .map(([entry]) => entry.trim().replaceAll("\\,", ","))
    .filter((entry) => entry !== "");
}

/** The list of these entries. */
export function listOf(entries: readonly string[]): string {
  return entries.map((entry) => entry.replaceAll(",", "\\,")).join(",");
}

/**
 * The table, as `schema.table`, that an entry names outright: nothing in it has a meaning in a regular expression, or what
 * has one follows a backslash. Undefined for a pattern.
 */
export function literalTable(entry: string): string | undefined {
  const name = unescaped(withoutFlag(entry), false);
  return name !== undefined && tableName(name) ? name : undefined;
}

/**
 * Whether an entry is an expression and no name: it has one of `* + ? | ^ [ {` without a backslash before it, or a backslash before
 * a letter or a digit.
 */
export function isExpression(entry: string): boolean {
  return [...withoutFlag(entry).matchAll(/\\.|./gsu)].some(([part]) => EXPRESSION.test(part));
}

/** The name that an entry which is no expression stands for, whatever it is the name of. */
export function nameOf(entry: string): string {
  return unescaped(withoutFlag(entry), true) ?? entry;
}

/**
 * The table that an entry which is no expression names: every character stands for itself.
 * @returns the name as `schema.table`, or why no table can be captured under it
 */
export function listedTable(entry: string): { readonly name: string } | { readonly refusal: string } {
  const name = nameOf(entry);
  const parts = name.split(".");
  if (parts.length < 2 || parts.includes("") || name.includes(",")) {
    return {
      refusal:
        "list each table as schema.table, or by an expression, separated by commas. A table with a comma in its name cannot be captured",
    };
  }
  if (parts.length > 2) {
    return {
      refusal:
        "a table with a dot in its name cannot be captured, since its topic would not say where the schema ends: list each as schema.table " +
        "(in an expression, a dot that stands for any character needs an operator beside it, such as .{1})",
    };
  }
  if ([...name].some((letter) => letter < " " || letter === "\u007f")) {
    return {
      refusal: "a table with a line break or another control character in its name cannot be captured",
    };
  }
  const long = parts.find((part) => Buffer.byteLength(part) > LONGEST);
  if (long !== undefined) {
    const cut = parts.map(cutOff).join(".");
    return {
      refusal: `${long} has ${Buffer.byteLength(long)} bytes, and PostgreSQL keeps ${LONGEST} of a name: list ${cut}, which is what it was cut off to`,
    };
  }
  return { name };
}

/** A name as an entry of `table.include.list`: as it is, with a backslash before what has a meaning in a regular expression. */
export function listEntry(name: string): string {
  return [...name].map((letter) => (OPERATOR.test(letter) ? `\\${letter}` : letter)).join("");
}

/**
 * A regular expression, as Debezium takes them in its lists and signals, that matches this name (of a table or a column) and
 * no other. In a list, a comma would end it, and a blank at its end be cut off.
 */
export function exactPattern(name: string): string {
  return (
    CASE_COUNTS +
    listEntry(name)
      .replace(/[.$]/g, "\\$&")
      .replace(/,| $/g, (letter) => (letter === "," ? "\\x2c" : "\\x20"))
  );
}

/** The list with each entry that names a table outright in one form, so that two lists can be compared. */
export function plainList(list: string): string {
  return mapLiterals(list, listEntry);
}

/** The list as it is written for Debezium: what names a table outright matches this table only. */
export function exactList(list: string): string {
  return mapLiterals(list, exactPattern);
}

function mapLiterals(list: string, written: (name: string) => string): string {
  return listOf(
    entriesOf(list).map((entry) => {
      const name = literalTable(entry);
      return name === undefined ? entry : written(name);
    }),
  );
}

/** Whether one of a list's regular expressions matches the whole name, as Debezium reads them. */
export function matchesList(list: string | undefined, name: string): boolean {
  return list !== undefined && list !== "" && matcherOf(list)(name);
}

/** Why an entry cannot be read as a regular expression here; undefined when it can. */
export function refusalOf(entry: string): string | undefined {
  try {
    javaPattern(entry);
    return undefined;
  } catch (error) {
    if (error instanceof PatternRefused) return `${JSON.stringify(entry)} ${error.message}`;
    throw error;
  }
}

const matchers = new Map<string, (name: string) => boolean>();

/** Compiled once: a list of a thousand entries is asked about each column of a thousand tables. */
function matcherOf(list: string): (name: string) => boolean {
  const known = matchers.get(list);
  if (known) return known;
  const matcher = compiled(list);
  if (matchers.size > 20) matchers.clear();
  matchers.set(list, matcher);
  return matcher;
}

/** Exact patterns are looked up; an entry that cannot be read here matches nothing. */
function compiled(list: string): (name: string) => boolean {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const entry of entriesOf(list)) {
    const name = exactName(entry);
    if (name !== undefined) exact.add(name);
    else if (refusalOf(entry) === undefined) patterns.push(javaPattern(entry));
  }
  return (name) => exact.has(name) || patterns.some((pattern) => pattern.test(name));
}

/** What an entry of {@link exactPattern}'s form matches. */
function exactName(entry: string): string | undefined {
  if (!entry.startsWith(CASE_COUNTS)) return undefined;
  const name = unescaped(
    withoutFlag(entry)
      .replaceAll("\\x2c", "\\,")
      .replace(/\\x20$/, "\\ "),
    false,
  );
  return name !== undefined && exactPattern(name) === entry ? name : undefined;
}

/** The name in SQL, quoted where it has to be. */
export function sqlName({ schema, table }: TableName): string {
  return `${sqlIdentifier(schema)}.${sqlIdentifier(table)}`;
}

/** The same for a name as `schema.table`. */
export function sqlOf(name: string): string {
  const parts = tableName(name);
  return parts ? sqlName(parts) : name;
}

export function sqlIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : escapeIdentifier(name);
}

/**
 * The topic of a table's changes, by Debezium's rule: `<prefix>.<schema>.<table>`, with `_` for each character (as Java counts
 * them, two for one beyond the BMP) that a topic's name cannot have.
 */
export function topicOf(prefix: string, { schema, table }: TableName): string {
  return `${prefix}.${schema}.${table}`.replace(/[^A-Za-z0-9._-]/g, "_");
}

/** Where a table lies below a folder of the lake, as spark/cdc/source_table.py says: characters that a path cannot have as %XX. */
export function lakePath({ schema, table }: TableName): string {
  return `${pathSegment(schema)}/${pathSegment(table)}`;
}

function pathSegment(name: string): string {
  return [...name]
    .map((letter) => (/[\p{L}\p{N}_.~ $-]/u.test(letter) ? letter : percentEncoded(letter)))
    .join("");
}

function percentEncoded(letter: string): string {
  return [...Buffer.from(letter)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

/**
 * Tables that could not be told apart further on, each text without its subject: those of one topic (Kafka takes `.` and `_`
 * for the same), and those whose lake folders lie in one another.
 */
export function sharing(prefix: string, names: readonly string[]): string[] {
  const known = names.flatMap((name) => {
    const parts = tableName(name);
    return parts ? [{ name, topic: topicOf(prefix, parts), folders: foldersOf(parts) }] : [];
  });
  const byTopic = groupBy(known, ({ topic }) => topic.replaceAll(".", "_"));
  const topics = [...byTopic.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const ofOne = new Set(group.map(({ topic }) => topic)).size === 1;
      const why = ofOne
        ? `whose changes would come in one topic, ${group[0]?.topic}`
        : `whose topics, ${group.map(({ topic }) => topic).join(" and ")}, Kafka does not tell apart`;
      return `${group.map(({ name }) => name).join(" and ")}, ${why}: rename one, or take it off the list`;
    });
  const owners = new Map(known.flatMap((table) => table.folders.map((folder) => [folder, table.name])));
  const nested = known.flatMap(({ name, folders }) =>
    folders.flatMap((folder) => {
      const outer = owners.get(folder.slice(0, folder.lastIndexOf("/")));
      return outer === undefined
        ? []
        : [`${outer} and ${name}, whose lake folders lie in one another: ${folder}`];
    }),
  );
  return [...topics, ...nested];
}

/** The folders of a table in the lake (docs/lake-tables.md). */
function foldersOf(name: TableName): string[] {
  const path = lakePath(name);
  return [path, ...["tables", "changes", "_dead_letter"].map((kind) => `${kind}/${path}`)];
}

function groupBy<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

function withoutFlag(entry: string): string {
  return entry.startsWith(CASE_COUNTS) ? entry.slice(CASE_COUNTS.length) : entry;
}

/** Takes the backslashes away. Undefined for one before a letter or digit and, unless `operatorsToo`, for an operator without one. */
function unescaped(pattern: string, operatorsToo: boolean): string | undefined {
  let name = "";
  for (const [part] of pattern.matchAll(/\\.|./gsu)) {
    const isEscape = part.length > 1 && part.startsWith("\\");
    if (isEscape ? /^\\[A-Za-z0-9]/.test(part) : OPERATOR.test(part) && (!operatorsToo || part === "\\"))
      return undefined;
    name += isEscape ? part.slice(1) : part;
  }
  return name;
}

/** What PostgreSQL keeps of a name: whole characters only. */
function cutOff(name: string): string {
  let kept = "";
  for (const letter of name) {
    if (Buffer.byteLength(kept + letter) > LONGEST) break;
    kept += letter;
  }
  return kept;
}

/** What reads tables again, to be pasted into a shell: a name with a blank or a `$` in quotes. */
export function resnapshotCommand(tables: readonly string[]): string {
  const words = tables.map((table) =>
    /^[\p{L}\p{N}_.-]+$/u.test(table) ? table : `'${table.replaceAll("'", "'\\''")}'`,
  );
  return `npm run resnapshot -- ${words.join(" ")}`;
}
