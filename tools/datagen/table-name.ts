import { escapeIdentifier } from "pg";
import { UserError } from "../../stack/console";

export interface TableName {
  schema: string;
  table: string;
}

/** PostgreSQL cuts longer names silently, in bytes. */
const longestIdentifier = 63;

/**
 * Reads `table` (in schema public) or `schema.table`. Case is kept; a name that contains a dot goes in double quotes,
 * as in SQL.
 */
export function parseTableName(text: string): TableName {
  const part = `("(?:[^"]|"")+"|[^".]+)`;
  const match = new RegExp(`^(?:${part}\\.)?${part}$`).exec(text);
  if (!match) {
    throw new UserError(
      `"${text}" is not a table name.`,
      "Give -t as table or schema.table; a name with a dot in it goes in double quotes: -t 'public.\"a.b\"'.",
    );
  }
  const name = { schema: unquote(match[1] ?? "public"), table: unquote(match[2] as string) };
  checkIdentifier(name.schema);
  checkIdentifier(name.table);
  return name;
}

/** For SQL. */
export function quoted({ schema, table }: TableName): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
}

/** For people. */
export function shown({ schema, table }: TableName): string {
  return `${schema}.${table}`;
}

export function checkIdentifier(name: string): void {
  if (Buffer.byteLength(name) <= longestIdentifier) return;
  throw new UserError(
    `The name "${name}" is longer than PostgreSQL's ${longestIdentifier} bytes; it would be cut.`,
    "Use a shorter name.",
  );
}

function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}
