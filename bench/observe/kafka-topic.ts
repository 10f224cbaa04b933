/** One topic of one partition, as a consumer sees it. */

import { setTimeout as pause } from "node:timers/promises";
import { Consumer } from "@platformatic/kafka";
import { impatientClientOptions } from "../../providers/kafka/access";

const LATEST = -1n;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
const FETCH_BYTES = 4 << 20;
const FETCH_WAIT = 500;
/** How often its end is looked at, in milliseconds. */
const POLL = 250;

/** A message, and when it could be read. */
export interface Arrival {
  readonly offset: number;
  /** `Date.now()`. */
  readonly at: number;
}

export class KafkaTopic {
  private readonly consumer: Consumer;
  private closed = false;

  constructor(
    bootstrapServers: string,
    readonly name: string,
  ) {
    this.consumer = new Consumer({
      ...impatientClientOptions("bench", { bootstrapServers }),
      // Required, and never used: offsets are kept by nobody.
      groupId: "bench",
    });
  }

  /** Offset of the next message, also of one that is in a transaction under way. */
  async end(isolationLevel = READ_UNCOMMITTED): Promise<number> {
    const found = await this.consumer.listOffsets({ topics: [this.name], timestamp: LATEST, isolationLevel });
    return Number(found.get(this.name)?.[0] ?? 0);
  }

  /** Calls back for each message that arrives from now on and is committed, until `close`. */
  async follow(arrived: (arrival: Arrival) => void): Promise<void> {
    const topic = (await this.consumer.metadata({ topics: [this.name] })).topics.get(this.name);
    const leader = topic?.partitions[0]?.leader;
    if (!topic || leader === undefined) throw new Error(`Kafka has no topic ${this.name}`);
    let offset = await this.end(READ_COMMITTED);
    while (!this.closed) {
      const answer = await this.consumer.fetch({
        node: leader,
        isolationLevel: READ_COMMITTED,
        maxWaitTime: FETCH_WAIT,
        minBytes: 1,
        maxBytes: FETCH_BYTES,
        topics: [
          {
            topicId: topic.id,
            partitions: [
              {
                partition: 0,
                currentLeaderEpoch: -1,
                fetchOffset: BigInt(offset),
                lastFetchedEpoch: -1,
                partitionMaxBytes: FETCH_BYTES,
              },
            ],
          },
        ],
      });
      const at = Date.now();
      for (const batch of answer.responses[0]?.partitions[0]?.records ?? []) {
        const first = Number(batch.firstOffset);
        const isControl = (batch.attributes & 0x20) !== 0;
        for (const record of isControl ? [] : batch.records) {
          const found = first + record.offsetDelta;
          if (found >= offset) arrived({ offset: found, at });
        }
        offset = Math.max(offset, first + batch.lastOffsetDelta + 1);
      }
    }
  }

  /**
   * Watches messages come in until at least `messages` are there and no more come.
   * A transaction's end takes an offset too, so the exact end is not known beforehand.
   *
   * @returns when the first and the last of them came, to a quarter of a second
   * @throws Error after the deadline
   */
  async watch(
    from: number,
    messages: number,
    deadline: number,
    told: (messages: number) => void = () => {},
  ): Promise<{ first: number; last: number }> {
    let first = 0;
    let last = 0;
    let before = from;
    for (;;) {
      const end = await this.end();
      const now = Date.now();
      if (end > before) {
        first ||= now;
        last = now;
        before = end;
        told(end - from);
      } else if (end - from >= messages && now - last > 8 * POLL) {
        return { first, last };
      }
      if (now > deadline) throw new Error(`${this.name}: ${end - from} of ${messages} messages came in time`);
      await pause(POLL);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.resolve(this.consumer.close(true)).catch(() => {});
  }
}
