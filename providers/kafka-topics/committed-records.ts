/** Which records of a partition are committed: those of aborted transactions are left out. */
import type { RecordsBatch } from "@platformatic/kafka";

export interface CommittedRecord {
  readonly offset: bigint;
  readonly value: Buffer | null;
}

type Batch = Pick<RecordsBatch, "attributes" | "firstOffset" | "producerId" | "records">;

/** Attributes of a batch; source: Kafka's documentation, "Message format / Record batch". */
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** Type of a control record, the second two bytes of its key: 0 aborts, 1 commits. */
const COMMIT = 1;

/** Takes batches in order and gives back records between two offsets once their transaction is committed. */
export class CommittedRecords {
  private readonly open = new Map<bigint, CommittedRecord[]>();

  constructor(
    private readonly from: bigint,
    private readonly to: bigint,
  ) {}

  /** Whether records of a transaction wait for its end. */
  get pending(): boolean {
    return [...this.open.values()].some((records) => records.length > 0);
  }

  take(batch: Batch): CommittedRecord[] {
    if (batch.attributes & CONTROL) {
      const records = this.open.get(batch.producerId) ?? [];
      this.open.delete(batch.producerId);
      return batch.records[0]?.key?.readInt16BE(2) === COMMIT ? records : [];
    }
    const records = batch.records
      .map(({ offsetDelta, value }) => ({ offset: batch.firstOffset + BigInt(offsetDelta), value }))
      .filter(({ offset }) => offset >= this.from && offset < this.to);
    if (!(batch.attributes & TRANSACTIONAL)) return records;
    this.open.set(batch.producerId, [...(this.open.get(batch.producerId) ?? []), ...records]);
    return [];
  }
}
