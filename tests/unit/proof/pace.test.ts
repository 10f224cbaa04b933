import { expect, it } from "vitest";
import { pauseAfter } from "../../../tools/proof/pace";
import { rowsOfPart } from "../../../tools/proof/parts";

const BUDGET = { cpuShare: 0.02, bytesPerSecond: 1e6 };

it.each([
  ["the processor's time is what counts most", { cpuSeconds: 0.4, bytes: 1e6, seconds: 5 }, 15],
  ["the bytes are", { cpuSeconds: 0.1, bytes: 16e6, seconds: 2 }, 14],
  ["it took longer than either asks for", { cpuSeconds: 0.02, bytes: 1e6, seconds: 3 }, 0],
  ["nothing was done", { cpuSeconds: 0, bytes: 0, seconds: 0 }, 0],
])("rests as long as the budget asks for when %s", (_what, cost, pause) => {
  expect(pauseAfter(cost, BUDGET)).toBeCloseTo(pause);
});

it("stays within both limits over any run of units", () => {
  const units = Array.from({ length: 50 }, (_, index) => ({
    ...{ cpuSeconds: (index % 7) / 10, bytes: (index % 11) * 3e6, seconds: index % 5 },
  }));
  const sum = (of: (unit: (typeof units)[number]) => number) =>
    units.reduce((all, unit) => all + of(unit), 0);
  const seconds = sum((unit) => unit.seconds + pauseAfter(unit, BUDGET));
  expect(sum(({ cpuSeconds }) => cpuSeconds) / seconds).toBeLessThanOrEqual(BUDGET.cpuShare);
  expect(sum(({ bytes }) => bytes) / seconds).toBeLessThanOrEqual(BUDGET.bytesPerSecond);
});

it("takes so many rows at once as cost 16 MB, and never a few, nor memory without end", () => {
  expect(rowsOfPart(1_000)).toBe(16_000);
  expect(rowsOfPart(10)).toBe(100_000);
  expect(rowsOfPart(5e6)).toBe(1_000);
});
