import { expect, it } from "vitest";
import { microBatchOf } from "../../../bench/observe/micro-batches";

it("reads from Spark's checkpoint when a micro-batch began and how far it went", () => {
  const text =
    'v1\n{"batchWatermarkMs":0,"batchTimestampMs":1700000000123,"conf":{}}\n{"a.b":{"0":17},"c":{"0":4}}';
  const batch = microBatchOf(5, text);
  expect(batch).toEqual({
    number: 5,
    startedAt: 1_700_000_000_123,
    ends: new Map([
      ["a.b", 17],
      ["c", 4],
    ]),
  });
});
