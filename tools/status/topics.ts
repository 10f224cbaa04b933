/** What the topics of captured tables hold, and how far the streaming job has read them. */

import { topicAdmin } from "../../providers/kafka-topics/admin";
import { shortList } from "../../providers/kafka-topics/plan";
import { kafkaAccess } from "../../readers/kafka/access";
import { Topics } from "../../readers/kafka/topics";
import { Bucket } from "../../readers/lake/bucket";
import { type QueryPosition, StreamingQuery } from "../../readers/lake/streaming-query";
import type { CapturedTable, Platform } from "../../stack/platform";
import { alarmOf, type Trouble } from "./trouble";

export interface TopicStatus {
  readonly topic: string;
  readonly table: string;
  /** Sum of the partitions' end offsets; null: there is no such topic. */
  readonly end: number | null;
  /** Messages that the job has not read yet; null: not known. */
  readonly behind: number | null;
  /** Seconds since the oldest of these was committed in PostgreSQL; null: none, or not known. */
  readonly behindSeconds: number | null;
}

/** What of the outputs it needs. */
export type TopicPlaces = Pick<
  Platform,
  | "kafkaBootstrapServers"
  | "streamingJobCheckpoint"
  | "minioUrl"
  | "lakeAccessKey"
  | "lakeSecretKey"
  | "objectStore"
>;

export async function readTopics(
  platform: TopicPlaces,
  tables: readonly CapturedTable[],
): Promise<TopicStatus[]> {
  const admin = topicAdmin(kafkaAccess(platform));
  const topics = new Topics(kafkaAccess(platform));
  try {
    const names = tables.map(({ topic }) => topic);
    const there = await admin.describe(names);
    // Before the ends: a job that goes on meanwhile is not beyond them.
    const position = await positionOf(platform, topics).catch(() => null);
    const ends = await topics.writtenEnds(names.filter((name) => there[name]));
    return await Promise.all(
      tables.map(async ({ topic, name }) => {
        const partitions = ends.get(topic);
        if (!partitions) return { topic, table: name, end: null, behind: null, behindSeconds: null };
        const end = Number(sum(partitions.values()));
        if (position === null) return { topic, table: name, end, behind: null, behindSeconds: null };
        const unread = unreadOf(partitions, position?.ends.get(topic));
        const behind = Number(sum(unread.map(({ from, to }) => to - from)));
        return { topic, table: name, end, behind, behindSeconds: await ageOf(topics, topic, unread) };
      }),
    );
  } finally {
    await Promise.all([admin.close(), topics.close()]);
  }
}

async function positionOf(platform: TopicPlaces, topics: Topics): Promise<QueryPosition | undefined> {
  const bucket = Bucket.of(platform);
  const query = await StreamingQuery.of(bucket, platform.streamingJobCheckpoint, await topics.clusterId());
  return query.position();
}

interface Unread {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** Pure: what lies between where the job is and the end. */
export function unreadOf(
  ends: ReadonlyMap<number, bigint>,
  read: ReadonlyMap<number, bigint> | undefined,
): Unread[] {
  return [...ends].flatMap(([partition, to]) => {
    const known = read?.get(partition) ?? 0n;
    // Beyond the end it was in another topic of this name, which is gone: nothing of this one is read.
    const from = known > to ? 0n : known;
    return to > from ? [{ partition, from, to }] : [];
  });
}

/** Of the first unread change of the first partition that has one. */
async function ageOf(topics: Topics, topic: string, [first]: readonly Unread[]): Promise<number | null> {
  if (!first) return null;
  let age: number | null = null;
  await topics.read(topic, first.partition, first.from, first.from + 1n, async (value) => {
    age ??= ageIn(value, Date.now());
  });
  return age;
}

/** Pure: seconds since a change was committed; null for a message that does not say. */
export function ageIn(value: Buffer | null, now: number): number | null {
  try {
    const committed = JSON.parse(value?.toString("utf8") ?? "null")?.payload?.source?.ts_ms;
    return typeof committed === "number" ? Math.max(0, Math.round((now - committed) / 100) / 10) : null;
  } catch {
    return null;
  }
}

function sum(numbers: Iterable<bigint>): bigint {
  let total = 0n;
  for (const number of numbers) total += number;
  return total;
}

/** Pure: of all topics; null where one is not known. */
export function behindOf(topics: readonly TopicStatus[]): {
  behind: number | null;
  behindSeconds: number | null;
} {
  const known = topics.flatMap(({ behind }) => behind ?? []);
  const ages = topics.flatMap(({ behindSeconds }) => behindSeconds ?? []);
  return {
    behind:
      topics.length > 0 && known.length === topics.length ? known.reduce((sum, one) => sum + one, 0) : null,
    behindSeconds: ages.length > 0 ? Math.max(...ages) : null,
  };
}

/** What is wrong with the topics, and what helps; undefined: nothing. */
export function lostTopics(topics: readonly TopicStatus[]): Trouble | undefined {
  const lost = topics.filter(({ end }) => end === null);
  if (lost.length === 0) return undefined;
  const tables = lost.slice(0, 20).map(({ table }) => table);
  return {
    text: `${lost.length === 1 ? "a topic is" : `${lost.length} topics are`} gone, with the changes that the lake had not read: ${shortList(lost.map(({ topic }) => topic))}`,
    fix: `\`npm run refresh\`, then \`npm run up\` makes them again, empty; then \`npm run resnapshot -- ${tables.join(" ")}\` reads the rows.`,
  };
}

export function topicAlarms(topics: readonly TopicStatus[]): string[] {
  const lost = lostTopics(topics);
  return lost ? [alarmOf(lost)] : [];
}
