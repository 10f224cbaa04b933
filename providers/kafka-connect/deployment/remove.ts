import { type CapturedDatabase, DatabaseUnreachable } from "../database/replication";
import { sqlByHand } from "../database/replication-sql";
import { type Replication, replicationOf } from "../debezium/postgres";
import type { ConnectorInputs, ConnectorOutputs } from "../inputs";
import type { Pacing } from "../pacing";
import { ConnectBusy, ConnectUnreachable } from "../rest/api";
import { impatientClient } from "../rest/client";
import { forgetAndDelete, type Stopped, stopConnector } from "../rest/connector-removal";

/** What a delete could not remove. */
export interface Leftovers {
  /** Of no consequence: what it was is gone with its server, or does no harm. */
  readonly notes: string[];
  /** Things that stay, and how to remove them by hand. */
  readonly failures: string[];
}

/**
 * Deletes the connector, its offsets, its replication slot, its publication and its signal table: as much of it as can be
 * reached, whatever else is down. The connector is stopped first, then the slot goes, which would fill its server's disk.
 */
export async function remove(
  properties: ConnectorInputs & Partial<ConnectorOutputs>,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<Leftovers> {
  const { name, connectUrl, config, deletedAlong = [] } = properties;
  const connect = impatientClient(connectUrl, pacing);
  const left: Leftovers = { notes: [], failures: [] };

  const keep = (error: unknown): void => {
    const message =
      `connector ${name} was not deleted: ${error instanceof Error ? error.message : error} ` +
      `Should Connect come back with its topics, delete it there: curl -X DELETE ${connectUrl}/connectors/${name}`;
    const isDown = error instanceof ConnectUnreachable || error instanceof ConnectBusy;
    (isDown && deletedAlong.includes("connect") ? left.notes : left.failures).push(message);
  };

  let found: Stopped = "still running";
  let isReachable = true;
  try {
    found = await stopConnector(connect, name, pacing);
  } catch (error) {
    isReachable = false;
    keep(error);
  }
  await dropReplication(properties, found !== "still running", left, pacing, captured);
  if (!isReachable) return left;
  try {
    left.notes.push(...(await forgetAndDelete(connect, name, config, found, pacing)));
  } catch (error) {
    keep(error);
  }
  return left;
}

async function dropReplication(
  properties: ConnectorInputs & Partial<ConnectorOutputs>,
  isStopped: boolean,
  left: Leftovers,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<void> {
  const { name, database, dropOnDelete, deletedAlong = [] } = properties;
  const replication = madeReplication(properties);
  if (!replication || dropOnDelete === false) return;
  const sql = sqlByHand(replication);
  if (!database) {
    left.failures.push(
      `connector ${name}: its replication slot stays, as no \`database\` was given. Run there: ${sql}`,
    );
    return;
  }
  const goesToo = deletedAlong.includes("database");
  try {
    await captured.dropReplication(
      database,
      replication,
      { connector: name, mayComeBack: !isStopped && !goesToo },
      pacing,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // One that refuses has its slot still, and fills its disk.
    const isGone = error instanceof DatabaseUnreachable && goesToo;
    if (isGone) left.notes.push(`connector ${name}: ${message}. Its replication slot goes with that server`);
    else
      left.failures.push(
        `the replication slot of connector ${name} stays: ${message}. Run in that database: ${sql}`,
      );
  }
}

/** What the connector has in its database that is not someone else's. */
function madeReplication(properties: ConnectorInputs & Partial<ConnectorOutputs>): Replication | undefined {
  const replication = replicationOf(properties.config);
  if (!replication || properties.madeSignalTable) return replication;
  const { signalTable: _signalTable, ...rest } = replication;
  return rest;
}
