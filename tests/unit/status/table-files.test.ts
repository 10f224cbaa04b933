import { describe, expect, it } from "vitest";
import { damageAlarms, inTurn } from "../../../tools/status/table-files";

const looked = (table: string, damage: string | null) => ({ table, lastCommit: null, damage });

describe("files of the lake's tables", () => {
  it("are looked at from another table on each time, each of them once", () => {
    expect([0, 1, 2, 3].map((turn) => inTurn(["a", "b", "c"], turn).join(""))).toEqual([
      "abc",
      "bca",
      "cab",
      "abc",
    ]);
    expect(inTurn([], 7)).toEqual([]);
  });

  it("that are not all there are an alarm, with the tables and the command", () => {
    expect(damageAlarms([looked("public.a", null)])).toEqual([]);
    const found = damageAlarms([
      looked("public.b", "data file x is missing"),
      looked("public.a", "data file y is missing"),
    ]);
    expect(found).toEqual([
      "public.a: data file y is missing, and 1 more tables like it. Make it anew from the source: `npm run resnapshot -- public.a public.b`.",
    ]);
  });
});
