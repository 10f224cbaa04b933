/** Values that Debezium writes as bytes, and numbers made of them. */
import type { ColumnForm } from "./column-form";

/** Largest number of bytes of an unscaled decimal whose digits are compared; 36 decimal digits fit. */
const COMPARED_BYTES = 15;

/** BYTEA, as `binary.handling.mode` says. */
export function bytesText(mode: string): ColumnForm | undefined {
  const base64 = (column: string) => `translate(encode(${column}, 'base64'), E'\\n', '')`;
  switch (mode) {
    case "bytes":
    case "base64":
      return { source: base64, lake: (text) => text };
    case "base64-url-safe":
      return {
        source: (column) => `translate(${base64(column)}, '+/', '-_')`,
        lake: (text) => text,
      };
    case "hex":
      return { source: (column) => `encode(${column}, 'hex')`, lake: (text) => text };
  }
  return undefined;
}

/** BIT(1) is a boolean. */
export const bitText: ColumnForm = {
  source: (column) => `(${column} = B'1')::text`,
  lake: (text) => text,
};

/** INTERVAL in microseconds, a month being 30.4375 days. */
export const intervalMicroseconds: ColumnForm = {
  source: (column) =>
    `((extract(year FROM ${column}) * 12 + extract(month FROM ${column})) * 2629800000000 + extract(day FROM ${column}) * 86400000000 + (extract(hour FROM ${column}) * 3600 + extract(minute FROM ${column}) * 60 + extract(second FROM ${column})) * 1000000)::bigint::text`,
  lake: (text) => text,
};

/**
 * NUMERIC, with `decimal.handling.mode` precise: the unscaled number and, where each value has its own, its scale.
 * Of numbers with more than 36 digits the text says only how many bytes they have and their last 60 bits.
 *
 * @param scale digits after the point; undefined when each value has its own
 */
export function decimalSource(scale: number | undefined): (column: string) => string {
  return (column) => {
    // Debezium leaves out zeros at the end where the type has no scale.
    const digits = scale === undefined ? `scale(trim_scale(${column}))` : `${scale}`;
    const unscaled = `trunc(${column} * power(10::numeric, ${digits}))`;
    const suffix = scale === undefined ? ` || 'e-' || ${digits}` : "";
    return `CASE WHEN ${column}::text IN ('NaN', 'Infinity', '-Infinity') THEN ${column}::text ELSE ${unscaledText(unscaled)}${suffix} END`;
  };
}

function unscaledText(unscaled: string): string {
  const limit = `${2n ** BigInt(8 * COMPARED_BYTES - 1)}::numeric`;
  // The last 60 bits of the two's complement, as a number that is not negative.
  const low = `mod(mod(n, ${2n ** 60n}) + ${2n ** 60n}, ${2n ** 60n})::text`;
  return `(SELECT CASE WHEN n >= -${limit} AND n < ${limit} THEN n::text ELSE 'low60:' || ${low} END FROM (SELECT ${unscaled} AS n) AS unscaled)`;
}

/** @param fixedScale whether the lake's text is just base64, or `{"scale":…,"value":"<base64>"}` */
export function decimalLake(fixedScale: boolean): (text: string) => string {
  return (text) => {
    if (fixedScale) return number(text, text);
    const value = `(TRY_CAST(${text} AS JSON)->>'value')`;
    return `${number(value, text)} || 'e-' || coalesce(TRY_CAST(${text} AS JSON)->>'scale', '?')`;
  };
}

/** Big-endian two's complement in base64 → digits. What is no base64 keeps its text, and so differs. */
function number(base64: string, text: string): string {
  const hex = `hex(TRY(from_base64(${base64})))`;
  const low = `('0x' || right(${hex}, 15))::BIGINT::HUGEINT`;
  const high = `CASE WHEN length(${hex}) > 15 THEN ('0x' || left(${hex}, length(${hex}) - 15))::BIGINT::HUGEINT ELSE 0::HUGEINT END`;
  const unsigned = `((${high}) * ${2n ** 60n}::HUGEINT + ${low})`;
  const sign = `CASE WHEN left(${hex}, 1) >= '8' THEN (1::HUGEINT << (length(${hex}) * 4)) ELSE 0::HUGEINT END`;
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN coalesce(${hex}, '') = '' THEN ${text} WHEN length(${hex}) > ${2 * COMPARED_BYTES} THEN 'low60:' || ${low} ELSE (${unsigned} - ${sign})::VARCHAR END`;
}
