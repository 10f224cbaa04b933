import type { Client } from "pg";
import type { TableName } from "../debezium/table-names";
import { type PrivilegeFacts, readPrivilegeFacts } from "./privilege-facts";
import { type PublicationFacts, readPublicationFacts } from "./publication-facts";
import { readTableFacts, type TableFacts } from "./table-facts";

/** What a connector will need of its database. */
export interface DatabaseQuestion {
  /** The role that the connector logs in as; undefined when that is not known here. */
  readonly role: string | undefined;
  /** Captured tables, as `schema.table`. */
  readonly tables: readonly string[];
  /** Those that the connector captured until now. */
  readonly before: readonly string[];
  /** Key columns chosen for tables, by `schema.table`. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly slot: string;
  readonly publication: string | undefined;
  /** The table that the connector takes signals from. */
  readonly signals?: TableName | undefined;
}

/** What the database says to that. */
export interface DatabaseFacts {
  readonly database: string;
  /** Such as `UTF8`. */
  readonly encoding: string;
  readonly walLevel: string;
  readonly slots: { readonly used: number; readonly limit: number };
  readonly senders: { readonly used: number; readonly limit: number };
  /** Undefined when there is no such role. */
  readonly role:
    | { readonly name: string; readonly maySignIn: boolean; readonly mayReplicate: boolean }
    | undefined;
  /** Those asked for that are there, in that order. */
  readonly tables: readonly TableFacts[];
  /** Undefined when there is none of that name. */
  readonly slot: SlotFacts | undefined;
  /** Undefined when there is none of that name. */
  readonly publication: PublicationFacts | undefined;
  /** Undefined when there is no such role. */
  readonly privileges: PrivilegeFacts | undefined;
}

export interface SlotFacts {
  /** The database it belongs to; undefined for a physical one. */
  readonly database: string | undefined;
  readonly plugin: string | undefined;
  /** What reads from it now, as its connection calls itself. */
  readonly reader: string | undefined;
}

const SERVER = `
  SELECT current_database() AS database, pg_encoding_to_char(encoding) AS encoding, current_setting('wal_level') AS wal_level,
    current_setting('max_replication_slots')::int AS slot_limit, (SELECT count(*)::int FROM pg_replication_slots) AS slots,
    current_setting('max_wal_senders')::int AS sender_limit, (SELECT count(*)::int FROM pg_stat_replication) AS senders
  FROM pg_database WHERE datname = current_database()`;

/** On Amazon RDS the attribute REPLICATION comes with a role instead. */
const ROLE = `
  SELECT rolname AS name, rolcanlogin AS may_sign_in, rolsuper OR rolreplication OR EXISTS (
    SELECT FROM pg_roles AS rds WHERE rds.rolname = 'rds_replication' AND pg_has_role(r.oid, rds.oid, 'MEMBER')
  ) AS may_replicate
  FROM pg_roles AS r WHERE rolname = coalesce($1, current_user)`;

const SLOT = `
  SELECT s.database, s.plugin, s.active_pid,
    coalesce(nullif(a.application_name, ''), 'server process ' || s.active_pid) AS reader
  FROM pg_replication_slots AS s LEFT JOIN pg_stat_activity AS a ON a.pid = s.active_pid
  WHERE s.slot_name = $1`;

/** Asks the database; changes nothing. */
export async function readFacts(client: Client, question: DatabaseQuestion): Promise<DatabaseFacts> {
  const [server] = (await client.query(SERVER)).rows;
  const [role] = (await client.query(ROLE, [question.role ?? null])).rows;
  const [slot] = (await client.query(SLOT, [question.slot])).rows;
  const tables = role ? await readTableFacts(client, question.tables, role.name) : [];
  return {
    database: server.database,
    encoding: server.encoding,
    walLevel: server.wal_level,
    slots: { used: server.slots, limit: server.slot_limit },
    senders: { used: server.senders, limit: server.sender_limit },
    role: role && { name: role.name, maySignIn: role.may_sign_in, mayReplicate: role.may_replicate },
    tables,
    slot: slot && {
      database: slot.database ?? undefined,
      plugin: slot.plugin ?? undefined,
      reader: slot.active_pid === null ? undefined : slot.reader,
    },
    privileges:
      role &&
      (await readPrivilegeFacts(client, role.name, question.publication, question.tables, question.signals)),
    publication: question.publication ? await readPublicationFacts(client, question.publication) : undefined,
  };
}
