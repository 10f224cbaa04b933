/** How far the streaming query has come, from its checkpoint. The layout is Spark's: `metadata`, `offsets/N`, `commits/N`. */
import type { Bucket } from "./bucket";

/** File in the first cluster's checkpoint that holds that cluster's id. */
const NOTE = "kafka-cluster";

export interface QueryPosition {
  readonly queryId: string;
  /** The newest micro-batch that is complete. */
  readonly batchId: number;
  /** topic → partition → offset after the last message of that micro-batch */
  readonly ends: ReadonlyMap<string, ReadonlyMap<number, bigint>>;
}

export class StreamingQuery {
  /** @param checkpoint its folder for the Kafka cluster in use */
  constructor(
    private readonly bucket: Bucket,
    private readonly checkpoint: string,
  ) {}

  /** The query as it reads this Kafka cluster: each cluster has a checkpoint of its own (spark/cdc/checkpoint_cluster.py). */
  static async of(bucket: Bucket, checkpoint: string, clusterId: string): Promise<StreamingQuery> {
    const isNoted = (await bucket.list(checkpoint)).includes(NOTE);
    const owner = isNoted ? (await bucket.text(`${checkpoint}/${NOTE}`)).trim() : clusterId;
    return new StreamingQuery(bucket, owner === clusterId ? checkpoint : `${checkpoint}-${clusterId}`);
  }

  /** @returns undefined before the first micro-batch is complete */
  async position(): Promise<QueryPosition | undefined> {
    const batches = (await this.bucket.list(`${this.checkpoint}/commits`)).filter((name) =>
      /^\d+$/.test(name),
    );
    if (batches.length === 0) return undefined;
    const batchId = Math.max(...batches.map(Number));
    const metadata = JSON.parse(await this.bucket.text(`${this.checkpoint}/metadata`)) as { id: string };
    const offsets = await this.bucket.text(`${this.checkpoint}/offsets/${batchId}`);
    return { queryId: metadata.id, batchId, ends: endsIn(offsets) };
  }
}

/** Pure. The file has a version, a line of metadata, then a line of JSON for each source. */
export function endsIn(offsets: string): Map<string, Map<number, bigint>> {
  const ends = new Map<string, Map<number, bigint>>();
  for (const line of offsets.split("\n").slice(2)) {
    if (!line.startsWith("{")) continue;
    const topics = JSON.parse(line) as Record<string, Record<string, number>>;
    for (const [topic, partitions] of Object.entries(topics)) {
      ends.set(
        topic,
        new Map(Object.entries(partitions).map(([partition, offset]) => [Number(partition), BigInt(offset)])),
      );
    }
  }
  return ends;
}
