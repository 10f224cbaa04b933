/**
 * What Debezium writes without a converter of ours → the text that PostgreSQL prints. Pure; used from SQL (functions.ts).
 * What is not in the expected form stays as it is, and so differs.
 *
 * Source: Debezium's documentation of the PostgreSQL connector 3.7, "Data type mappings", and what it was seen to write.
 */
import { decimalText } from "./postgresql-text";

const MICROSECONDS_A_DAY = 86_400_000_000n;
/** What Debezium makes of the infinite dates and timestamps: beyond the last moment that PostgreSQL has. */
const INFINITE: Readonly<Record<string, string>> = {
  "2146033979": "infinity",
  "-2147483648": "-infinity",
  "9223372036825200000": "infinity",
  "9223372036854775807": "infinity",
  "-9223372036832400000": "-infinity",
  "-9223372036854775808": "-infinity",
};

/** `io.debezium.time.Date`: days since 1970-01-01. */
export function dateFromDays(text: string): string {
  if (!isWhole(text)) return text;
  return INFINITE[text] ?? dated(BigInt(text), "");
}

/** Since 1970-01-01 00:00:00. @param factor microseconds of one unit */
export function timestampFrom(text: string, factor: bigint): string {
  if (!isWhole(text)) return text;
  if (INFINITE[text]) return INFINITE[text];
  const microseconds = BigInt(text) * factor;
  const days = floorDivided(microseconds, MICROSECONDS_A_DAY);
  return dated(days, ` ${timeOfDay(microseconds - days * MICROSECONDS_A_DAY)}`);
}

/** `io.debezium.time.ZonedTimestamp`: ISO 8601 in UTC, with an astronomical year. */
export function timestamptzFromIso(text: string): string {
  const [, sign, year, day, time] = /^([+-]?)(\d{4,})(-\d\d-\d\d)T([\d:.]+)Z$/.exec(text) ?? [];
  if (year === undefined || time === undefined) return text;
  const beforeChrist = sign === "-" || Number(year) === 0;
  const shown = beforeChrist ? String(1 + Number(year)).padStart(4, "0") : year;
  return `${shown}${day} ${withoutZeros(time)}+00${beforeChrist ? " BC" : ""}`;
}

/** Since midnight. @param factor microseconds of one unit */
export function timeFrom(text: string, factor: bigint): string {
  return isWhole(text) ? timeOfDay(BigInt(text) * factor) : text;
}

/** `io.debezium.time.ZonedTime`: in UTC. */
export function timetzFromIso(text: string): string {
  return text.endsWith("Z") ? `${withoutZeros(text.slice(0, -1))}Z` : text;
}

/** `org.apache.kafka.connect.data.Decimal`: base64 of the unscaled number. */
export function decimalFromBytes(text: string, scale: number): string {
  const unscaled = signed(text);
  return unscaled === undefined ? text : decimalText(unscaled, scale);
}

/** `io.debezium.data.VariableScaleDecimal`: `{"scale":…,"value":"<base64>"}`. */
export function decimalFromStruct(text: string): string {
  const [, scale] = /"scale":(-?\d+)/.exec(text) ?? [];
  const [, value] = /"value":"([^"]*)"/.exec(text) ?? [];
  const unscaled = value === undefined ? undefined : signed(value);
  return scale === undefined || unscaled === undefined ? text : decimalText(unscaled, Number(scale));
}

/** Big-endian two's complement. */
function signed(base64: string): bigint | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, "base64");
  return bytes.length === 0
    ? undefined
    : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
}

function isWhole(text: string): boolean {
  return /^-?\d+$/.test(text);
}

/** Proleptic Gregorian, by the days of an era of 400 years. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function dated(days: bigint, time: string): string {
  const shifted = days + 719_468n;
  const era = floorDivided(shifted, 146_097n);
  const dayOfEra = Number(shifted - era * 146_097n);
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = Number(era) * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  const shown = String(year > 0 ? year : 1 - year).padStart(4, "0");
  return `${shown}-${twoDigits(month)}-${twoDigits(day)}${time}${year > 0 ? "" : " BC"}`;
}

function timeOfDay(microseconds: bigint): string {
  const seconds = Number(microseconds / 1_000_000n);
  const fraction = String(microseconds % 1_000_000n).padStart(6, "0");
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return withoutZeros(`${parts.map(twoDigits).join(":")}.${fraction}`);
}

function withoutZeros(time: string): string {
  return time.includes(".") ? time.replace(/\.?0+$/, "") : time;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function floorDivided(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
