/** Asks a captured database what it is now: its server, the publication, the slot, each captured table. */
import type { Client } from "pg";

export interface SourceQuestion {
  /** Tables as `schema.table`: the captured ones, and the signal table. */
  readonly tables: readonly string[];
  /** Undefined when the connector reads through none. */
  readonly publication: string | undefined;
  readonly slot: string;
  /** Tables known by their oid, whose name now is of interest. */
  readonly oids: readonly number[];
}

/** Which server it is, and which of its histories: a restore or a promotion starts another timeline. */
export interface ServerIdentity {
  /** Decimal, of 64 bits. */
  readonly systemIdentifier: string;
  readonly timeline: number;
}

export interface SourceFacts {
  /** Undefined when the role may not ask, see `notLookedAt`. */
  readonly server: ServerIdentity | undefined;
  /** Undefined when there is none of that name. */
  readonly publication: PublicationFacts | undefined;
  readonly slot: SlotState | undefined;
  /** By `schema.table`; tables that do not exist are missing. */
  readonly tables: Readonly<Record<string, SourceTable>>;
  /** The names, `schema.table`, that tables have now, by oid. */
  readonly names: Readonly<Record<number, string>>;
  /** Position at which the log is written now, in bytes; undefined on a standby. */
  readonly position: number | undefined;
  /** What could not be looked at, and why; one sentence each. */
  readonly notLookedAt: readonly string[];
}

export interface PublicationFacts {
  readonly oid: number;
  readonly allTables: boolean;
  readonly viaRoot: boolean;
  /** `insert`, `update`, `delete`, `truncate`: those that it publishes. */
  readonly operations: readonly string[];
}

export interface SlotState {
  /** `reserved`, `extended`, `unreserved` or `lost`. */
  readonly walStatus: string | null;
  /** Why it was given up, where PostgreSQL says so (17 and later). */
  readonly reason: string | null;
}

export interface SourceTable {
  readonly oid: number;
  /** `r` a table, `p` a partitioned one. */
  readonly kind: string;
  /** `d` the primary key, `i` another index, `f` the whole row, `n` nothing. */
  readonly replicaIdentity: string;
  /** Whether the publication has it, be it by name, by schema or with all tables. */
  readonly isPublished: boolean;
  /** The oid of its entry in the publication, new each time that it is put there; null when it has none of its own. */
  readonly member: number | null;
  /** The publication's row filter, as SQL. */
  readonly filter: string | null;
  /** The publication's column list. */
  readonly columnList: readonly string[] | null;
  readonly columns: readonly SourceColumn[];
  /** Columns of the primary key with their base types (pg_type.typname); empty without one. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
}

export interface SourceColumn {
  /** `attnum`: never used again when the column is dropped. */
  readonly number: number;
  readonly name: string;
  readonly type: string;
  /** GENERATED ALWAYS … STORED. */
  readonly isGenerated: boolean;
}

const SYSTEM = "SELECT system_identifier::text AS id FROM pg_control_system()";

/** The name of a log file starts with its timeline; a control file shows a promotion only after the next checkpoint. */
const LOG = `
  SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int AS timeline,
    (pg_current_wal_insert_lsn() - '0/0')::float8 AS position
  WHERE NOT pg_is_in_recovery()`;

const PUBLICATION = `
  SELECT oid, puballtables AS "allTables", pubviaroot AS "viaRoot", pubinsert, pubupdate, pubdelete, pubtruncate
  FROM pg_publication WHERE pubname = $1`;

const SLOT = `
  SELECT wal_status AS "walStatus", to_jsonb(s) ->> 'invalidation_reason' AS reason
  FROM pg_replication_slots AS s WHERE slot_name = $1`;

const TABLES = `
  SELECT n.nspname || '.' || c.relname AS name, c.oid, c.relkind AS kind, c.relreplident AS "replicaIdentity",
    coalesce(p.puballtables, false) OR r.oid IS NOT NULL OR s.oid IS NOT NULL OR EXISTS (
      SELECT FROM pg_publication_tables AS t
      WHERE t.pubname = $2 AND t.schemaname = n.nspname AND t.tablename = c.relname
    ) AS "isPublished",
    coalesce(r.oid, s.oid) AS member, pg_get_expr(r.prqual, r.prrelid) AS filter,
    (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])) AS "columnList",
    (SELECT json_agg(json_build_object('number', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'isGenerated', a.attgenerated = 's') ORDER BY a.attnum) FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    coalesce((SELECT json_agg(json_build_object('name', a.attname, 'type', coalesce(b.typname, t.typname)))
      FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
      JOIN pg_type AS t ON t.oid = a.atttypid LEFT JOIN pg_type AS b ON b.oid = nullif(t.typbasetype, 0)
      WHERE i.indrelid = c.oid AND i.indisprimary), '[]') AS key
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_publication AS p ON p.pubname = $2
  LEFT JOIN pg_publication_rel AS r ON r.prpubid = p.oid AND r.prrelid = c.oid
  LEFT JOIN pg_publication_namespace AS s ON s.pnpubid = p.oid AND s.pnnspid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname || '.' || c.relname = ANY ($1)`;

const NAMES = `
  SELECT c.oid, n.nspname || '.' || c.relname AS name
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[])`;

/** Changes nothing. PostgreSQL 15 and later. */
export async function readSourceFacts(client: Client, question: SourceQuestion): Promise<SourceFacts> {
  const { tables, publication, slot, oids } = question;
  const notLookedAt: string[] = [];
  const systemIdentifier = await client.query(SYSTEM).then(
    ({ rows }) => rows[0]?.id as string,
    (error: Error) => {
      notLookedAt.push(
        `whether this is the same server as before: ${error.message}. GRANT EXECUTE ON FUNCTION pg_control_system() TO its role`,
      );
      return undefined;
    },
  );
  const [log] = (await client.query<{ timeline: number; position: number }>(LOG)).rows;
  const [found] = publication ? (await client.query(PUBLICATION, [publication])).rows : [];
  const [slotState] = (await client.query<SlotState>(SLOT, [slot])).rows;
  const there = (await client.query<SourceTable & { name: string }>(TABLES, [tables, publication ?? null]))
    .rows;
  const names = (await client.query<{ oid: number; name: string }>(NAMES, [oids])).rows;
  return {
    server: systemIdentifier && log ? { systemIdentifier, timeline: log.timeline } : undefined,
    publication: found && {
      oid: found.oid,
      allTables: found.allTables,
      viaRoot: found.viaRoot,
      operations: ["insert", "update", "delete", "truncate"].filter((name) => found[`pub${name}`]),
    },
    slot: slotState,
    tables: Object.fromEntries(
      there.map(({ name, ...table }) => [name, { ...table, columns: table.columns ?? [] }]),
    ),
    names: Object.fromEntries(names.map(({ oid, name }) => [oid, name])),
    position: log?.position,
    notLookedAt,
  };
}
