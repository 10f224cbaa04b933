/** The topics of captured tables, as Kafka has them: where they end, what has arrived, and what we write into them. */
import { Consumer, Producer, stringSerializers } from "@platformatic/kafka";
import { impatientClientOptions, type KafkaAccess } from "../../kafka/access";
import { CommittedRecords } from "../../kafka-topics/committed-records";
import { fetchBatches, type PartitionPlace } from "../../kafka-topics/fetch-batches";
import { type Arrivals, NO_ARRIVALS, withMessage } from "./arrivals";

/** Partition by partition, the offset of the next message. */
export type Ends = readonly bigint[];

export interface TopicMessage {
  readonly topic: string;
  readonly partition: number;
  readonly value: string;
}

/** Each call may throw {@link KafkaUnreachable}. */
export interface TableTopics {
  /** By topic; one that does not exist is missing. All of a transaction is before its end, or nothing. */
  ends(topics: readonly string[]): Promise<ReadonlyMap<string, Ends>>;
  /** What is committed at `from` or after it, and before `to`; undefined when some of that is deleted already. */
  arrivals(topic: string, from: Ends, to: Ends): Promise<Arrivals | undefined>;
  /** Returns when the broker has all of them. */
  write(messages: readonly TopicMessage[]): Promise<void>;
  /** Id of the cluster: another one after Kafka was made anew. */
  clusterId(): Promise<string>;
  close(): Promise<void>;
}

export class KafkaUnreachable extends Error {}

const LATEST = -1n;
const EARLIEST = -2n;
/** Each has waited for half a second. */
const EMPTY_ANSWERS = 60;
const READ_COMMITTED = 1;

/** @param access as this machine has it */
export function tableTopics(access: KafkaAccess): TableTopics {
  return new KafkaTopics(access);
}

class KafkaTopics implements TableTopics {
  private readonly consumer: Consumer;
  private producer: Producer<string, string, string, string> | undefined;

  constructor(private readonly access: KafkaAccess) {
    this.consumer = new Consumer({
      ...this.client(),
      // Required, and never used: offsets are kept by nobody.
      groupId: "cdc-platform",
    });
  }

  async ends(topics: readonly string[]): Promise<ReadonlyMap<string, Ends>> {
    try {
      return topics.length === 0 ? new Map() : await this.endsOf(topics);
    } catch (error) {
      if (!isUnknownTopic(error)) throw this.explain(error);
      if (topics.length === 1) return new Map();
      // One that does not exist fails the request for all.
      const half = Math.ceil(topics.length / 2);
      const parts = [await this.ends(topics.slice(0, half)), await this.ends(topics.slice(half))];
      return new Map(parts.flatMap((part) => [...part]));
    }
  }

  private endsOf(topics: readonly string[]): Promise<Map<string, bigint[]>> {
    return this.consumer.listOffsets({
      topics: [...topics],
      timestamp: LATEST,
      isolationLevel: READ_COMMITTED,
    });
  }

  async arrivals(topic: string, from: Ends, to: Ends): Promise<Arrivals | undefined> {
    let arrivals = NO_ARRIVALS;
    try {
      const metadata = await this.consumer.metadata({ topics: [topic] });
      const { id: topicId = "", partitions = [] } = metadata.topics.get(topic) ?? {};
      for (const [partition, end] of to.entries()) {
        const start = from[partition] ?? 0n;
        const place = { topic, topicId, node: partitions[partition]?.leader ?? 0, partition };
        const committed = new CommittedRecords(start, end);
        for (let offset = start; offset < end; ) {
          const batches = await this.batchesAt(place, offset);
          if (!batches) return undefined;
          for (const batch of batches) {
            for (const { value } of committed.take(batch)) arrivals = withMessage(arrivals, value);
            offset = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
          }
        }
      }
      return arrivals;
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** What is at an offset, of which it is known that there is something; undefined when Kafka has deleted it meanwhile. */
  private async batchesAt({ topic, ...place }: PartitionPlace & { topic: string }, offset: bigint) {
    for (let empty = 0; ; empty += 1) {
      const found = await fetchBatches(this.consumer, place, offset).catch(
        (error: unknown) => error as Error,
      );
      if (!(found instanceof Error) && found?.records?.length) return found.records;
      if (await this.isDeleted(topic, place.partition, offset)) return undefined;
      if (found instanceof Error) throw found;
      if (empty >= EMPTY_ANSWERS) throw new Error(`${topic} gives nothing at offset ${offset}`);
    }
  }

  private async isDeleted(topic: string, partition: number, offset: bigint): Promise<boolean> {
    const starts = await this.consumer.listOffsets({ topics: [topic], timestamp: EARLIEST });
    return (starts.get(topic)?.[partition] ?? 0n) > offset;
  }

  async write(messages: readonly TopicMessage[]): Promise<void> {
    this.producer ??= new Producer({ ...this.client(), serializers: stringSerializers });
    try {
      await this.producer.send({ messages: [...messages], acks: -1 });
    } catch (error) {
      throw this.explain(error);
    }
  }

  async clusterId(): Promise<string> {
    try {
      return (await this.consumer.metadata({})).id;
    } catch (error) {
      throw this.explain(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.consumer.close(), this.producer?.close()]).catch(() => {});
  }

  private client() {
    return impatientClientOptions("cdc-platform", this.access);
  }

  private explain(error: unknown): Error {
    const { message } = error as Error;
    const nested = (error as { errors?: Error[] }).errors?.[0]?.message;
    return new KafkaUnreachable(
      `Kafka at ${this.access.bootstrapServers} does not answer as it should: ${nested ?? message}`,
    );
  }
}

function isUnknownTopic(error: unknown): boolean {
  const { message } = error as Error;
  return /unknown.?topic|does not host/i.test(`${message} ${JSON.stringify(error)}`);
}
