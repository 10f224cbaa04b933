/** What `npm run status` prints: containers, the connector's position, and what the streaming job reports, all of this moment. */
import Table from "cli-table3";
import type { Position } from "../../providers/kafka-connect/position";
import { listing } from "../../providers/kafka-connect/text/listing";
import { ContainerDown, ContainerGone, SparkClient } from "../../providers/spark-application/client";
import { type LastResult, lastResults } from "../../stack/last-results";
import { outputsOf } from "../../stack/outputs";
import { chosenTables, lakeOf, type Platform, platformOf } from "../../stack/platform";
import { comparisonAlarms } from "./alarms";
import { diskAlarms } from "./disks";
import { forStack, type Place } from "./for-stack";
import { MOST_MS } from "./in-time";
import { type LakeStatus, lakeStatus, lakeTables, withoutJob } from "./lake";
import { type Network, networkAlarms, readNetwork } from "./network";
import { overviewLine } from "./overview";
import { type NotReached, Parts } from "./parts";
import { patienceWith } from "./patience";
import { readServices, type ServiceStatus, serviceAlarms, serviceFor, serviceTable } from "./services";
import { standingOf } from "./standing";
import { damageAlarms, type LookedAt, readTableFiles } from "./table-files";
import { behindOf } from "./topics";

/** No further table's files are looked at after this. */
const FILES_MS = 700;

/** Outputs that it needs beside those of the platform. */
const NEEDED = ["proofUrl", "containerNames", "slotLagAlarm", "connectorState", "tableLists"] as const;

export interface Status extends Network {
  readonly stack: string;
  /** Absent: the stack's own. */
  readonly pipeline?: string | undefined;
  /** UTC. */
  readonly at: string;
  /** Whether all is well, in words. */
  readonly overview: string;
  readonly services: readonly ServiceStatus[];
  readonly lake: LakeStatus;
  /** Of as many tables as there was time for. */
  readonly files: readonly LookedAt[];
  /** What the last comparison of each table found (`npm run verify`, `npm run doctor`). */
  readonly compared: Readonly<Record<string, LastResult>>;
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
  const needed = outputsOf(outputs, stack, NEEDED);
  const tables = chosenTables(platform).chosen;
  const parts = new Parts();
  const services = (await parts.ask("Docker", MOST_MS, readServices(needed.containerNames))) ?? [];
  const patience = (...names: string[]) =>
    patienceWith(
      services,
      names.map((service) => serviceFor(place.pipeline, service)),
    );
  const containerOf = (name: string) => services.find(({ service }) => service === name)?.container;
  const [network, lake = lakeStatus(undefined), files = []] = await Promise.all([
    readNetwork({ ...platform, ...needed }, tables, { parts, patience, containerOf }),
    parts.ask("the streaming job", patience("spark-client"), readLake(platform)),
    parts.ask("the object store", patience("minio"), readTableFiles(platform, tables, Date.now() + FILES_MS)),
  ]);
  const compared = lastResults(place, lakeOf(platform));
  const alarms = [
    ...serviceAlarms(services),
    ...diskAlarms(services),
    ...networkAlarms(network, lake, needed).map(({ text }) => text),
    ...damageAlarms(files),
    ...comparisonAlarms(compared, platform.capturedTables),
  ].map((alarm) => forStack(alarm, place));
  const { notReached } = parts;
  const well = [
    `${services.length} containers run`,
    network.position?.status ?? "no connector",
    `the streaming job writes ${lake.tables.length === 1 ? "one table" : `${lake.tables.length} tables`}`,
  ];
  const overview = overviewLine({ well, alarms, notReached: notReached.map((one) => one.part) });
  const at = new Date().toISOString();
  return { ...place, at, overview, services, ...network, lake, files, compared, alarms, notReached };
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
