/** Columns of a connector without our converter: what Debezium itself makes of a value, where that is exact. */
import { floatLog } from "./exact-form";
import { lakeText, scaleOf } from "./lake-text";
import { printed, sourceText } from "./source-text";
import type { ColumnForm, SourceType, ValueModes } from "./source-type";

const AS_IT_IS = (text: string) => text;
const PLAIN = new Set([
  ...["int2", "int4", "int8", "oid", "bool", "text", "varchar", "uuid", "json", "jsonb"],
  ...["bpchar", "inet", "cidr", "macaddr", "macaddr8", "xml", "citext", "ltree"],
]);
const ARRAYS = new Set(["_int2", "_int4", "_int8", "_text", "_varchar", "_uuid"]);
const TIME_MODES = ["adaptive", "adaptive_time_microseconds", "connect"];
const MILLISECOND = 1000;
const MICROSECOND = 1;

export function nativeForm(type: SourceType, modes: ValueModes): ColumnForm {
  const source = sourceText(type);
  const state = lakeText(type);
  const compared = (log: (text: string) => string, other: Partial<ColumnForm> = {}): ColumnForm => ({
    source,
    state,
    ...other,
    log,
  });
  if (type.kind === "e" || PLAIN.has(type.name)) return compared(AS_IT_IS);
  if (ARRAYS.has(type.name) || type.elementKind === "e") return compared(jsonArray(""));
  const special = specialForm(type, modes, compared);
  return special ?? { source: printed, log: undefined, state };
}

type Compared = (log: (text: string) => string, other?: Partial<ColumnForm>) => ColumnForm;

function specialForm(type: SourceType, modes: ValueModes, compared: Compared): ColumnForm | undefined {
  switch (type.name) {
    case "_bool":
      return compared(jsonArray("CASE e WHEN 'true' THEN 't' WHEN 'false' THEN 'f' ELSE e END"));
    case "float4":
    case "float8":
      return compared(floatLog(type.name));
    case "numeric":
      return numeric(type, modes["decimal.handling.mode"] ?? "precise", compared);
    case "bytea":
      return bytes(modes["binary.handling.mode"] ?? "bytes", compared);
    case "bit":
      return type.modifier === 1 ? compared(AS_IT_IS) : undefined;
    case "interval":
      return (modes["interval.handling.mode"] ?? "numeric") === "numeric"
        ? compared(AS_IT_IS, { source: intervalMicroseconds, state: (value) => `${value}::VARCHAR` })
        : undefined;
  }
  const timeMode = modes["time.precision.mode"] ?? "adaptive";
  return TIME_MODES.includes(timeMode) ? temporal(type, timeMode, compared) : undefined;
}

function temporal(type: SourceType, timeMode: string, compared: Compared): ColumnForm | undefined {
  // No precision means 6 digits.
  const digits = type.modifier < 0 ? 6 : type.modifier;
  const unit = timeMode === "connect" || digits <= 3 ? MILLISECOND : MICROSECOND;
  // The connect mode keeps no more than milliseconds of a value.
  const rounded = timeMode === "connect" && digits > 3;
  switch (type.name) {
    case "date":
      return compared((text) => `debezium_date(${text})`);
    case "timestamp":
      return compared(
        (text) => `debezium_timestamp(${text}, ${unit})`,
        rounded ? { source: (column) => `date_trunc('milliseconds', ${column})::text` } : {},
      );
    case "timestamptz":
      return compared((text) => `debezium_timestamptz(${text})`);
    case "time": {
      const timeUnit = timeMode === "adaptive_time_microseconds" ? MICROSECOND : unit;
      return compared((text) => `debezium_time(${text}, ${timeUnit})`, {
        state: (value) => withoutZeros(value, ""),
        ...(rounded ? { source: (column) => `date_trunc('milliseconds', ${column}::interval)::text` } : {}),
      });
    }
    case "timetz":
      return compared((text) => `debezium_timetz(${text})`, {
        source: (column) => `(${column} AT TIME ZONE 'UTC')::time::text || 'Z'`,
        state: (value) => withoutZeros(value, "Z"),
      });
  }
  return undefined;
}

function withoutZeros(value: string, end: string): string {
  return `CASE WHEN ${value} LIKE '%.%' THEN rtrim(rtrim(rtrim(${value}, 'Z'), '0'), '.') || '${end}' ELSE ${value} END`;
}

/** @param element expression for the text `e` of an element; empty: as it is */
function jsonArray(element: string): (text: string) => string {
  return (text) => {
    const texts = `TRY_CAST(TRY_CAST(${text} AS JSON) AS VARCHAR[])`;
    const elements = element ? `list_transform(${texts}, lambda e: ${element})` : texts;
    return `coalesce(pg_array(${elements}), ${text})`;
  };
}

function numeric(type: SourceType, mode: string, compared: Compared): ColumnForm | undefined {
  const scale = scaleOf(type);
  switch (mode) {
    case "precise":
      if (scale !== undefined) return compared((text) => `debezium_decimal(${text}, ${scale})`);
      // Debezium leaves out zeros at the end where the type has no scale.
      return compared((text) => `debezium_variable_decimal(${text})`, {
        source: (column) => `trim_scale(${column})::text`,
      });
    case "string":
      return compared(AS_IT_IS);
    case "double":
      return compared(floatLog("float8"), {
        source: (column) => `${column}::float8::text`,
        state: lakeText({ ...type, name: "float8" }),
      });
  }
  return undefined;
}

function bytes(mode: string, compared: Compared): ColumnForm | undefined {
  switch (mode) {
    case "bytes":
    case "base64":
      return compared(AS_IT_IS);
    case "base64-url-safe":
      return compared((text) => `translate(${text}, '-_', '+/')`);
    case "hex":
      return compared((text) => `coalesce(to_base64(TRY(unhex(${text}))), ${text})`);
  }
  return undefined;
}

/** In microseconds, a month being 30.4375 days. */
function intervalMicroseconds(column: string): string {
  const part = (name: string) => `extract(${name} FROM ${column})`;
  return `trunc((${part("year")} * 12 + ${part("month")}) * 2629800000000 + ${part("day")} * 86400000000
    + (${part("hour")} * 3600 + ${part("minute")} * 60 + ${part("second")}) * 1000000)::text`;
}
