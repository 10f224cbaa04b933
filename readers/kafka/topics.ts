/** What the topics hold: their ends, and the messages between two places. */
import { Consumer, type RecordsBatch } from "@platformatic/kafka";
import { impatientClientOptions, type KafkaAccess } from "../../providers/kafka/access";
import { CommittedRecords } from "../../providers/kafka-topics/committed-records";
import { fetchBatches, type PartitionPlace } from "../../providers/kafka-topics/fetch-batches";
import { Obstacle } from "../obstacle";

/** topic → partition → offset of the next message */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

const LATEST = -1n;
const EARLIEST = -2n;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

export class Topics {
  private readonly consumer: Consumer;

  /** @param access as whoever reads has it */
  constructor(private readonly access: KafkaAccess) {
    this.consumer = new Consumer({
      ...impatientClientOptions("verify", access),
      // Required, and never used: offsets are kept by nobody.
      groupId: "verify",
    });
  }

  /** Where what is committed ends: every transaction before it is complete. */
  committedEnds(topics: readonly string[]): Promise<Offsets> {
    return this.offsets(topics, LATEST, READ_COMMITTED);
  }

  /** Where everything ends, also what is being written. */
  writtenEnds(topics: readonly string[]): Promise<Offsets> {
    return this.offsets(topics, LATEST, READ_UNCOMMITTED);
  }

  /** Where each partition begins: what was before is deleted. */
  begins(topics: readonly string[]): Promise<Offsets> {
    return this.offsets(topics, EARLIEST, READ_UNCOMMITTED);
  }

  /**
   * Calls back for each committed message at `from` or after it and before `to`, in order.
   *
   * @param from must not lie within a transaction, which `committedEnds` assures
   */
  async read(
    topic: string,
    partition: number,
    from: bigint,
    to: bigint,
    message: (value: Buffer | null, offset: bigint) => Promise<void>,
  ): Promise<void> {
    const place = await this.place(topic, partition);
    const committed = new CommittedRecords(from, to);
    for (let offset = from; offset < to || committed.pending; ) {
      const batches = await this.fetch(place, offset, topic);
      for (const batch of batches) {
        for (const record of committed.take(batch)) await message(record.value, record.offset);
        offset = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
      }
    }
  }

  async close(): Promise<void> {
    await this.consumer.close().catch(() => {});
  }

  /** Id of the cluster: another one after Kafka was made anew. */
  async clusterId(): Promise<string> {
    return (await this.reach(this.consumer.metadata({}))).id;
  }

  private async offsets(
    topics: readonly string[],
    timestamp: bigint,
    isolationLevel: number,
  ): Promise<Offsets> {
    const found = await this.reach(
      this.consumer.listOffsets({ topics: [...topics], timestamp, isolationLevel }),
    );
    return new Map(
      topics.map((topic) => [
        topic,
        new Map((found.get(topic) ?? []).map((offset, partition) => [partition, offset])),
      ]),
    );
  }

  private async place(topic: string, partition: number): Promise<PartitionPlace> {
    const metadata = await this.reach(this.consumer.metadata({ topics: [topic] }));
    const found = metadata.topics.get(topic);
    const leader = found?.partitions[partition]?.leader;
    if (!found || leader === undefined) {
      throw new Obstacle(`Kafka has no partition ${partition} of topic ${topic}.`, "Run `npm run up`.");
    }
    return { topicId: found.id, node: leader, partition };
  }

  private async fetch(
    place: PartitionPlace,
    fetchOffset: bigint,
    topic: string,
  ): Promise<readonly RecordsBatch[]> {
    const found = await this.reach(fetchBatches(this.consumer, place, fetchOffset));
    if (found && found.logStartOffset > fetchOffset) {
      throw new Error(
        `Kafka has deleted messages of ${topic} from offset ${fetchOffset} on, which verify needs; run it again, and if it happens again, the topic's retention is too short`,
      );
    }
    return found?.records ?? [];
  }

  private async reach<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const { message } = error as Error;
      if (/UNKNOWN_TOPIC|does not host/.test(JSON.stringify(error))) {
        throw new Obstacle(
          `A topic of the captured tables is missing in Kafka: ${message}.`,
          "Run `npm run up`.",
        );
      }
      throw new Obstacle(
        `Kafka at ${this.access.bootstrapServers} does not answer as it should: ${message}.`,
        "See that the broker runs: `docker ps --filter label=cdc.service=kafka`; `npm run refresh` and `npm run up` repair it.",
      );
    }
  }
}
