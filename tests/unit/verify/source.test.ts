import { describe, expect, it } from "vitest";
import { lsnNumber, lsnText } from "../../../readers/source/lsn";
import { excludedColumns } from "../../../tools/verify/source/excluded-columns";
import { Visibility } from "../../../tools/verify/source/visibility";

describe("a snapshot of the source", () => {
  it("sees what was committed, and neither what was running nor what came later", () => {
    const snapshot = new Visibility("100:110:100,105");
    expect([99n, 101n, 104n, 109n].map((id) => snapshot.sees(id))).toEqual([true, true, true, true]);
    expect([100n, 105n, 110n, 111n].map((id) => snapshot.sees(id))).toEqual([false, false, false, false]);
  });

  it("knows transactions by their lower 32 bits, also across the wrap", () => {
    const snapshot = new Visibility(`${2n ** 32n - 2n}:${2n ** 32n + 5n}:${2n ** 32n + 1n}`);
    expect([2n ** 32n - 1n, 0n, 4n].map((id) => snapshot.sees(id))).toEqual([true, true, true]);
    expect([1n, 5n, 6n].map((id) => snapshot.sees(id))).toEqual([false, false, false]);
  });
});

describe("a position in the log", () => {
  it("is the same number as Debezium's", () => {
    expect(lsnNumber("0/1E84110")).toBe(31998224n);
    expect(lsnText(31998224n)).toBe("0/1E84110");
    expect(lsnText(lsnNumber("16/B374D848"))).toBe("16/B374D848");
  });
});

describe("columns that the connector leaves out or changes", () => {
  const table = { schema: "public", table: "t", name: "public.t", topic: "", stateUrl: "", logUrl: "" };
  const excluded = (config: Record<string, string>) =>
    ["id", "secret", "name"].filter(excludedColumns(table, config));

  it("are those of its lists", () => {
    expect(excluded({})).toEqual([]);
    expect(excluded({ "column.exclude.list": "public\\.t\\.secret, public.u.id" })).toEqual(["secret"]);
    expect(excluded({ "column.exclude.list": "(?-i)public\\.t\\.secret" })).toEqual(["secret"]);
    expect(excluded({ "column.include.list": "public.t.id" })).toEqual(["secret", "name"]);
    expect(excluded({ "column.exclude.list": "(?-i)public\\.t\\.name,(?-i)public\\.t\\.Id" })).toEqual([
      "name",
    ]);
    expect(excluded({ "column.mask.with.12.chars": "public.t.name" })).toEqual(["name"]);
  });
});
