/** Waits until the lake's tables are the source's again. */
import { setTimeout as pause } from "node:timers/promises";
import type { TableTopics } from "../../providers/kafka-connect/deployment/table-topics";
import { SparkClient } from "../../providers/spark-application/client";
import { applicationState, type DriverState } from "../../providers/spark-application/driver-state";
import { Bucket } from "../../readers/lake/bucket";
import { type QueryPosition, StreamingQuery } from "../../readers/lake/streaming-query";
import type { Platform } from "../../stack/platform";

const LOOK_EVERY = 1_000;
const SAY_EVERY = 15_000;

export interface LakeWait {
  readonly platform: Platform;
  readonly clusterId: string;
  readonly topics: TableTopics;
  /** By table, `schema.table`, its topic. */
  readonly topicNames: ReadonlyMap<string, string>;
  /** Milliseconds without any progress after which it is given up. */
  readonly silence: number;
  readonly say: (line: string) => void;
}

/**
 * @returns what keeps tables from being there, by table; none as a rule
 * @throws Error when the job does not get there
 */
export async function waitForLake(wait: LakeWait): Promise<ReadonlyMap<string, string>> {
  const { platform, topics, topicNames, silence, say } = wait;
  const names = [...topicNames.values()];
  const written = await topics.ends(names);
  const query = await StreamingQuery.of(Bucket.of(platform), platform.streamingJobCheckpoint, wait.clusterId);
  const client = new SparkClient(platform.sparkClientContainer);
  let seen = "";
  let seenAt = Date.now();
  let said = Date.now();
  for (;;) {
    const position = await query.position();
    const missing = messagesMissing(written, position);
    const state = await client.state(platform.streamingJobName).catch(() => undefined);
    const tables = [...topicNames.keys()];
    const pending = tables.filter((table) => state?.status?.tables?.[table]?.resnapshot);
    const isThere = missing === 0n && pending.length === 0;
    if (isThere && state?.status && applicationState(state) === "RUNNING") return troubles(tables, state);
    const sign = `${missing} ${pending.length}`;
    if (sign !== seen) seenAt = Date.now();
    seen = sign;
    if (Date.now() - seenAt >= silence) {
      const job = state
        ? `${applicationState(state)}${state.status?.error ? `: ${state.status.error}` : ""}`
        : "not there";
      throw new Error(
        `all rows are in Kafka, but the lake has not taken them: ${missing.toLocaleString("en")} messages to go, the streaming job is ${job}. ` +
          "It takes them by itself once it runs: `npm run status`, `npm run up`",
      );
    }
    if (Date.now() - said >= SAY_EVERY) {
      said = Date.now();
      say(`waiting for the lake: ${missing.toLocaleString("en")} messages to go`);
    }
    await pause(LOOK_EVERY);
  }
}

function messagesMissing(
  ends: ReadonlyMap<string, readonly bigint[]>,
  position: QueryPosition | undefined,
): bigint {
  let missing = 0n;
  for (const [topic, partitions] of ends) {
    for (const [partition, end] of partitions.entries()) {
      const read = position?.ends.get(topic)?.get(partition) ?? 0n;
      if (end > read) missing += end - read;
    }
  }
  return missing;
}

function troubles(tables: readonly string[], state: DriverState): Map<string, string> {
  const found = tables.flatMap((table): [string, string][] => {
    const facts = state.status?.tables?.[table];
    const trouble = facts?.setAside?.reason ?? facts?.problem;
    return trouble ? [[table, trouble]] : [];
  });
  return new Map(found);
}
