import type { DatabaseFacts, DatabaseQuestion } from "../database/facts";
import { literalTables, replicationOf } from "../debezium/postgres";
import { sqlIdentifier } from "../debezium/table-names";
import type { ConnectorConfig } from "../rest/api";
import { judgeColumns } from "./column-findings";
import { configError, configWarning, type Finding } from "./finding";
import { judgePrivileges } from "./privilege-findings";
import { judgePublication } from "./publication-findings";
import { judgeTables } from "./table-findings";

/**
 * What to ask the database of a Debezium PostgreSQL connector; undefined for any other connector.
 * @param keys key columns chosen for tables, by `schema.table`
 * @param before the config until now
 */
export function questionOf(
  config: ConnectorConfig,
  keys: DatabaseQuestion["keys"] = {},
  before: ConnectorConfig = {},
): DatabaseQuestion | undefined {
  const replication = replicationOf(config);
  if (!replication) return undefined;
  const role = config["database.user"];
  return {
    role: role?.includes("${") ? undefined : role,
    tables: literalTables(config),
    before: literalTables(before),
    keys,
    slot: replication.slot,
    publication: config["publication.name"] ?? "dbz_publication",
    ...(replication.signalTable ? { signals: replication.signalTable } : {}),
  };
}

/**
 * What in the database would keep the connector from working, or hurt.
 *
 * @param isSlotOurs whether it is this connector that reads the slot now; undefined when that cannot be told
 */
export function judgeDatabase(
  config: ConnectorConfig,
  question: DatabaseQuestion,
  facts: DatabaseFacts,
  isSlotOurs: boolean | undefined,
): Finding[] {
  return [
    ...judgeServer(facts),
    ...judgeRole(facts, question),
    ...judgeTables(config, facts, question),
    ...judgeColumns(config, facts),
    ...judgeSlot(config, facts, question, isSlotOurs),
    ...judgePublication(config, facts.publication, question),
    ...judgePrivileges(config, facts, question),
  ];
}

function judgeServer({ database, encoding, walLevel, slots, senders, slot }: DatabaseFacts): Finding[] {
  const findings: Finding[] = [];
  if (encoding !== "UTF8") {
    findings.push(
      configWarning(
        "database.dbname",
        `names ${database}, whose encoding is ${encoding}: what is captured is read as UTF-8, ` +
          (encoding === "SQL_ASCII"
            ? "and PostgreSQL converts nothing, so other bytes arrive as other characters. Move the data to a database with ENCODING 'UTF8'"
            : "to which PostgreSQL converts, if it can"),
      ),
    );
  }
  if (walLevel !== "logical") {
    findings.push(
      configError(
        "plugin.name",
        `needs a server with wal_level = logical; it has ${walLevel}. ALTER SYSTEM SET wal_level = logical, then restart PostgreSQL`,
      ),
    );
  }
  if (!slot && slots.used >= slots.limit) {
    findings.push(
      configError(
        "slot.name",
        `needs a free replication slot, but all ${slots.limit} are taken: drop one that nobody reads ` +
          "(SELECT slot_name, active FROM pg_replication_slots), or raise max_replication_slots and restart PostgreSQL",
      ),
    );
  }
  if (slot?.reader === undefined && senders.used >= senders.limit) {
    findings.push(
      configError(
        "slot.name",
        `needs a free WAL sender, but all ${senders.limit} are busy: raise max_wal_senders and restart PostgreSQL`,
      ),
    );
  }
  return findings;
}

function judgeRole({ role }: DatabaseFacts, question: DatabaseQuestion): Finding[] {
  if (!role) return [configError("database.user", `names ${question.role}, but there is no such role`)];
  if (!role.maySignIn)
    return [
      configError(
        "database.user",
        `names ${role.name}, which lacks LOGIN: ALTER ROLE ${sqlIdentifier(role.name)} LOGIN`,
      ),
    ];
  if (role.mayReplicate) return [];
  return [
    configError(
      "database.user",
      `names ${role.name}, which lacks REPLICATION: ALTER ROLE ${sqlIdentifier(role.name)} REPLICATION`,
    ),
  ];
}

function judgeSlot(
  config: ConnectorConfig,
  { slot, database }: DatabaseFacts,
  question: DatabaseQuestion,
  isSlotOurs: boolean | undefined,
): Finding[] {
  if (!slot) return [];
  const plugin = config["plugin.name"] ?? "decoderbufs";
  const other = `is ${question.slot}, but the replication slot of that name`;
  const fix = "choose another name, or drop that slot if nobody needs it";
  if (slot.database === undefined) return [configError("slot.name", `${other} is a physical one: ${fix}`)];
  if (slot.database !== database) {
    return [configError("slot.name", `${other} belongs to database ${slot.database}: ${fix}`)];
  }
  if (slot.plugin !== plugin) {
    return [configError("slot.name", `${other} was made for ${slot.plugin}, not ${plugin}: ${fix}`)];
  }
  if (slot.reader === undefined || isSlotOurs !== false) return [];
  return [
    configError(
      "slot.name",
      `${other} is in use by ${slot.reader}, which is not this connector: choose another name, or stop that reader first`,
    ),
  ];
}
