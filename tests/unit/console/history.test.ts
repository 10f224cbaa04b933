import { describe, expect, it } from "vitest";
import { rateOf, withSample } from "../../../tools/console/history";
import { pathOf, rates, roundAbove } from "../../../tools/console/page/series";
import type { Sample } from "../../../tools/console/view";

const sample = (seconds: number, written: number | null, read = written): Sample => ({
  ...{ at: 1_000_000_000 + seconds * 1000, written, read, behind: 0, staleness: 0, slotLag: 0 },
});

describe("the history", () => {
  it("keeps the last hour, and no more than 720 moments of it", () => {
    let history: Sample[] = [];
    for (let second = 0; second < 5_000; second += 4) history = withSample(history, sample(second, second));
    expect(history).toHaveLength(720);
    const later = withSample(history, sample(4_996 + 3_600 - 10, 1));
    expect(later.map(({ at }) => at).at(0)).toBe(sample(4_988, 0).at);
    expect(later).toHaveLength(4);
  });

  it("goes on from the present when the clock was put back", () => {
    expect(withSample([sample(10, 1), sample(100, 2)], sample(50, 3)).map(({ written }) => written)).toEqual([
      1, 3,
    ]);
  });

  it("says messages a second between the last two moments that are known", () => {
    expect(rateOf([sample(0, 0), sample(10, 100), sample(20, null)], "written")).toBe(10);
    expect(rateOf([sample(0, 100)], "written")).toBeNull();
    expect(rateOf([], "read")).toBeNull();
    expect(rateOf([sample(0, 100), sample(10, 0)], "read"), "a topic made anew").toBe(0);
  });
});

describe("a chart", () => {
  it("has a rate for each moment but the first, none where one of two is not known", () => {
    const history = [sample(0, 0), sample(10, 100), sample(20, null), sample(30, 300)];
    expect(rates(history, "written").map(([, value]) => value)).toEqual([10, null, null]);
  });

  it("draws the hour from left to right, with a gap where nothing is known", () => {
    const [end, half] = [3_600_000, 1_800_000];
    expect(
      pathOf(
        [
          [0, 0],
          [half, 5],
          [end, 10],
        ],
        end,
        10,
      ),
    ).toBe("M0 100L50 50L100 0");
    expect(
      pathOf(
        [
          [0, 0],
          [half, null],
          [end, 10],
        ],
        end,
        10,
      ),
    ).toBe("M0 100M100 0");
    expect(
      pathOf(
        [
          [-1, 0],
          [end, 10],
        ],
        end,
        10,
      ),
    ).toBe("M100 0");
  });

  it("ends at a round number that is not below what it shows", () => {
    expect([0, 0.03, 1, 1.2, 7, 12, 800].map(roundAbove)).toEqual([1, 0.05, 1, 2, 10, 20, 1000]);
  });
});
