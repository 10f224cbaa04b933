import { describe, expect, it } from "vitest";
import { timeWritten } from "../../../bench/load/change-stream";
import { lagBySecond } from "../../../bench/observe/freshness";

describe("how far the lake is behind", () => {
  it("is the age of the newest change that can be read at each second", () => {
    const seen = [
      { at: 900, time: 500 },
      { at: 2100, time: 1900 },
    ];
    expect(lagBySecond(seen, 0, 3000)).toEqual([
      [1, 500],
      [2, 1500],
      [3, 1100],
    ]);
  });

  it("grows when nothing comes, and leaves out what is before the first change", () => {
    expect(lagBySecond([{ at: 1500, time: 1400 }], 0, 4000).map(([, lag]) => lag)).toEqual([600, 1600, 2600]);
    expect(lagBySecond([], 0, 5000)).toEqual([]);
  });

  it("does not become smaller by an older change that comes late", () => {
    const seen = [
      { at: 100, time: 90 },
      { at: 200, time: 10 },
    ];
    expect(lagBySecond(seen, 0, 1000)).toEqual([[1, 910]]);
  });

  it("reads the time only from rows of the stream", () => {
    expect(timeWritten("t=1700000000000")).toBe(1_700_000_000_000);
    expect(timeWritten("XXXXXXXXX")).toBeUndefined();
    expect(timeWritten(null)).toBeUndefined();
  });
});
