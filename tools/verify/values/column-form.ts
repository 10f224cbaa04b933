/**
 * One text for a value, whichever side it comes from. The lake holds the JSON text that Debezium's connector wrote;
 * for each PostgreSQL type there is an SQL expression for PostgreSQL and one for DuckDB that end in the same text.
 * NULL stays NULL.
 *
 * Source: Debezium's documentation of the PostgreSQL connector 3.7, "Data type mappings", and what it was seen to write.
 */
import { bitText, bytesText, decimalLake, decimalSource, intervalMicroseconds } from "./binary-forms";
import { numberLake, numberSource } from "./number-forms";
import { dateForm, timeForm, timestampForm, timestamptzForm, timetzForm } from "./time-forms";

/** Connector properties that decide how values are written; absent ones have Debezium's defaults. */
export type ValueModes = Readonly<Record<string, string | undefined>>;

export interface SourceType {
  /** `pg_type.typname`, that of the base type when the column has a domain; an array's is its element's with `_` before. */
  readonly name: string;
  /** `pg_type.typtype`: `b` base, `e` enum, `c` composite … */
  readonly kind: string;
  /** Of the array's element; `e` for an array of an enum. */
  readonly elementKind: string | null;
  /** `pg_attribute.atttypmod`; -1 when the type has none. */
  readonly modifier: number;
}

export interface ColumnForm {
  /** PostgreSQL expression of type text for a column's expression. */
  readonly source: (column: string) => string;
  /** DuckDB expression for an expression that holds the lake's text. */
  readonly lake: (text: string) => string;
}

/** What the value prints as, the way PostgreSQL sends it to clients and to Debezium; a cast differs for some types. */
const printed: ColumnForm = {
  source: (column) => `CASE WHEN ${column} IS NOT NULL THEN format('%s', ${column}) END`,
  lake: (text) => text,
};
const cast: ColumnForm = { source: (column) => `${column}::text`, lake: (text) => text };

const AS_CAST = new Set(["int2", "int4", "int8", "oid", "bool", "text", "varchar", "uuid", "json", "jsonb"]);
const AS_PRINTED = new Set(["bpchar", "inet", "cidr", "macaddr", "macaddr8", "xml", "citext", "ltree"]);
const ARRAYS = new Set(["_int2", "_int4", "_int8", "_bool", "_text", "_varchar", "_uuid"]);

/** How values of this type are compared; undefined when they cannot be compared exactly. */
export function columnForm(type: SourceType, modes: ValueModes): ColumnForm | undefined {
  if (type.kind === "e" || AS_PRINTED.has(type.name)) return printed;
  if (AS_CAST.has(type.name)) return cast;
  if (ARRAYS.has(type.name) || type.elementKind === "e") {
    return { source: (column) => `to_json(${column})::text`, lake: (text) => text };
  }
  switch (type.name) {
    case "float4":
    case "float8": {
      const lakeType = type.name === "float4" ? "FLOAT" : "DOUBLE";
      return {
        source: (column) => numberSource(`${column}::text`),
        lake: (text) => numberLake(text, lakeType),
      };
    }
    case "numeric":
      return decimal(type, modes);
    case "bytea":
      return bytesText(modes["binary.handling.mode"] ?? "bytes");
    case "bit":
      return type.modifier === 1 ? bitText : undefined;
    case "interval":
      return (modes["interval.handling.mode"] ?? "numeric") === "numeric" ? intervalMicroseconds : undefined;
  }
  const timeMode = modes["time.precision.mode"] ?? "adaptive";
  if (!["adaptive", "adaptive_time_microseconds", "connect"].includes(timeMode)) return undefined;
  // No precision means 6 digits.
  const digits = type.modifier < 0 ? 6 : type.modifier;
  switch (type.name) {
    case "date":
      return dateForm;
    case "timestamp":
      return timestampForm(timeMode === "connect" || digits <= 3 ? "milliseconds" : "microseconds");
    case "timestamptz":
      return timestamptzForm;
    case "time":
      if (timeMode === "adaptive_time_microseconds") return timeForm("microseconds");
      return timeForm(timeMode === "connect" || digits <= 3 ? "milliseconds" : "microseconds");
    case "timetz":
      return timetzForm;
  }
  return undefined;
}

function decimal({ modifier }: SourceType, modes: ValueModes): ColumnForm | undefined {
  switch (modes["decimal.handling.mode"] ?? "precise") {
    case "precise": {
      // NUMERIC(p,s) has (p << 16 | s) + 4 as its modifier; without one each value has its own scale.
      if (modifier < 0) return { source: decimalSource(undefined), lake: decimalLake(false) };
      const scale = (modifier - 4) & 0x7ff;
      return scale > 1000 ? undefined : { source: decimalSource(scale), lake: decimalLake(true) };
    }
    case "string":
      return { source: (column) => `${column}::text`, lake: (text) => text };
    case "double":
      return {
        source: (column) => numberSource(`${column}::float8::text`),
        lake: (text) => numberLake(text, "DOUBLE"),
      };
  }
  return undefined;
}
