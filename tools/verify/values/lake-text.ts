/** A typed value of the current state → the text that PostgreSQL prints. */

import { FLOAT4_DIGITS, FLOAT8_DIGITS } from "./postgresql-text";
import type { SourceType } from "./source-type";

const DECIMAL = /^decimal\((\d+),(-?\d+)\)$/;

/** @returns a DuckDB expression for a value and the lake's type of it */
export function lakeText(type: SourceType): (value: string, lakeType: string) => string {
  const scale = scaleOf(type);
  return (value, lakeType) => {
    const element = /^array<(.*)>$/.exec(lakeType)?.[1];
    if (element === undefined) return scalar(type, scale, value, lakeType);
    const texts = `list_transform(${value}, lambda e: ${elementText(type, scale, "e", element)})`;
    // The types of vectors print brackets.
    return type.name === "vector" || type.name === "halfvec"
      ? `translate(pg_array(${texts}), '{}', '[]')`
      : `pg_array(${texts})`;
  };
}

function scalar(type: SourceType, scale: number | undefined, value: string, lakeType: string): string {
  const text = `${value}::VARCHAR`;
  if (DECIMAL.test(lakeType) || (type.name === "money" && lakeType === "string")) {
    return `pg_with_scale(${text}, ${scale ?? 0})`;
  }
  switch (lakeType) {
    case "float":
    case "double":
      return floatText(type, value, lakeType);
    case "binary":
      return `to_base64(${value})`;
    case "date":
      return `replace(${text}, ' (BC)', ' BC')`;
    case "timestamp_ntz":
      // A date in a column that also held timestamps.
      return type.name === "date" ? `regexp_replace(${timestamp(value)}, ' 00:00:00', '')` : timestamp(value);
    case "timestamp":
      return timestamp(`make_timestamp(epoch_us(${value}))`, "+00");
    case "string":
      // What was a column of bytes, and is one of text now.
      return type.name === "bytea" ? `coalesce(to_base64(TRY(unhex(substr(${value}, 3)))), ${value})` : value;
  }
  return isFloat(type) ? floatText(type, value, lakeType) : text;
}

function elementText(type: SourceType, scale: number | undefined, value: string, lakeType: string): string {
  switch (lakeType) {
    case "boolean":
      return `CASE WHEN ${value} THEN 't' WHEN NOT ${value} THEN 'f' END`;
    case "binary":
      return `'\\x' || lower(hex(${value}))`;
  }
  return scalar({ ...type, name: type.name.replace(/^_/, "") }, scale, value, lakeType);
}

function timestamp(value: string, zone = ""): string {
  const text = `${value}::VARCHAR`;
  return `CASE WHEN ${text} LIKE '% (BC)%' THEN replace(${text}, ' (BC)', '') || '${zone} BC' ELSE ${text} || '${zone}' END`;
}

/** A whole number in a column of floats, or the other way round, prints as its own type does. */
function floatText(type: SourceType, value: string, lakeType: string): string {
  if (isFloat(type)) {
    const narrow = type.name === "float4" || type.name === "vector" || type.name === "halfvec";
    const number = narrow ? `${value}::FLOAT` : `${value}::DOUBLE`;
    return `pg_float(${number}::VARCHAR, ${narrow ? FLOAT4_DIGITS : FLOAT8_DIGITS})`;
  }
  // No exponent: the number of an integer column.
  return `pg_float(${value}::VARCHAR, ${lakeType === "float" ? 40 : 400})`;
}

function isFloat({ name }: SourceType): boolean {
  return ["float4", "float8", "vector", "halfvec"].includes(name);
}

/** Digits after the point of a `numeric(p,s)`, also of an array's elements. */
export function scaleOf({ name, modifier }: SourceType): number | undefined {
  if (name === "money") return 2;
  if (!/^_?numeric$/.test(name) || modifier < 0) return undefined;
  // NUMERIC(p,s) has (p << 16 | s) + 4 as its modifier; the scale is a signed number of 11 bits.
  const scale = (modifier - 4) & 0x7ff;
  return scale > 1000 ? 0 : scale;
}
