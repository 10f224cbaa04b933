import * as fs from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { lastResults } from "../../../stack/last-results";
import { comparisonAlarms } from "../../../tools/status/alarms";
import { differenceOf, keepResults } from "../../../tools/verify/last-results";
import type { TableResult } from "../../../tools/verify/result";

const STACK = "e2e-unit-last-results";
const side = { url: "", version: 1, rows: 1, problems: [], notes: [] };
const equal = { table: "public.a", equal: true, problems: [] } as unknown as TableResult;
const differing = {
  ...{ table: "public.b", equal: false, problems: [] },
  state: { ...side, verdict: "different", differences: { missing: 1, extra: 0, different: 2, listed: [] } },
  changeLog: { ...side, verdict: "equal", differences: undefined },
} as unknown as TableResult;

afterAll(() => fs.rmSync(`.state/verify/${STACK}.json`, { force: true }));

describe("what the last comparison of a table found", () => {
  it("is kept until the next one of that table, and is nothing to a stack made anew", async () => {
    await keepResults({ stack: STACK }, "lake 1", { lsn: "0/1", tables: [equal, differing] });
    await keepResults({ stack: STACK }, "lake 1", { lsn: "0/2", tables: [{ ...equal, table: "public.c" }] });
    const kept = lastResults({ stack: STACK }, "lake 1");
    expect(Object.keys(kept).sort()).toEqual(["public.a", "public.b", "public.c"]);
    expect(kept["public.b"]).toMatchObject({
      lsn: "0/1",
      equal: false,
      found: "current state: 3 keys differ",
    });
    expect(lastResults({ stack: STACK }, "lake 2")).toEqual({});
    expect(lastResults({ stack: "e2e-no-such-stack" }, "lake 1")).toEqual({});

    const [alarm] = comparisonAlarms(kept, ["public.a", "public.b"]);
    expect(alarm).toMatch(
      /^the lake's rows are not the source's in public\.b \(current state: 3 keys differ; compared 20/,
    );
    expect(alarm).toContain("`npm run resnapshot -- public.b`");
    expect(comparisonAlarms(kept, ["public.a"]), "no longer captured").toEqual([]);
    await keepResults({ stack: STACK }, "lake 1", { lsn: "0/3", tables: [{ ...equal, table: "public.b" }] });
    expect(comparisonAlarms(lastResults({ stack: STACK }, "lake 1"), ["public.b"])).toEqual([]);
  });

  it("is told in a few words", () => {
    expect(differenceOf(equal)).toBe("");
    const { state: _state, changeLog: _log, ...neither } = differing;
    expect(
      differenceOf({ ...neither, state: null, changeLog: null, problems: ["no such table"] } as TableResult),
    ).toBe("no such table");
  });
});
