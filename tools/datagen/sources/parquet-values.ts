/** Parquet values as text, without loss. Pure. */
import type { ParquetParsers, SchemaElement } from "hyparquet";
import type { Value } from "./source";

/** The reader's own ones round timestamps to milliseconds, and what is JSON already need not be parsed. */
export const exactParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => instant(value, 3),
  timestampFromMicroseconds: (value) => instant(value, 6),
  timestampFromNanoseconds: (value) => instant(value, 9),
  dateFromDays: (days) =>
    days === undefined ? undefined : new Date(days * 86_400_000).toISOString().slice(0, 10),
  jsonFromBytes: (bytes) => bytes && Buffer.from(bytes).toString(),
};

/** The reader makes numbers of decimals, which have 15 exact digits; without the annotation it gives what is stored. */
export function withoutDecimal(element: SchemaElement): SchemaElement {
  if (!isDecimal(element)) return element;
  const { converted_type: _converted, logical_type: _logical, ...stored } = element;
  return stored;
}

/** How the values of a top-level column become text. */
export function textOf(element: SchemaElement): (value: unknown) => Value {
  const { logical_type: logical } = element;
  if (isDecimal(element)) {
    const scale = element.scale ?? (logical?.type === "DECIMAL" ? logical.scale : 0);
    return (value) => (value === null || value === undefined ? null : decimal(value, scale));
  }
  if (element.converted_type === "TIME_MILLIS") return (value) => asTime(value, 3);
  if (logical?.type === "TIME") {
    return (value) => asTime(value, { MILLIS: 3, MICROS: 6, NANOS: 9 }[logical.unit]);
  }
  if (element.converted_type === "TIME_MICROS") return (value) => asTime(value, 6);
  if (logical?.type === "TIMESTAMP" && !logical.isAdjustedToUTC) {
    // Without a time zone.
    return (value) => asText(value)?.replace(/Z$/, "") ?? null;
  }
  // Old writers do not mark their strings as such.
  if (element.type === "BYTE_ARRAY") {
    return (value) => (value instanceof Uint8Array ? Buffer.from(value).toString() : asText(value));
  }
  return asText;
}

export function asText(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "object") {
    return JSON.stringify(value, (_, inner) => {
      if (typeof inner === "bigint")
        return Number.isSafeInteger(Number(inner)) ? Number(inner) : String(inner);
      return inner instanceof Uint8Array ? asText(inner) : inner;
    });
  }
  return String(value);
}

function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === "DECIMAL" || logical_type?.type === "DECIMAL";
}

/** `stored`: the digits without the point, as an integer or as big-endian bytes in two's complement. */
function decimal(stored: unknown, scale: number): string {
  const digits =
    stored instanceof Uint8Array
      ? BigInt.asIntN(stored.length * 8, BigInt(`0x${Buffer.from(stored).toString("hex") || "0"}`))
      : BigInt(stored as number | bigint);
  return withPoint(digits, scale);
}

function withPoint(digits: bigint, scale: number): string {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** ISO 8601 in UTC; `digits` of the second's fraction are stored, and ending zeros are left out. */
function instant(value: bigint | undefined, digits: number): string | undefined {
  if (value === undefined) return undefined;
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((BigInt(value) % perSecond) + perSecond) % perSecond;
  const seconds = (BigInt(value) - fraction) / perSecond;
  return new Date(Number(seconds) * 1000)
    .toISOString()
    .replace(".000Z", `${fractionText(fraction, digits)}Z`);
}

function asTime(value: unknown, digits: number): Value {
  if (value === null || value === undefined) return null;
  const perSecond = 10n ** BigInt(digits);
  const stored = BigInt(value as number | bigint);
  const clock = new Date(Number(stored / perSecond) * 1000).toISOString().slice(11, 19);
  return clock + fractionText(stored % perSecond, digits);
}

function fractionText(fraction: bigint, digits: number): string {
  return fraction === 0n ? "" : `.${String(fraction).padStart(digits, "0").replace(/0+$/, "")}`;
}
