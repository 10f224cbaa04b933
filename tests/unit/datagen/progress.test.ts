import { describe, expect, it } from "vitest";
import { counted, duration, estimate, quantity } from "../../../tools/datagen/progress";

describe("the progress", () => {
  it("gives rows per second and the remaining time", () => {
    expect(estimate(250, 1000, 5)).toEqual({ perSecond: 50, remaining: 15 });
    expect(estimate(0, 1000, 5)).toEqual({ perSecond: 0, remaining: undefined });
    expect(estimate(10, undefined, 5)).toEqual({ perSecond: 2, remaining: undefined });
  });

  it("is written for people", () => {
    expect([0.04, 9.9, 14.4, 125, 12_000].map(duration)).toEqual([
      "0.0 s",
      "9.9 s",
      "14 s",
      "2 min 5 s",
      "3 h 20 min",
    ]);
    expect([0.25, 99.96, 1234.5].map(quantity)).toEqual(["0.3", "100", "1,235"]);
    expect([counted(1, "batch", "batches"), counted(2, "batch", "batches")]).toEqual([
      "1 batch",
      "2 batches",
    ]);
  });
});
