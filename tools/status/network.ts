/** What of a stack is read over the network: wherever its servers can be reached from, without Docker. */
import type { StackOutputs } from "../../outputs";
import { type Position, readPosition } from "../../providers/kafka-connect/position";
import { UserError } from "../../stack/console";
import type { CapturedTable, Platform } from "../../stack/platform";
import { alarmsOf, jobAlarms, lakeAlarms, stateAlarms } from "./alarms";
import { type Clock, clockAlarms, readDatabaseClock, readServerClock } from "./clocks";
import { MOST_MS } from "./in-time";
import type { LakeStatus } from "./lake";
import type { Parts } from "./parts";
import { type ProofStatus, proofAlarms, readProof } from "./proof";
import { readTopics, type TopicPlaces, type TopicStatus, topicAlarms } from "./topics";

/** What of the outputs it needs. */
export type Places = TopicPlaces &
  Pick<Platform, "kafkaConnectUrl" | "connectorName" | "postgresqlUrl" | "capturedSource"> &
  Pick<StackOutputs, "proofUrl" | "slotLagAlarm" | "connectorState" | "tableLists">;

export interface Network {
  /** Absent: Kafka Connect did not answer, or has no such connector. */
  readonly position?: Position | undefined;
  readonly topics: readonly TopicStatus[];
  /** Absent: the stack has no continuous proof, or it did not answer. */
  readonly proof?: ProofStatus | undefined;
  readonly clocks: readonly Clock[];
}

export interface Asking {
  readonly parts: Parts;
  /** Milliseconds for a part that needs these services. */
  readonly patience: (...services: string[]) => number;
  /** The stack's container of a service; undefined where it has none. */
  readonly containerOf: (service: string) => string | undefined;
}

/** Asks side by side. */
export async function readNetwork(
  places: Places,
  tables: readonly CapturedTable[],
  { parts, patience, containerOf }: Asking,
): Promise<Network> {
  const proofPatience = patience("proof");
  const [proof, position, topics = [], ...ahead] = await Promise.all([
    parts.ask("the continuous proof", proofPatience, readProof(places.proofUrl, proofPatience)),
    parts.ask("the connector", patience("kafka-connect", "postgresql"), readConnector(places)),
    parts.ask("Kafka", patience("kafka", "zookeeper"), readTopics(places, tables)),
    parts.ask("PostgreSQL", patience("postgresql"), readDatabaseClock(places.postgresqlUrl, MOST_MS)),
    readServerClock(places.minioUrl, patience("minio")).catch(() => undefined),
  ]);
  const clocks = ["postgresql", "minio"].flatMap((service, index) => {
    const container = containerOf(service);
    const seconds = ahead[index];
    return container !== undefined && seconds !== undefined ? [{ service, container, ahead: seconds }] : [];
  });
  return { position, topics, proof, clocks };
}

/** What an alarm is about. */
export type Subject = "postgresql" | "connector" | "kafka" | "job" | "lake" | "minio";

export interface Alarm {
  readonly about: Subject;
  readonly text: string;
}

/** Pure: what is wrong with what was read. */
export function networkAlarms(
  { position, topics, proof, clocks }: Network,
  lake: Pick<LakeStatus, "job" | "error" | "tables">,
  { connectorState, slotLagAlarm }: Pick<StackOutputs, "connectorState" | "slotLagAlarm">,
): Alarm[] {
  const ofConnector = position
    ? [...stateAlarms(position, connectorState), ...alarmsOf(position, slotLagAlarm)]
    : [];
  const about = (subject: Subject) => (text: string) => ({ about: subject, text });
  return [
    ...clocks.flatMap((clock) => clockAlarms([clock]).map(about(clock.service as Subject))),
    ...ofConnector.map(about("connector")),
    ...topicAlarms(topics).map(about("kafka")),
    ...jobAlarms(lake).map(about("job")),
    ...lakeAlarms(lake).map(about("lake")),
    ...proofAlarms(proof).map(about("lake")),
  ];
}

/**
 * @throws UserError when Connect has no such connector; ConnectUnreachable
 */
async function readConnector(places: Places): Promise<Position> {
  const { kafkaConnectUrl, connectorName, postgresqlUrl, capturedSource, tableLists } = places;
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
