/** Waits until what was committed in the source has gone all the way: log → connector → Kafka → lake. */
import { setTimeout as pause } from "node:timers/promises";
import type { ConnectorOffset } from "../providers/kafka-connect/rest/api";
import type { ConnectClient } from "../providers/kafka-connect/rest/client";
import { describeStatus, judge } from "../providers/kafka-connect/rest/health";
import type { Platform } from "../stack/platform";
import type { Offsets, Topics } from "./kafka/topics";
import type { QueryPosition, StreamingQuery } from "./lake/streaming-query";
import { Obstacle } from "./obstacle";
import { lsnText } from "./source/lsn";
import { Trouble } from "./trouble";

const LOOK_EVERY = 300;
const SAY_NEW = 2_000;
const SAY_AGAIN = 15_000;

export interface Pipeline {
  readonly platform: Pick<Platform, "connectorName" | "kafkaConnectUrl">;
  readonly connect: ConnectClient;
  readonly topics: Topics;
  readonly query: StreamingQuery;
  /** @throws Obstacle when the job will not catch up by itself */
  readonly checkJob: () => Promise<void>;
}

export interface Waiting {
  /** `Date.now()` at which it is given up. */
  readonly deadline: number;
  readonly say: (line: string) => void;
}

/** @returns where the lake is once it holds everything that was committed before the marker */
export async function waitForLake(
  pipeline: Pipeline,
  topicNames: readonly string[],
  marker: bigint,
  waiting: Waiting,
): Promise<QueryPosition | undefined> {
  await waitForConnector(pipeline, marker, waiting);
  const ends = await pipeline.topics.writtenEnds(topicNames);
  return waitForJob(pipeline, ends, waiting);
}

export async function waitForConnector(
  { connect, platform }: Pick<Pipeline, "connect" | "platform">,
  marker: bigint,
  waiting: Waiting,
): Promise<void> {
  const name = platform.connectorName;
  const fix = `Run \`npm run refresh\`, then \`npm run up\`; \`curl ${platform.kafkaConnectUrl}/connectors/${name}/status\` shows more.`;
  const trouble = new Trouble();
  await until(waiting, async () => {
    const position = connectorPosition(await connect.readOffsets(name));
    if (position !== undefined && position >= marker) return { done: true };
    const status = await connect.readStatus(name);
    const health = judge(status);
    if (!status) throw new Obstacle(`Kafka Connect has no connector ${name}.`, fix);
    if (health.verdict === "failed") {
      throw new Obstacle(`Connector ${name} has failed: ${health.reasons.join("; ")}.`, fix);
    }
    if (/STOPPED|PAUSED/.test(status.connector.state)) {
      throw new Obstacle(
        `Connector ${name} is ${status.connector.state}, so the lake cannot catch up.`,
        `Run \`npm run refresh\`, then \`npm run up\`; or resume it: curl -X PUT ${platform.kafkaConnectUrl}/connectors/${name}/resume`,
      );
    }
    if (trouble.lasts(health.verdict !== "running")) {
      throw new Obstacle(`Connector ${name} does not run: ${describeStatus(status)}.`, fix);
    }
    const behind = position === undefined ? "has not started" : `is ${bytes(marker - position)} behind`;
    return { done: false, seen: `log at ${lsnText(marker)}; the connector ${behind}` };
  });
}

export async function waitForJob(
  { query, checkJob }: Pick<Pipeline, "query" | "checkJob">,
  ends: Offsets,
  waiting: Waiting,
): Promise<QueryPosition | undefined> {
  let position: QueryPosition | undefined;
  let nextLook = 0;
  await until(waiting, async () => {
    position = await query.position();
    const missing = messagesMissing(ends, position);
    if (missing === 0n) return { done: true };
    if (Date.now() >= nextLook) {
      nextLook = Date.now() + 3_000;
      await checkJob();
    }
    const batch = position ? `micro-batch ${position.batchId} is done` : "no micro-batch is done yet";
    return {
      done: false,
      seen: `the connector is there; the job has ${missing.toLocaleString("en-US")} messages to go, ${batch}`,
    };
  });
  return position;
}

async function until(
  { deadline, say }: Waiting,
  look: () => Promise<{ done: true } | { done: false; seen: string }>,
): Promise<void> {
  let said = Date.now();
  let last = "";
  for (;;) {
    const result = await look();
    if (result.done) return;
    if (Date.now() > deadline) {
      throw new Obstacle(
        `The lake has not caught up in time: ${result.seen}.`,
        "Give it longer with --timeout, or see why it is slow: the streaming job's UI, `docker stats`.",
      );
    }
    if (Date.now() - said > (result.seen === last ? SAY_AGAIN : SAY_NEW)) {
      say(`Waiting: ${result.seen}`);
      said = Date.now();
      last = result.seen;
    }
    await pause(LOOK_EVERY);
  }
}

/** Debezium's `lsn`: of the last change or message whose record is committed in Kafka. */
export function connectorPosition(offsets: readonly ConnectorOffset[]): bigint | undefined {
  const lsn = offsets[0]?.offset?.lsn;
  return typeof lsn === "number" ? BigInt(lsn) : undefined;
}

export function messagesMissing(ends: Offsets, position: QueryPosition | undefined): bigint {
  let missing = 0n;
  for (const [topic, partitions] of ends) {
    for (const [partition, end] of partitions) {
      const read = position?.ends.get(topic)?.get(partition) ?? 0n;
      if (end > read) missing += end - read;
    }
  }
  return missing;
}

function bytes(count: bigint): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = Number(count);
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}
