/** What `npm run status` prints: the connector's position, asked at this moment, and what the streaming job reports. */
import Table from "cli-table3";
import { UserError } from "../../cli/console";
import { listing } from "../../providers/kafka-connect/listing";
import type { TableLists } from "../../providers/kafka-connect/lists/table-selection";
import { type Position, readPosition } from "../../providers/kafka-connect/position";
import type { SourceIdentity } from "../../providers/kafka-connect/source-identity";
import { ContainerDown, ContainerGone, SparkClient } from "../../providers/spark-application/client";
import { type LakeStatus, lakeStatus } from "./lake";

/** @param outputs outputs of the stack, secrets in clear */
export async function readStatus(outputs: Record<string, unknown>): Promise<Position> {
  const { kafkaConnectUrl, connectorName, postgresqlUrl, capturedSource, tableLists } = outputs;
  if (
    typeof kafkaConnectUrl !== "string" ||
    typeof connectorName !== "string" ||
    typeof postgresqlUrl !== "string"
  ) {
    throw new UserError("The stack has no connector", "Deploy it: `npm run up`.");
  }
  const position = await readPosition(
    kafkaConnectUrl,
    connectorName,
    postgresqlUrl,
    // Missing with a stack that was last deployed by a version which did not write it down.
    capturedSource as SourceIdentity | undefined,
    tableLists as TableLists | undefined,
  );
  if (position) return position;
  throw new UserError(
    `Kafka Connect at ${kafkaConnectUrl} has no connector ${connectorName}`,
    "Let `npm run refresh` find out, then `npm run up` make it again.",
  );
}

/** @param outputs outputs of the stack */
export async function readLakeStatus(outputs: Record<string, unknown>): Promise<LakeStatus> {
  const { sparkClientContainer, streamingJobName } = outputs;
  if (typeof sparkClientContainer !== "string" || typeof streamingJobName !== "string") {
    return lakeStatus(undefined);
  }
  try {
    return lakeStatus(await new SparkClient(sparkClientContainer).state(streamingJobName));
  } catch (error) {
    if (!(error instanceof ContainerDown || error instanceof ContainerGone)) throw error;
    return { job: "not running", error: error.message, policy: null, tables: [] };
  }
}

export function statusTable(position: Position): string {
  const { status, lsn, slot, snapshot, notCapturedYet, notLookedAt } = position;
  const table = new Table({ style: { head: [], border: [] } });
  table.push(["Connector", status], ["Offset (LSN)", lsn ?? "none"]);
  if (slot) {
    table.push(
      ["Replication slot", `${slot.name}, ${slot.isRead ? "read by the connector" : "read by nobody"}`],
      ["  confirmed up to", slot.confirmedLsn ?? "nothing"],
      ["  lag", bytes(slot.lagBytes)],
      ["  log kept on disk for it", bytes(slot.retainedBytes)],
    );
  } else {
    table.push(["Replication slot", "none"]);
  }
  if (snapshot.length > 0) table.push(["Earlier rows still being sent of", listing(snapshot)]);
  if (notCapturedYet.length > 0) {
    table.push(["Match, not captured yet", `${listing(notCapturedYet)}: npm run up`]);
  }
  if (notLookedAt.length > 0) table.push(["Could not look at", notLookedAt.join("\n")]);
  return table.toString();
}

function bytes(count: number | null): string {
  return count === null ? "unknown" : `${count.toLocaleString("en-US")} bytes`;
}
