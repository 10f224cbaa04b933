/** PostgreSQL's text of a value, and what the lake has for it, in one form that can be compared. */

export interface ColumnType {
  readonly column: string;
  /** Base type of the column, or of an array's elements, as pg_type names it: `int4`; of a domain: its base type. */
  readonly base: string;
  /** With its modifier: `bit(1)`. */
  readonly full: string;
  readonly isArray: boolean;
  /** Between the elements of an array. */
  readonly delimiter: string;
}

export type Value = string | null | Value[];

/** Columns of a table, domains resolved. */
export const COLUMN_TYPES = `
  WITH RECURSIVE resolved AS (
    SELECT attnum, attname::text AS column, atttypid AS type, atttypmod AS modifier, false AS is_array
    FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT attnum, r.column,
      CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END,
      CASE WHEN t.typtype = 'd' AND t.typtypmod <> -1 THEN t.typtypmod ELSE modifier END,
      is_array OR t.typtype <> 'd'
    FROM resolved AS r JOIN pg_type AS t ON t.oid = r.type
    WHERE t.typtype = 'd' OR t.typcategory = 'A' AND t.typsubscript = 'array_subscript_handler'::regproc
  )
  SELECT r.column, t.typname AS base, format_type(r.type, r.modifier) AS full, r.is_array AS "isArray", t.typdelim AS delimiter
  FROM resolved AS r JOIN pg_type AS t ON t.oid = r.type
  WHERE NOT (t.typtype = 'd' OR t.typcategory = 'A' AND t.typsubscript = 'array_subscript_handler'::regproc)
  ORDER BY attnum`;

/** What the source has: PostgreSQL's text; an array as the list of its elements, unless it is one of arrays. */
export function sourceValue(text: string | null, type: ColumnType): Value {
  if (text === null) return null;
  if (!type.isArray) return scalar(text, type);
  const elements = arrayElements(text, type.delimiter);
  return elements ? elements.map((element) => (element === null ? null : scalar(element, type))) : text;
}

/** What the lake has, in the form of `sourceValue`. A string in the place of an array is PostgreSQL's text of it. */
export function lakeValue(value: Value, type: ColumnType): Value {
  if (value === null) return null;
  if (Array.isArray(value))
    return value.map((element) => (typeof element === "string" ? scalar(element, type) : element));
  return type.isArray ? sourceValue(value, type) : scalar(value, type);
}

function scalar(text: string, { base, full, isArray }: ColumnType): string {
  switch (base) {
    case "float4":
      return number(Math.fround(Number(text)));
    case "float8":
      return number(Number(text));
    // A column that was something else before keeps a lake type that takes both: a decimal with its scale, or text.
    case "int2":
    case "int4":
    case "int8":
      return text.replace(/\.0+$/, "");
    case "bool":
      return text.replace("true", "t").replace("false", "f");
    case "money":
      return text.replace(/[$,]/g, "");
    case "hstore":
      return isArray ? text : JSON.stringify(JSON.parse(text));
    case "bit":
      return full === "bit(1)" && !isArray ? text.replace("1", "t").replace("0", "f") : text;
    default:
      return text;
  }
}

function number(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * Elements of an array's text, `{1,NULL,"a b"}`; of one with bounds, `[0:1]={1,2}`, too.
 *
 * @returns undefined for an array of arrays
 */
export function arrayElements(text: string, delimiter = ","): (string | null)[] | undefined {
  const inner = text.replace(/^(\[[-\d]+:[-\d]+\])+=/, "");
  if (inner.startsWith("{{")) return undefined;
  const elements: (string | null)[] = [];
  const element = new RegExp(
    `"((?:[^"\\\\]|\\\\.)*)"|((?:[^"\\\\${delimiter}}]|\\\\.)+)|([${delimiter}}])`,
    "gsy",
  );
  element.lastIndex = 1;
  for (let match = element.exec(inner); match; match = element.exec(inner)) {
    const [, quoted, bare] = match;
    if (quoted !== undefined) elements.push(quoted.replace(/\\(.)/gs, "$1"));
    else if (bare !== undefined) elements.push(bare === "NULL" ? null : bare.replace(/\\(.)/gs, "$1"));
  }
  return elements;
}
