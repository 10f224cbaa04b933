import type { ConnectorConfig } from "./api";
import type { DatabaseFacts, DatabaseQuestion } from "./database-facts";
import { literalTables, replicationOf } from "./debezium-postgres";
import { configError, configWarning, type Finding } from "./finding";

/** What to ask the database of a Debezium PostgreSQL connector; undefined for any other connector. */
export function questionOf(config: ConnectorConfig): DatabaseQuestion | undefined {
  const replication = replicationOf(config);
  if (!replication) return undefined;
  const role = config["database.user"];
  return {
    role: role?.includes("${") ? undefined : role,
    tables: literalTables(config),
    slot: replication.slot,
    publication: config["publication.name"] ?? "dbz_publication",
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
    ...judgeTables(facts, question),
    ...judgeSlot(config, facts, question, isSlotOurs),
    ...judgePublication(config, facts, question),
  ];
}

function judgeServer({ walLevel, slots, senders, slot }: DatabaseFacts): Finding[] {
  const findings: Finding[] = [];
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
      configError("database.user", `names ${role.name}, which lacks LOGIN: ALTER ROLE ${role.name} LOGIN`),
    ];
  if (role.mayReplicate) return [];
  return [
    configError(
      "database.user",
      `names ${role.name}, which lacks REPLICATION: ALTER ROLE ${role.name} REPLICATION`,
    ),
  ];
}

function judgeTables({ tables, role, database }: DatabaseFacts, question: DatabaseQuestion): Finding[] {
  if (!role) return [];
  const KEY = "table.include.list";
  const found = new Map(tables.map((table) => [table.name, table]));
  return question.tables.flatMap((name) => {
    const table = found.get(name);
    if (!table) return [configError(KEY, `names ${name}, but database ${database} has no such table`)];
    if (!table.isReadable) {
      return [
        configError(
          KEY,
          `names ${name}, which ${role.name} may not read: GRANT SELECT ON ${name} TO ${role.name}`,
        ),
      ];
    }
    if (table.hasIdentity) return [];
    return [
      configWarning(
        KEY,
        `names ${name}, whose updates and deletes do not say which row they change: as soon as it is captured, PostgreSQL ` +
          `refuses them. ALTER TABLE ${name} REPLICA IDENTITY FULL, or give it a primary key as its replica identity`,
      ),
    ];
  });
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

function judgePublication(
  config: ConnectorConfig,
  { hasPublication }: DatabaseFacts,
  { publication }: DatabaseQuestion,
): Finding[] {
  const isNeeded =
    config["plugin.name"] === "pgoutput" && config["publication.autocreate.mode"] === "disabled";
  if (!isNeeded || hasPublication) return [];
  return [
    configError(
      "publication.name",
      `is ${publication}, but there is no such publication, and "publication.autocreate.mode" is disabled: create it first`,
    ),
  ];
}
