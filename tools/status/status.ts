/** What `npm run status` prints: containers, the connector's position, and what the streaming job reports, all of this moment. */
import Table from "cli-table3";
import { UserError } from "../../cli/console";
import { listing } from "../../providers/kafka-connect/listing";
import type { TableLists } from "../../providers/kafka-connect/lists/table-selection";
import { type Position, readPosition } from "../../providers/kafka-connect/position";
import type { SourceIdentity } from "../../providers/kafka-connect/source-identity";
import { ContainerDown, ContainerGone, SparkClient } from "../../providers/spark-application/client";
import { alarmsOf, lakeAlarms, stateAlarms } from "./alarms";
import { jobAlarms, type LakeStatus, lakeStatus, lakeTables } from "./lake";
import { overviewLine } from "./overview";
import { readServices, type ServiceStatus, serviceAlarms, serviceTable } from "./services";

/** What did not answer, and why. */
export interface NotReached {
  readonly part: string;
  readonly reason: string;
}

export interface Status {
  /** Whether all is well, in words. */
  readonly overview: string;
  readonly services: readonly ServiceStatus[];
  /** Absent: Kafka Connect did not answer, or has no such connector. */
  readonly position?: Position;
  readonly lake: LakeStatus;
  readonly alarms: readonly string[];
  readonly notReached: readonly NotReached[];
}

/**
 * Asks every part of a stack side by side; one that does not answer is named, and keeps no other from answering.
 *
 * @param outputs outputs of the stack, secrets in clear
 * @throws UserError when the stack has no connector
 */
export async function readStatus(outputs: Record<string, unknown>): Promise<Status> {
  const { kafkaConnectUrl, connectorName, postgresqlUrl, containerNames, slotLagAlarm } = outputs;
  if (![kafkaConnectUrl, connectorName, postgresqlUrl].every((value) => typeof value === "string")) {
    throw new UserError("The stack has no connector", "Deploy it: `npm run up`.");
  }
  const notReached: NotReached[] = [];
  const part = async <T>(name: string, answer: Promise<T>): Promise<T | undefined> =>
    answer.catch((error: Error) => {
      const fix = error instanceof UserError ? ` ${error.fix}` : "";
      notReached.push({ part: name, reason: `${error.message}.${fix}` });
      return undefined;
    });
  const [services = [], position, lake = lakeStatus(undefined)] = await Promise.all([
    part("Docker", readServices(Array.isArray(containerNames) ? containerNames.map(String) : [])),
    part("the connector", readConnector(outputs)),
    part("the streaming job", readLake(outputs)),
  ]);
  const alarms = [
    ...serviceAlarms(services),
    ...(position
      ? [...stateAlarms(position, deployedState(outputs)), ...alarmsOf(position, String(slotLagAlarm))]
      : []),
    ...jobAlarms(lake),
    ...lakeAlarms(lake),
  ];
  const well = [
    `${services.length} containers run`,
    position?.status ?? "no connector",
    `the streaming job writes ${lake.tables.length === 1 ? "one table" : `${lake.tables.length} tables`}`,
  ];
  const overview = overviewLine({ well, alarms, notReached: notReached.map((one) => one.part) });
  return { overview, services, ...(position ? { position } : {}), lake, alarms, notReached };
}

function deployedState({ connectorState }: Record<string, unknown>): string | undefined {
  return typeof connectorState === "string" ? connectorState : undefined;
}

/** For a person. Alarms are not in it: they go to the error output. */
export function statusText({ overview, services, position, lake }: Status, all = false): string {
  return [
    overview,
    ...(services.length > 0 ? [serviceTable(services)] : []),
    ...(position ? [statusTable(position)] : []),
    lakeTables(lake, all),
  ].join("\n");
}

/**
 * @param outputs outputs of the stack, secrets in clear
 * @throws UserError when Connect has no such connector; ConnectUnreachable
 */
async function readConnector(outputs: Record<string, unknown>): Promise<Position> {
  const { kafkaConnectUrl, connectorName, postgresqlUrl, capturedSource, tableLists } = outputs;
  const position = await readPosition(
    String(kafkaConnectUrl),
    String(connectorName),
    String(postgresqlUrl),
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
async function readLake(outputs: Record<string, unknown>): Promise<LakeStatus> {
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

function statusTable(position: Position): string {
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
