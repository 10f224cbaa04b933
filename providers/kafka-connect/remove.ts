import { ConnectUnreachable } from "./api";
import { impatientClient } from "./client";
import { replicationOf } from "./debezium-postgres";
import type { ConnectorInputs } from "./inputs";
import type { Pacing } from "./pacing";
import { type CapturedDatabase, DatabaseUnreachable } from "./replication";
import { sqlByHand } from "./replication-sql";
import { stopAndDelete } from "./running";

/**
 * Deletes the connector, its offsets, its replication slot and its publication. A Connect or a PostgreSQL that is gone
 * does not keep this from going through; one that refuses does.
 * @returns what had to be left, and how to remove it by hand; empty as a rule.
 */
export async function remove(
  properties: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<string[]> {
  const { name, connectUrl, config, database, dropOnDelete } = properties;
  const connect = impatientClient(connectUrl, pacing);
  const left: string[] = [];
  try {
    left.push(...(await stopAndDelete(connect, name, pacing)));
  } catch (error) {
    // Connect being gone must not keep a destroy from going on: the slot, which holds back WAL, is what matters.
    if (!(error instanceof ConnectUnreachable)) throw error;
    left.push(
      `connector ${name} was not deleted: ${error.message} ` +
        `Should Connect come back with its topics, delete it there: curl -X DELETE ${connectUrl}/connectors/${name}`,
    );
  }
  const replication = replicationOf(config);
  if (!replication || dropOnDelete === false) return left;
  const sql = sqlByHand(replication);
  if (!database) {
    left.push(
      `connector ${name}: its replication slot stays, as no \`database\` was given. Run there: ${sql}`,
    );
    return left;
  }
  try {
    await captured.dropReplication(database, replication, pacing);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A database that is gone has taken the slot with it; one that refuses has it still, and fills its disk.
    if (!(error instanceof DatabaseUnreachable)) {
      throw new Error(
        `the replication slot of connector ${name} stays: ${message}. Run in that database: ${sql}`,
      );
    }
    left.push(
      `connector ${name}: ${message}. If that database still exists, its replication slot does too: run there: ${sql}`,
    );
  }
  return left;
}
