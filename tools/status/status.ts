/** What `npm run status` prints: containers, the connector's position, and what the streaming job reports, all of this moment. */
import Table from "cli-table3";
import type { TableLists } from "../../providers/kafka-connect/debezium/lists/table-selection";
import { type Position, readPosition } from "../../providers/kafka-connect/position";
import { listing } from "../../providers/kafka-connect/text/listing";
import { ContainerDown, ContainerGone, SparkClient } from "../../providers/spark-application/client";
import { UserError } from "../../stack/console";
import { type LastResult, lastResults } from "../../stack/last-results";
import { outputsOf } from "../../stack/outputs";
import { chosenTables, lakeOf, type Platform, platformOf } from "../../stack/platform";
import { alarmsOf, comparisonAlarms, lakeAlarms, stateAlarms } from "./alarms";
import { type Clock, clockAlarms, readDatabaseClock, readServerClock } from "./clocks";
import { diskAlarms } from "./disks";
import { forStack, type Place } from "./for-stack";
import { inTime } from "./in-time";
import { jobAlarms, type LakeStatus, lakeStatus, lakeTables, withoutJob } from "./lake";
import { overviewLine } from "./overview";
import { MOST_MS, patienceWith } from "./patience";
import { type ProofStatus, proofAlarms, readProof } from "./proof";
import { readServices, type ServiceStatus, serviceAlarms, serviceFor, serviceTable } from "./services";
import { standingOf } from "./standing";
import { damageAlarms, type LookedAt, readTableFiles } from "./table-files";
import { behindOf, readTopics, type TopicStatus, topicAlarms } from "./topics";

/** No further table's files are looked at after this. */
const FILES_MS = 700;

/** Outputs that it needs beside those of the platform. */
const NEEDED = ["proofUrl", "containerNames", "slotLagAlarm", "connectorState", "tableLists"] as const;

/** What did not answer, and why. */
export interface NotReached {
  readonly part: string;
  readonly reason: string;
}

export interface Status {
  readonly stack: string;
  /** Absent: the stack's own. */
  readonly pipeline?: string | undefined;
  /** UTC. */
  readonly at: string;
  /** Whether all is well, in words. */
  readonly overview: string;
  readonly services: readonly ServiceStatus[];
  /** Absent: Kafka Connect did not answer, or has no such connector. */
  readonly position?: Position;
  readonly lake: LakeStatus;
  readonly topics: readonly TopicStatus[];
  /** Of as many tables as there was time for. */
  readonly files: readonly LookedAt[];
  /** What the last comparison of each table found (`npm run verify`, `npm run doctor`). */
  readonly compared: Readonly<Record<string, LastResult>>;
  /** Absent: the stack has no continuous proof, or it did not answer. */
  readonly proof?: ProofStatus | undefined;
  readonly clocks: readonly Clock[];
  readonly alarms: readonly string[];
  readonly notReached: readonly NotReached[];
}

/**
 * Asks every part of a stack side by side; one that does not answer is named, and keeps no other from answering.
 *
 * @param outputs those of the pipeline that is asked for, secrets in clear
 * @throws UserError when the stack was deployed by a version without some of the outputs
 */
export async function readStatus(outputs: Readonly<Record<string, unknown>>, place: Place): Promise<Status> {
  const { stack } = place;
  const platform = platformOf(outputs, stack);
  const { containerNames, slotLagAlarm, connectorState, tableLists, proofUrl } = outputsOf(
    outputs,
    stack,
    NEEDED,
  );
  const tables = chosenTables(platform).chosen;
  const notReached: NotReached[] = [];
  const part = async <T>(name: string, milliseconds: number, answer: Promise<T>): Promise<T | undefined> =>
    inTime(answer, milliseconds).catch((error: Error) => {
      const fix = "fix" in error ? ` ${error.fix}` : "";
      notReached.push({ part: name, reason: `${error.message.replace(/\.$/, "")}.${fix}` });
      return undefined;
    });
  const services = (await part("Docker", MOST_MS, readServices(containerNames))) ?? [];
  const patience = (...needed: string[]) =>
    patienceWith(
      services,
      needed.map((service) => serviceFor(place.pipeline, service)),
    );
  const storePatience = patience("minio");
  const proofPatience = patience("proof");
  const [proof, position, lake = lakeStatus(undefined), topics = [], files = [], ...clocks] =
    await Promise.all([
      part("the continuous proof", proofPatience, readProof(proofUrl, proofPatience)),
      part("the connector", patience("kafka-connect", "postgresql"), readConnector(platform, tableLists)),
      part("the streaming job", patience("spark-client"), readLake(platform)),
      part("Kafka", patience("kafka", "zookeeper"), readTopics(platform, tables)),
      part("the object store", storePatience, readTableFiles(platform, tables, Date.now() + FILES_MS)),
      part("PostgreSQL", patience("postgresql"), readDatabaseClock(platform.postgresqlUrl, MOST_MS)),
      readServerClock(platform.minioUrl, storePatience).catch(() => undefined),
    ]);
  const clocksSeen = ["postgresql", "minio"].flatMap((name, index) => {
    const container = services.find(({ service }) => service === name)?.container;
    const ahead = clocks[index];
    return container && ahead !== undefined ? [{ service: name, container, ahead }] : [];
  });
  const compared = lastResults(place, lakeOf(platform));
  const alarms = [
    ...serviceAlarms(services),
    ...diskAlarms(services),
    ...clockAlarms(clocksSeen),
    ...(position ? [...stateAlarms(position, connectorState), ...alarmsOf(position, slotLagAlarm)] : []),
    ...topicAlarms(topics),
    ...jobAlarms(lake),
    ...lakeAlarms(lake),
    ...damageAlarms(files),
    ...comparisonAlarms(compared, platform.capturedTables),
    ...proofAlarms(proof),
  ].map((alarm) => forStack(alarm, place));
  const well = [
    `${services.length} containers run`,
    position?.status ?? "no connector",
    `the streaming job writes ${lake.tables.length === 1 ? "one table" : `${lake.tables.length} tables`}`,
  ];
  const overview = overviewLine({ well, alarms, notReached: notReached.map((one) => one.part) });
  return {
    ...{
      ...place,
      at: new Date().toISOString(),
      overview,
      services,
      ...(position ? { position } : {}),
      lake,
      topics,
      files,
      compared,
      proof,
    },
    ...{ clocks: clocksSeen, alarms, notReached },
  };
}

/** For a person. Alarms are not in it: they go to the error output. */
export function statusText(status: Status, all = false): string {
  const { overview, services, position, lake, topics, proof } = status;
  return [
    overview,
    ...(services.length > 0 ? [serviceTable(services)] : []),
    ...(position ? [statusTable(position)] : []),
    lakeTables({ ...lake, standing: standingOf(status), ...behindOf(topics), proof }, all),
  ].join("\n");
}

/**
 * @throws UserError when Connect has no such connector; ConnectUnreachable
 */
async function readConnector(platform: Platform, tableLists: TableLists | undefined): Promise<Position> {
  const { kafkaConnectUrl, connectorName, postgresqlUrl, capturedSource } = platform;
  const position = await readPosition(
    kafkaConnectUrl,
    connectorName,
    postgresqlUrl,
    capturedSource,
    tableLists,
  );
  if (position) return position;
  throw new UserError(
    `Kafka Connect at ${kafkaConnectUrl} has no connector ${connectorName}`,
    "Let `npm run refresh` find out, then `npm run up` make it again.",
  );
}

async function readLake({ sparkClientContainer, streamingJobName }: Platform): Promise<LakeStatus> {
  try {
    return lakeStatus(await new SparkClient(sparkClientContainer).state(streamingJobName));
  } catch (error) {
    if (!(error instanceof ContainerDown || error instanceof ContainerGone)) throw error;
    return withoutJob("not running", error.message);
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
