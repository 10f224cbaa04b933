import { escapeIdentifier } from "pg";
import { qualified, tableName } from "../database/replication-sql";
import type { SourceFacts } from "../database/source-facts";
import { literalTables, replicationOf } from "../debezium/postgres";
import type { ConnectorConfig } from "../rest/api";
import { viaRoot } from "./gaps";

/**
 * SQL that makes the publication which the connector made carry every change of the captured tables again; none when it does,
 * when it is gone (the connector makes it with its next slot), or when somebody else made it.
 */
export function publicationRepair(
  config: ConnectorConfig,
  captured: readonly string[],
  facts: SourceFacts,
): string[] {
  const replication = replicationOf(config);
  const { publication } = facts;
  if (!replication?.publication || !publication) return [];
  const alter = `ALTER PUBLICATION ${escapeIdentifier(replication.publication)}`;
  const options: string[] = [];
  if (publication.operations.length < 4) options.push("publish = 'insert, update, delete, truncate'");
  if (viaRoot(config) && !publication.viaRoot) options.push("publish_via_partition_root = true");
  const statements = options.length > 0 ? [`${alter} SET (${options.join(", ")})`] : [];
  const signals = replication.signalTable;
  const wanted = literalTables(config).filter((table) => captured.includes(table));
  if (signals) wanted.push(`${signals.schema}.${signals.table}`);
  for (const name of wanted) {
    const table = facts.tables[name];
    const quoted = qualified(tableName(name));
    const isPartial = table && (table.filter !== null || table.columnList !== null);
    if (isPartial) statements.push(`${alter} DROP TABLE ${quoted}`);
    if (isPartial || table?.isPublished === false) statements.push(`${alter} ADD TABLE ${quoted}`);
  }
  return statements;
}
