/** Where changes of captured tables may be missing: what the source is now against what was captured. */

import type { PublicationFacts, SourceFacts, SourceQuestion, SourceTable } from "../database/source-facts";
import { DEBEZIUM_POSTGRES_NAMES, literalTables, replicationOf } from "../debezium/postgres";
import type { ConnectorConfig } from "../rest/api";
import { listing } from "../text/listing";
import type { SourceIdentity, TableIdentity } from "./source-identity";

export interface Gap {
  /**
   * What closes it: reading the rows of the tables again; a new slot with a new snapshot; mending the publication alone; or
   * something that only a person can decide.
   */
  readonly cure: "read again" | "start over" | "publication" | "person";
  /** The tables, `schema.table`, whose changes may be missing. */
  readonly tables: readonly string[];
  /** One sentence without its full stop. */
  readonly text: string;
}

/** What to ask the database; undefined for a connector that is not Debezium's for PostgreSQL, or lists patterns only. */
export function gapQuestion(
  config: ConnectorConfig,
  recorded: SourceIdentity | undefined,
): SourceQuestion | undefined {
  const replication = replicationOf(config);
  const tables = literalTables(config);
  if (!replication || tables.length === 0) return undefined;
  const { signalTable: signals } = replication;
  return {
    tables: signals ? [...tables, `${signals.schema}.${signals.table}`] : tables,
    publication: publicationOf(config),
    slot: replication.slot,
    oids: Object.values(recorded?.tables ?? {}).map(({ oid }) => oid),
  };
}

/** The publication that the connector reads through, whoever made it. */
export function publicationOf(config: ConnectorConfig): string | undefined {
  const usesOne =
    DEBEZIUM_POSTGRES_NAMES.includes(config["connector.class"] ?? "") && config["plugin.name"] === "pgoutput";
  return usesOne ? (config["publication.name"] ?? "dbz_publication") : undefined;
}

/**
 * @param recorded what was captured when it was last known to be complete; undefined: nothing to compare with
 * @param captured the tables that are captured already; one just listed is in no publication yet
 * @param position how far the connector had read the log, in bytes, at a moment before the facts; undefined: not known
 */
export function findGaps(
  config: ConnectorConfig,
  recorded: SourceIdentity | undefined,
  captured: readonly string[],
  facts: SourceFacts,
  position: number | undefined,
): Gap[] {
  const tables = literalTables(config).filter((table) => captured.includes(table));
  if (tables.length === 0) return [];
  return [
    ...serverGaps(recorded, tables, facts, position),
    ...slotGaps(config, tables, facts),
    ...publicationGaps(config, recorded, tables, facts),
    ...tables.flatMap((name) => tableGaps(name, recorded?.tables[name], facts)),
  ];
}

function serverGaps(
  recorded: SourceIdentity | undefined,
  tables: readonly string[],
  { server, position: end }: SourceFacts,
  position: number | undefined,
): Gap[] {
  if (position !== undefined && end !== undefined && position > end) {
    const text = `the server's log ends before the position that the connector has read: it was restored from a copy`;
    return [{ cure: "start over", tables, text }];
  }
  const before = recorded?.server;
  if (!before || !server) return [];
  const runsBackwards = "positions in its log may run backwards, so changes would be taken for old ones";
  if (before.systemIdentifier !== server.systemIdentifier) {
    const text = `the database is on another server than before (system identifier ${server.systemIdentifier}, was ${before.systemIdentifier}): ${runsBackwards}`;
    return [{ cure: "start over", tables, text }];
  }
  if (before.timeline !== server.timeline) {
    const text = `the server was restored or promoted (timeline ${server.timeline}, was ${before.timeline}): ${runsBackwards}`;
    return [{ cure: "start over", tables, text }];
  }
  return [];
}

function slotGaps(config: ConnectorConfig, tables: readonly string[], { slot }: SourceFacts): Gap[] {
  const name = replicationOf(config)?.slot;
  if (!slot) {
    const text = `replication slot ${name} is gone, and with it the changes that were not read yet`;
    return [{ cure: "start over", tables, text }];
  }
  if (slot.walStatus !== "lost") return [];
  const reason = slot.reason ? ` (${slot.reason})` : "";
  const text = `PostgreSQL gave up replication slot ${name}${reason}, and with it the changes that were not read yet`;
  return [{ cure: "start over", tables, text }];
}

function publicationGaps(
  config: ConnectorConfig,
  recorded: SourceIdentity | undefined,
  tables: readonly string[],
  facts: SourceFacts,
): Gap[] {
  const name = publicationOf(config);
  if (!name) return [];
  const { publication } = facts;
  const isOurs = replicationOf(config)?.publication !== undefined;
  if (!publication) {
    const cure = isOurs ? "start over" : "person";
    return [{ cure, tables, text: `publication ${name} is gone` }];
  }
  const gaps: Gap[] = [];
  if (isRemade(recorded, publication)) {
    // The log between is decoded with the catalog of that time, in which it does not exist: the slot cannot pass.
    const cure = isOurs ? "start over" : "person";
    gaps.push({ cure, tables, text: `publication ${name} was dropped and made again` });
  }
  const lacking = wantedOperations(config).filter((operation) => !publication.operations.includes(operation));
  if (lacking.length > 0) {
    gaps.push({
      cure: isOurs ? "read again" : "person",
      tables,
      text: `publication ${name} does not publish ${lacking.join(", ")}`,
    });
  }
  gaps.push(...rootGaps(config, name, tables, facts));
  for (const table of tables) {
    const found = facts.tables[table];
    if (found) gaps.push(...memberGaps(config, table, found, recorded, publication));
  }
  const signals = replicationOf(config)?.signalTable;
  const signalTable = signals && `${signals.schema}.${signals.table}`;
  if (isOurs && signalTable && facts.tables[signalTable]?.isPublished === false) {
    const text = `${signalTable} is not in publication ${name}, so requests do not reach the connector`;
    gaps.push({ cure: "publication", tables: [], text });
  }
  return gaps;
}

function rootGaps(
  config: ConnectorConfig,
  name: string,
  tables: readonly string[],
  facts: SourceFacts,
): Gap[] {
  const roots = tables.filter((table) => facts.tables[table]?.kind === "p");
  if (roots.length === 0 || facts.publication?.viaRoot) return [];
  const text = `publication ${name} lacks publish_via_partition_root, so changes of the partitions of ${listing(roots)} do not arrive`;
  return viaRoot(config)
    ? [{ cure: "read again", tables: roots, text }]
    : [{ cure: "person", tables: roots, text: `${text}: set "publish.via.partition.root": "true"` }];
}

function memberGaps(
  config: ConnectorConfig,
  name: string,
  table: SourceTable,
  recorded: SourceIdentity | undefined,
  publication: PublicationFacts,
): Gap[] {
  const own = publicationOf(config);
  const isOurs = replicationOf(config)?.publication !== undefined;
  const before = recorded?.tables[name];
  const gap = (text: string, cure: Gap["cure"] = "read again"): Gap[] => [{ cure, tables: [name], text }];
  if (!table.isPublished) {
    return gap(`${name} is not in publication ${own} any more`, isOurs ? "read again" : "person");
  }
  if (isOurs && table.filter !== null) {
    return gap(`publication ${own} has a row filter on ${name}: WHERE ${table.filter}`);
  }
  if (isOurs && table.columnList !== null) {
    return gap(`publication ${own} has a column list on ${name}: ${table.columnList.join(", ")}`);
  }
  const isSame = before?.oid === table.oid && !isRemade(recorded, publication);
  const wasMovedOut =
    isSame && before.member !== undefined && before.member !== (table.member ?? before.member);
  return wasMovedOut ? gap(`${name} was taken out of publication ${own} and put back`) : [];
}

function isRemade(recorded: SourceIdentity | undefined, now: PublicationFacts): boolean {
  return recorded?.publication !== undefined && recorded.publication !== now.oid;
}

function tableGaps(name: string, before: TableIdentity | undefined, facts: SourceFacts): Gap[] {
  const now = facts.tables[name];
  if (!now) return [{ cure: "person", tables: [name], text: `${name} does not exist any more` }];
  if (!before) return [];
  if (before.oid !== now.oid) {
    const movedTo = facts.names[before.oid];
    const text = movedTo
      ? `${name} is another table than before, which is ${movedTo} now`
      : `${name} was dropped and made again`;
    return [{ cure: "read again", tables: [name], text }];
  }
  const gaps: Gap[] = [];
  const replaced = now.columns.filter(({ name: column, number }) =>
    before.columns.some((old) => old.name === column && old.number !== number),
  );
  if (replaced.length > 0) {
    const names = replaced.map((column) => column.name).join(", ");
    const text = `${names} of ${name} ${replaced.length > 1 ? "are other columns" : "is another column"} than before, under the same name`;
    gaps.push({ cure: "read again", tables: [name], text });
  }
  if (now.replicaIdentity !== before.replicaIdentity && before.replicaIdentity === "f") {
    const text = `the replica identity of ${name} is ${IDENTITIES[now.replicaIdentity]}, was FULL: updates and deletes lack the row of before`;
    gaps.push({ cure: "person", tables: [name], text });
  }
  return gaps;
}

const IDENTITIES: Readonly<Record<string, string>> = {
  d: "DEFAULT",
  i: "an index",
  f: "FULL",
  n: "NOTHING",
};

/** What Debezium would pass on. */
function wantedOperations(config: ConnectorConfig): string[] {
  const skipped = (config["skipped.operations"] ?? "t").split(",").map((letter) => letter.trim());
  const letters = { insert: "c", update: "u", delete: "d", truncate: "t" };
  return Object.entries(letters)
    .filter(([, letter]) => !skipped.includes(letter))
    .map(([operation]) => operation);
}

export function viaRoot(config: ConnectorConfig): boolean {
  return config["publish.via.partition.root"] === "true";
}

/** The tables whose rows have to be read again, each once. */
export function tablesToReadAgain(gaps: readonly Gap[]): string[] {
  return [...new Set(gaps.filter(({ cure }) => cure === "read again").flatMap(({ tables }) => tables))];
}
