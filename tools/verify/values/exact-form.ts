/** Columns of a connector with our converter, which writes PostgreSQL's own texts (docs/types.md). */
import { lakeText } from "./lake-text";
import { FLOAT4_DIGITS, FLOAT8_DIGITS } from "./postgresql-text";
import { sourceText } from "./source-text";
import type { ColumnForm, SourceType } from "./source-type";

export function exactForm(type: SourceType): ColumnForm {
  return { source: sourceText(type), log: exactLog(type), state: lakeText(type) };
}

function exactLog(type: SourceType): (text: string) => string {
  return type.name === "float4" || type.name === "float8" ? floatLog(type.name) : (text) => text;
}

/** The JSON text of a float, which Java writes in a notation of its own. */
export function floatLog(name: "float4" | "float8"): (text: string) => string {
  const [lakeType, digits] = name === "float4" ? ["FLOAT", FLOAT4_DIGITS] : ["DOUBLE", FLOAT8_DIGITS];
  return (text) => `coalesce(pg_float(TRY_CAST(${text} AS ${lakeType})::VARCHAR, ${digits}), ${text})`;
}
