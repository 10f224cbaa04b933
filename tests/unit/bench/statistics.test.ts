import { describe, expect, it } from "vitest";
import { mean, median, outerThirds, percentile, perSecond } from "../../../bench/statistics";

describe("statistics of the benchmark", () => {
  it("takes the median of an odd and of an even number of values, in any order", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  it("takes percentiles by the nearest rank", () => {
    const values = Array.from({ length: 60 }, (_, index) => 60 - index);
    expect(percentile(values, 0.95)).toBe(57);
    expect(percentile(values, 1)).toBe(60);
    expect(percentile([5], 0.95)).toBe(5);
  });

  it("says NaN of nothing, so that nothing measured never looks like a good value", () => {
    expect(median([])).toBeNaN();
    expect(mean([])).toBeNaN();
    expect(percentile([], 0.5)).toBeNaN();
  });

  it("leaves the values as they were", () => {
    const values = [3, 1, 2];
    median(values);
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it("compares the first third with the last", () => {
    expect(outerThirds([1, 2, 3, 4, 5, 6, 7])).toEqual({ first: [1, 2], last: [6, 7] });
    expect(outerThirds([1])).toEqual({ first: [1], last: [1] });
  });

  it("counts a second as a thousand milliseconds", () => {
    expect(perSecond(500, 250)).toBe(2000);
  });
});
