/** The SQL that gives a role what a connector needs, for whoever may run it. Pure. */
import { escapeLiteral } from "pg";
import type { TableName } from "../debezium/table-names";
import { sqlIdentifier, sqlName } from "../debezium/table-names";
import { signalTableSql } from "./signal-sql";

export interface GrantsRequest {
  readonly role: string;
  readonly database: string;
  readonly tables: readonly TableName[];
  /** To be made with the tables in it; undefined where the connector uses none, or one of all tables. */
  readonly publication: string | undefined;
  /** Whether changes of partitions are published under the name of the partitioned table. */
  readonly viaRoot: boolean;
  readonly signalTable: TableName | undefined;
}

export function grantsSql(request: GrantsRequest): string {
  const { tables, publication, signalTable } = request;
  const role = sqlIdentifier(request.role);
  const database = sqlIdentifier(request.database);
  const schemas = [
    ...new Set([...tables, ...(signalTable ? [signalTable] : [])].map(({ schema }) => schema)),
  ];
  const published = [...tables, ...(signalTable ? [signalTable] : [])].map(sqlName);
  const parts = [
    `-- For role ${request.role}, in database ${request.database}, by a superuser or the cloud's administrator.`,
    "",
    "-- Logical decoding; needs a restart (on Amazon RDS: rds.logical_replication = 1 in the parameter group).",
    "ALTER SYSTEM SET wal_level = logical;",
    "",
    "-- The role, unless it is there (on Amazon RDS: GRANT rds_replication TO … instead of REPLICATION).",
    `CREATE ROLE ${role} LOGIN REPLICATION PASSWORD ${escapeLiteral("…")};`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role};`,
    `GRANT USAGE ON SCHEMA ${schemas.map(sqlIdentifier).join(", ")} TO ${role};`,
    `GRANT SELECT ON ${tables.map(sqlName).join(", ")} TO ${role};`,
    "-- With it, another server under this one's name is noticed.",
    `GRANT EXECUTE ON FUNCTION pg_control_system() TO ${role};`,
  ];
  if (signalTable) {
    parts.push(
      "",
      "-- Signals to the connector: rows of tables that are added later, and of those that have to be read again.",
      `${signalTableSql(signalTable)};`,
      `GRANT SELECT, INSERT, DELETE ON ${sqlName(signalTable)} TO ${role};`,
    );
  }
  if (publication) {
    const options = request.viaRoot ? " WITH (publish_via_partition_root = true)" : "";
    parts.push(
      "",
      '-- With "publication.autocreate.mode": "disabled" in cdc:connectorOverrides.',
      `CREATE PUBLICATION ${sqlIdentifier(publication)} FOR TABLE ${published.join(", ")}${options};`,
    );
  }
  return `${parts.join("\n")}\n`;
}
