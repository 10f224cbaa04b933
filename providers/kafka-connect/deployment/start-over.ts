/** A new snapshot of every table, by a connector that begins at the beginning, in the place of all that was sent before. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { controlMessage } from "../debezium/control-messages";
import { literalTables } from "../debezium/postgres";
import { topicOf } from "../debezium/table-topic-name";
import type { Pacing } from "../pacing";
import type { ConnectApi, ConnectorConfig } from "../rest/api";
import { judge } from "../rest/health";
import { NotRunning } from "../rest/running";
import type { TableTopics } from "./table-topics";

/** A table whose earlier rows give way to those of a new snapshot. */
export interface Replacement {
  readonly table: string;
  readonly topic: string;
  readonly id: string;
  readonly partitions: number;
  /** Position of the source's log, in bytes. */
  readonly position: number;
}

/**
 * Says in the topics of tables that their rows are about to be read again. A topic that holds nothing needs no word.
 * @returns what has to be ended once the snapshot is over
 */
export async function beginReplacing(
  topics: TableTopics,
  config: ConnectorConfig,
  position: number,
): Promise<Replacement[]> {
  const named = literalTables(config).flatMap((table) => {
    const topic = topicOf(config, table);
    return topic ? [{ table, topic }] : [];
  });
  const ends = await topics.ends(named.map(({ topic }) => topic));
  const replacements = named.flatMap(({ table, topic }): Replacement[] => {
    const partitions = ends.get(topic) ?? [];
    const holdsSomething = partitions.some((end) => end > 0n);
    return holdsSomething
      ? [{ table, topic, id: randomUUID(), partitions: partitions.length, position }]
      : [];
  });
  await writeControl(topics, "begin", replacements);
  return replacements;
}

/** Writes the word into every partition. */
export async function writeControl(
  topics: TableTopics,
  step: "begin" | "end",
  replacements: readonly Replacement[],
): Promise<void> {
  const messages = replacements.flatMap((replacement) =>
    Array.from({ length: replacement.partitions }, (_, partition) => ({
      topic: replacement.topic,
      partition,
      value: controlMessage(step, replacement, Date.now()),
    })),
  );
  if (messages.length > 0) await topics.write(messages);
}

/**
 * Waits, for as long as it takes, until the connector's first snapshot is over: its offset then is one of the log's.
 * @throws NotRunning when the connector fails meanwhile
 */
export async function waitForSnapshot(
  connect: ConnectApi,
  name: string,
  report: (line: string) => void,
  pacing: Pacing,
): Promise<void> {
  let told = Date.now();
  for (;;) {
    const offset = (await connect.readOffsets(name))[0]?.offset;
    if (offset && typeof offset.lsn === "number" && !("snapshot" in offset)) return;
    const status = await connect.readStatus(name);
    const health = judge(status);
    if (health.verdict === "failed") throw new NotRunning(health.reasons, status);
    if (Date.now() - told >= pacing.progress * PROGRESS_LINES) {
      told = Date.now();
      report("the new snapshot of all tables is under way");
    }
    await pause(pacing.poll);
  }
}

/** One line for as many of the usual ones: there is no number to show. */
const PROGRESS_LINES = 6;
