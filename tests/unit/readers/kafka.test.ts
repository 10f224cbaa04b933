import { describe, expect, it } from "vitest";
import { CommittedRecords } from "../../../providers/kafka-topics/committed-records";
import { messagesMissing } from "../../../readers/wait";

const TRANSACTIONAL = 0x10;
const CONTROL = 0x30;

function data(firstOffset: bigint, producerId: bigint, count: number, attributes = TRANSACTIONAL) {
  return {
    firstOffset,
    producerId,
    attributes,
    records: Array.from({ length: count }, (_, offsetDelta) => record(offsetDelta, null)),
  };
}

function end(firstOffset: bigint, producerId: bigint, type: "commit" | "abort") {
  const key = Buffer.from([0, 0, 0, type === "commit" ? 1 : 0]);
  return { firstOffset, producerId, attributes: CONTROL, records: [record(0, key)] };
}

function record(offsetDelta: number, key: Buffer | null) {
  return { length: 0, attributes: 0, timestampDelta: 0n, offsetDelta, key, value: null, headers: [] };
}

function offsets(from: bigint, to: bigint, batches: ReturnType<typeof data>[]) {
  const committed = new CommittedRecords(from, to);
  const taken = batches.flatMap((batch) => committed.take(batch)).map(({ offset }) => Number(offset));
  return { taken, pending: committed.pending };
}

describe("committed records", () => {
  it("are those of committed transactions, also when a producer aborts twice", () => {
    const batches = [
      data(0n, 1n, 2),
      end(2n, 1n, "abort"),
      data(3n, 1n, 1),
      data(4n, 2n, 1),
      end(5n, 1n, "abort"),
      data(6n, 1n, 2),
      end(8n, 2n, "commit"),
      end(9n, 1n, "commit"),
    ];
    expect(offsets(0n, 100n, batches)).toEqual({ taken: [4, 6, 7], pending: false });
  });

  it("wait for the end of their transaction, also when it lies after the place to read to", () => {
    expect(offsets(0n, 2n, [data(0n, 1n, 5)])).toEqual({ taken: [], pending: true });
    expect(offsets(1n, 3n, [data(0n, 1n, 5), end(5n, 1n, "commit")])).toEqual({
      taken: [1, 2],
      pending: false,
    });
  });

  it("are at once those of a producer without transactions", () => {
    expect(offsets(0n, 9n, [data(0n, 1n, 2, 0)])).toEqual({ taken: [0, 1], pending: false });
  });
});

describe("messages that the lake still lacks", () => {
  const at = (topic: string, offset: bigint) => new Map([[topic, new Map([[0, offset]])]]);

  it("are counted over topics, and those beyond the goal do not count", () => {
    const position = { queryId: "q", batchId: 1, ends: at("a", 7n) };
    expect(messagesMissing(at("a", 10n), position)).toBe(3n);
    expect(messagesMissing(at("a", 5n), position)).toBe(0n);
    expect(messagesMissing(at("b", 5n), position)).toBe(5n);
    expect(messagesMissing(at("a", 0n), undefined)).toBe(0n);
  });
});
