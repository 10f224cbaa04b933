/** One moment at which source and lake are compared. */
import type { Client } from "pg";
import type { Offsets } from "../../readers/kafka/topics";
import type { QueryPosition } from "../../readers/lake/streaming-query";
import { lsnText } from "../../readers/source/lsn";
import { writeMarker } from "../../readers/source/marker";
import { type Pipeline, type Waiting, waitForLake } from "../../readers/wait";
import { Snapshot } from "./source/snapshot";
import type { Visibility } from "./source/visibility";

/** What was taken from the source, and where the lake was then. */
export interface Moment {
  readonly visibility: Visibility;
  /** Ends of the topics before the snapshot. */
  readonly topicsBefore: Offsets;
  /** Where the topics begin. */
  readonly topicsBegin: Offsets;
  readonly position: QueryPosition | undefined;
}

export interface TakenMoment {
  /** Open until whoever took it closes it. */
  readonly snapshot: Snapshot;
  readonly moment: Moment;
  /** Position in the source's log up to which the lake has everything. */
  readonly lsn: string;
}

/**
 * Takes a snapshot of the source, and waits until the lake has all that the snapshot sees.
 *
 * @param source takes the marker; url: of the same database
 * @throws Obstacle when the lake does not catch up in time
 */
export async function takeMoment(
  { source, url }: { readonly source: Client; readonly url: string },
  pipeline: Pipeline,
  topicNames: readonly string[],
  waiting: Waiting,
): Promise<TakenMoment> {
  const topicsBefore = await pipeline.topics.committedEnds(topicNames);
  const topicsBegin = await pipeline.topics.begins(topicNames);
  const snapshot = await Snapshot.take(url);
  try {
    const marker = await writeMarker(source);
    waiting.say(`Comparing at ${lsnText(marker)}`);
    const position = await waitForLake(pipeline, topicNames, marker, waiting);
    const moment = { visibility: snapshot.visibility, topicsBefore, topicsBegin, position };
    return { snapshot, moment, lsn: lsnText(marker) };
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}
