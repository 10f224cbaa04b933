/** Dates and times, as `time.precision.mode` adaptive, adaptive_time_microseconds and connect write them. */
import type { ColumnForm } from "./column-form";

type Unit = "milliseconds" | "microseconds";

/** Days since 1970-01-01. */
export const dateForm: ColumnForm = {
  source: (column) =>
    `CASE WHEN isfinite(${column}) THEN (${column} - DATE '1970-01-01')::text ELSE ${column}::text END`,
  // What Debezium makes of the infinite dates: beyond the last day that PostgreSQL has.
  lake: (text) => infinities(text, { "2146033979": "infinity", "-2147483648": "-infinity" }),
};

/** Since 1970-01-01 00:00:00, as if it were UTC. */
export function timestampForm(unit: Unit): ColumnForm {
  return {
    source: (column) =>
      `CASE WHEN isfinite(${column}) THEN ${since1970(column, unit)} ELSE ${column}::text END`,
    lake: (text) =>
      infinities(text, {
        "9223372036825200000": "infinity",
        "9223372036854775807": "infinity",
        "-9223372036832400000": "-infinity",
        "-9223372036854775808": "-infinity",
      }),
  };
}

/** ISO 8601 in UTC; trailing zeros of the fraction do not count. */
export const timestamptzForm: ColumnForm = {
  source: (column) => {
    const utc = `(${column} AT TIME ZONE 'UTC')`;
    const year = `(extract(year FROM ${utc})::int + CASE WHEN extract(year FROM ${utc}) < 0 THEN 1 ELSE 0 END)`;
    const shownYear = `CASE WHEN ${year} > 9999 THEN '+' WHEN ${year} < 0 THEN '-' ELSE '' END || lpad(abs(${year})::text, greatest(4, length(abs(${year})::text)), '0')`;
    return `CASE WHEN isfinite(${column}) THEN ${shownYear} || to_char(${utc}, '-MM-DD"T"HH24:MI:SS') || ${fraction(`to_char(${utc}, '.US')`)} || 'Z' ELSE ${column}::text END`;
  },
  lake: withoutTrailingZeros,
};

/** Since midnight. */
export function timeForm(unit: Unit): ColumnForm {
  return { source: (column) => since1970(column, unit), lake: (text) => text };
}

/** In UTC. */
export const timetzForm: ColumnForm = {
  source: (column) => `(${column} AT TIME ZONE 'UTC')::time::text || 'Z'`,
  lake: withoutTrailingZeros,
};

function since1970(column: string, unit: Unit): string {
  return `(extract(epoch FROM ${column}) * ${unit === "milliseconds" ? "1000" : "1000000"})::bigint::text`;
}

function fraction(text: string): string {
  return `rtrim(rtrim(${text}, '0'), '.')`;
}

function withoutTrailingZeros(text: string): string {
  return `CASE WHEN ${text} LIKE '%.%Z' THEN rtrim(rtrim(rtrim(${text}, 'Z'), '0'), '.') || 'Z' ELSE ${text} END`;
}

function infinities(text: string, names: Record<string, string>): string {
  const cases = Object.entries(names).map(([number, name]) => `WHEN '${number}' THEN '${name}'`);
  return `CASE ${text} ${cases.join(" ")} ELSE ${text} END`;
}
