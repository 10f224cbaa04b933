import { expect, it } from "vitest";
import type { CapturedTable } from "../../../stack/platform";
import { affordable } from "../../../tools/doctor/hops/rows";

it("the smallest tables are compared, as many as there is time for; one whose size is not known counts as small", () => {
  const tables = ["big", "small", "middle", "unknown"].map((name) => ({ name }) as CapturedTable);
  const held = new Map([
    ["big", 900],
    ["small", 10],
    ["middle", 80],
  ]);
  const { compared, left } = affordable(tables, held, 100);
  expect(compared.map(({ name }) => name)).toEqual(["unknown", "small", "middle"]);
  expect(left.map(({ name }) => name)).toEqual(["big"]);
});
