/** When a streaming query's micro-batches began, from its checkpoint. The layout is Spark's: `offsets/N`. */
import { endsIn } from "../../readers/lake/streaming-query";
import type { LakeObjects } from "./lake-objects";

export interface MicroBatch {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Topic → offset after its last message; every topic has one partition. */
  readonly ends: ReadonlyMap<string, number>;
}

export class MicroBatches {
  private newest = -1;

  /** @param checkpoint the query's, relative to the bucket */
  constructor(
    private readonly objects: LakeObjects,
    private readonly checkpoint: string,
  ) {}

  /** Those that began since the last call. The first call gives only the newest: Spark keeps a hundred. */
  async poll(): Promise<MicroBatch[]> {
    if (this.newest < 0) {
      const names = (await this.objects.names(`${this.checkpoint}/offsets`)).filter((name) =>
        /^\d+$/.test(name),
      );
      if (names.length === 0) return [];
      this.newest = Math.max(...names.map(Number)) - 1;
    }
    const found: MicroBatch[] = [];
    for (;;) {
      const number = this.newest + 1;
      const content = await this.objects.get(`${this.checkpoint}/offsets/${number}`);
      if (!content) return found;
      this.newest = number;
      found.push(microBatchOf(number, content.toString("utf8")));
    }
  }

  /** Number of the newest one seen; -1: none yet. */
  get number(): number {
    return this.newest;
  }
}

/** Pure. The second line of the file is metadata. */
export function microBatchOf(number: number, text: string): MicroBatch {
  const ends = [...endsIn(text)].map(([topic, partitions]): [string, number] => [
    topic,
    Number(partitions.get(0) ?? 0n),
  ]);
  const { batchTimestampMs } = JSON.parse(text.split("\n")[1] ?? "{}");
  return { number, startedAt: batchTimestampMs, ends: new Map(ends) };
}
