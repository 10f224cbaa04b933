/** The topics of captured tables, as Kafka has them: where they end, what has arrived, and what we write into them. */
import { Consumer, Producer, stringSerializers } from "@platformatic/kafka";
import { CommittedRecords } from "../kafka-topics/committed-records";
import { fetchBatches } from "../kafka-topics/fetch-batches";
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
  /** What is committed at `from` or after it, and before `to`. */
  arrivals(topic: string, from: Ends, to: Ends): Promise<Arrivals>;
  /** Returns when the broker has all of them. */
  write(messages: readonly TopicMessage[]): Promise<void>;
  /** Id of the cluster: another one after Kafka was made anew. */
  clusterId(): Promise<string>;
  close(): Promise<void>;
}

export class KafkaUnreachable extends Error {}

const LATEST = -1n;
const READ_COMMITTED = 1;
const CONNECT_MS = 5_000;
const RETRIES = 3;

/** @param bootstrapServers as this machine reaches them, such as `localhost:29092` */
export function tableTopics(bootstrapServers: string): TableTopics {
  return new KafkaTopics(bootstrapServers);
}

class KafkaTopics implements TableTopics {
  private readonly consumer: Consumer;
  private producer: Producer<string, string, string, string> | undefined;

  constructor(private readonly bootstrapServers: string) {
    this.consumer = new Consumer({
      ...this.client(),
      // Required, and never used: offsets are kept by nobody.
      groupId: "cdc-platform",
    });
  }

  async ends(topics: readonly string[]): Promise<ReadonlyMap<string, Ends>> {
    const found = await Promise.all(
      topics.map(async (topic): Promise<[string, Ends][]> => {
        try {
          const ends = await this.consumer.listOffsets({
            topics: [topic],
            timestamp: LATEST,
            isolationLevel: READ_COMMITTED,
          });
          return [[topic, ends.get(topic) ?? []]];
        } catch (error) {
          if (isUnknownTopic(error)) return [];
          throw this.explain(error);
        }
      }),
    );
    return new Map(found.flat());
  }

  async arrivals(topic: string, from: Ends, to: Ends): Promise<Arrivals> {
    let arrivals = NO_ARRIVALS;
    try {
      const metadata = await this.consumer.metadata({ topics: [topic] });
      const { id: topicId = "", partitions = [] } = metadata.topics.get(topic) ?? {};
      for (const [partition, end] of to.entries()) {
        const start = from[partition] ?? 0n;
        const committed = new CommittedRecords(start, end);
        for (let offset = start; offset < end; ) {
          const node = partitions[partition]?.leader ?? 0;
          const found = await fetchBatches(this.consumer, { topicId, node, partition }, offset);
          for (const batch of found?.records ?? []) {
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
    return {
      clientId: "cdc-platform",
      bootstrapBrokers: this.bootstrapServers.split(","),
      connectTimeout: CONNECT_MS,
      retries: RETRIES,
    };
  }

  private explain(error: unknown): Error {
    const { message } = error as Error;
    const nested = (error as { errors?: Error[] }).errors?.[0]?.message;
    return new KafkaUnreachable(
      `Kafka at ${this.bootstrapServers} does not answer as it should: ${nested ?? message}`,
    );
  }
}

function isUnknownTopic(error: unknown): boolean {
  const { message } = error as Error;
  return /unknown.?topic|does not host/i.test(`${message} ${JSON.stringify(error)}`);
}
