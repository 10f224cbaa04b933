/** Fetches from one partition, past the client's streams: from an offset, without a consumer group. */
import type { Consumer } from "@platformatic/kafka";

export interface PartitionPlace {
  readonly topicId: string;
  /** Id of the broker that leads it. */
  readonly node: number;
  readonly partition: number;
}

const READ_UNCOMMITTED = 0;
const FETCH_BYTES = 4 << 20;
const FETCH_WAIT_MS = 500;

/** @returns what the broker has from `fetchOffset` on, committed or not; undefined when it says nothing of the partition */
export async function fetchBatches(
  consumer: Consumer,
  { topicId, node, partition }: PartitionPlace,
  fetchOffset: bigint,
) {
  const answer = await consumer.fetch({
    node,
    // The client's own filter for committed messages misses a producer's second abort within a fetch.
    isolationLevel: READ_UNCOMMITTED,
    maxWaitTime: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    topics: [
      {
        topicId,
        partitions: [
          {
            partition,
            currentLeaderEpoch: -1,
            fetchOffset,
            lastFetchedEpoch: -1,
            partitionMaxBytes: FETCH_BYTES,
          },
        ],
      },
    ],
  });
  return answer.responses[0]?.partitions[0];
}
