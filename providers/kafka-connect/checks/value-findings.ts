/**
 * Values that do not arrive as they are in PostgreSQL. What Debezium 3.7 does with each type was seen on a running connector:
 * with our converter nearly everything is exact, without it some is left out and some changed.
 */

import { entriesOf } from "../debezium/table-names";
import type { ConnectorConfig } from "../rest/api";
import { COLUMNS_SHOWN, listing } from "../text/listing";
import type { CapturedColumn } from "./captured-column";
import { configWarning, type Finding } from "./finding";

const LIST = "table.include.list";
/** The converter that writes each value as PostgreSQL does (images/kafka-connect/converter). */
const EXACT = "cdc.connect.ExactValues";
const CONNECTIONS = "cdc.connect.ExactConnections";
/** Kafka's and ours: they have the setting `replace.null.with.default`, which is on by default. */
const JSON_CONVERTERS = /(^|\.)(SchemaCaching)?JsonConverter$/;

/** Base types for which Debezium itself has a form; a type that is not here is left out. */
const KNOWN = new Set(
  (
    "bool bytea name int2 int4 int8 text oid json xml point lseg path box polygon line float4 float8 circle money macaddr inet cidr macaddr8 bpchar " +
    "varchar date time timestamp timestamptz interval timetz bit varbit numeric uuid tsvector jsonb int4range numrange tsrange tstzrange daterange " +
    "int8range hstore citext ltree isbn vector halfvec sparsevec geometry geography"
  ).split(" "),
);
/** Of those, the ones for whose arrays it has none. */
const NO_ARRAYS = new Set([
  "name",
  "xml",
  "point",
  "money",
  "interval",
  "varbit",
  "vector",
  "halfvec",
  "sparsevec",
  "geometry",
  "geography",
]);
/** Types whose large values become NULL or an object, where they are not logged. Of texts they become a placeholder, which the lake knows. */
const MANGLED_WHEN_UNLOGGED = new Set(["numeric", "varbit", "polygon", "path", "hstore"]);
const WITH_INFINITY = new Set(["date", "timestamp", "timestamptz"]);

/** Whether the config has the converter for every column. */
export function hasExactValues(config: ConnectorConfig): boolean {
  return entriesOf(config.converters).some((name) => config[`${name}.type`]?.trim() === EXACT);
}

/** Whether the converter gets the changes' values as PostgreSQL's text: Debezium's own class for intervals has no infinity. */
function hasTextOfStream(config: ConnectorConfig): boolean {
  return (
    entriesOf(config.converters).includes("database") &&
    config["database.type"]?.trim() === EXACT &&
    config["database.connection.factory.class"]?.trim() === CONNECTIONS
  );
}

export function valueFindings(config: ConnectorConfig, columns: readonly CapturedColumn[]): Finding[] {
  const intervals = columns.filter(({ base, element }) => base.name === "interval" && !element);
  const lost = hasTextOfStream(config)
    ? []
    : about(intervals, "an interval of infinity arrives as 0, which cannot be told apart from it");
  return [
    ...(hasExactValues(config) ? exactFindings(config, columns) : nativeFindings(config, columns)),
    ...lost,
  ];
}

/** With the converter, what two other settings are needed for. */
function exactFindings(config: ConnectorConfig, columns: readonly CapturedColumn[]): Finding[] {
  const findings: Finding[] = [];
  const unknown = columns.filter((column) => !isKnown(column) || column.base.name === "name");
  if (config["include.unknown.datatypes"] !== "true" && unknown.length > 0) {
    findings.push(
      configWarning(
        "include.unknown.datatypes",
        `has to be true for ${paths(unknown)}, or they are NULL in every change: the snapshot has them, the log's reader gives the converter nothing`,
      ),
    );
  }
  const binary = columns.filter(({ base, element }) => element || base.name === "timetz");
  if (config["driver.binaryTransfer"] !== "false" && binary.length > 0) {
    findings.push(
      configWarning(
        "driver.binaryTransfer",
        `has to be false for ${paths(binary)}, or rows sent later (incremental snapshots) have them without lower bounds and time zones`,
      ),
    );
  }
  return findings;
}

function nativeFindings(config: ConnectorConfig, columns: readonly CapturedColumn[]): Finding[] {
  const known = columns.filter(isKnown);
  const withUnknown = config["include.unknown.datatypes"] === "true";
  const arrays = known.filter(({ element }) => element);
  const unlogged = known
    .filter(({ table, isOutOfLine }) => isOutOfLine && table.identity.kind !== "whole row")
    .filter(isMangled);
  const findings = [
    ...about(
      columns.filter((column) => !isKnown(column)),
      withUnknown
        ? "Debezium does not know the type, and sends bytes without one"
        : "left out: Debezium does not know the type",
    ),
    ...about(
      withUnknown ? [] : known.filter(({ base, element }) => base.name === "name" && !element),
      "NULL in every change, the snapshot has it",
    ),
    ...about(
      known.filter(({ base, element }) => base.name === "interval" && !element),
      "arrives as a number of microseconds, which months and years are only about, and which long ones exceed",
    ),
    ...about(
      known.filter(({ base, isNotNull }) => isNotNull && base.name === "numeric"),
      "NaN or infinity stops the connector: it is sent as NULL, and the column is NOT NULL",
    ),
    ...about(
      unlogged.filter(({ isNotNull }) => isNotNull),
      "an update that leaves a large value alone stops the connector, or puts another value in its place, unless the table has REPLICA IDENTITY FULL",
    ),
    ...about(
      unlogged.filter(({ isNotNull }) => !isNotNull),
      "an update that leaves a large value alone sends NULL or another value in its place, unless the table has REPLICA IDENTITY FULL",
    ),
    ...about(
      known.filter(({ base, element }) => WITH_INFINITY.has(element?.name ?? base.name)),
      "infinity and years BC arrive as other values",
    ),
    ...about(
      arrays,
      "arrays of more than one dimension, and elements that are no plain numbers or texts, arrive as other values",
    ),
    ...about(
      replacedNulls(config, columns),
      'NULL arrives as the column\'s DEFAULT: set "value.converter.replace.null.with.default": "false"',
    ),
  ];
  if (findings.length === 0) return [];
  return [
    ...findings,
    configWarning(
      "converters",
      `lacks ${EXACT}, with which each value arrives as it is in PostgreSQL: "converters": "exact", "exact.type": "${EXACT}", ` +
        '"include.unknown.datatypes": "true", "driver.binaryTransfer": "false"',
    ),
  ];
}

function isKnown({ base, element }: CapturedColumn): boolean {
  if (element?.isDomain) return false;
  const { kind, name } = element ?? base;
  return kind === "enum" || (KNOWN.has(name) && !(element && NO_ARRAYS.has(name)));
}

/** Whether a value of it that is not logged arrives as something else. */
function isMangled({ base, element }: CapturedColumn): boolean {
  return element !== undefined || MANGLED_WHEN_UNLOGGED.has(base.name);
}

function replacedNulls(config: ConnectorConfig, columns: readonly CapturedColumn[]): CapturedColumn[] {
  const replaces =
    JSON_CONVERTERS.test(config["value.converter"] ?? "") &&
    config["value.converter.replace.null.with.default"] !== "false";
  return replaces ? columns.filter(({ hasDefault, isNotNull }) => hasDefault && !isNotNull) : [];
}

function about(columns: readonly CapturedColumn[], text: string): Finding[] {
  return columns.length === 0 ? [] : [configWarning(LIST, `has ${paths(columns)}: ${text}`)];
}

function paths(columns: readonly CapturedColumn[]): string {
  return listing(
    columns.map(({ path, type }) => `${path} (${type})`),
    COLUMNS_SHOWN,
  );
}
