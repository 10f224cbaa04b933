import { describe, expect, it } from "vitest";
import { jsonReport, textReport } from "../../../tools/verify/report";
import type { LogResult, SideResult, TableResult } from "../../../tools/verify/result";

const side: SideResult = {
  verdict: "equal",
  url: "s3a://lake/t",
  version: 3,
  rows: 5,
  differences: undefined,
  problems: [],
  notes: [],
};

function result(table: string, state: Partial<SideResult> = {}, log: Partial<LogResult> = {}): TableResult {
  const sides = {
    state: { ...side, deletedRows: 0, laterKeys: 0, ...state },
    changeLog: { ...side, events: 7, ...log },
  };
  return {
    ...{ table, sourceRows: 5, lakeRows: 5, events: 7, laterChanges: 0, problems: [], notes: [], ...sides },
    equal: [sides.state, sides.changeLog].every(({ verdict }) => verdict === "equal"),
  };
}

const text = (tables: TableResult[], all = false) => textReport({ lsn: "0/1", tables }, 1.5, all);
const long = "x".repeat(100);
const differences = {
  missing: 0,
  extra: 0,
  different: 1,
  listed: [
    {
      key: { id: "1" },
      findings: [{ kind: "different" as const, columns: ["city", "long"] }],
      source: { id: "1", city: "Izmir", long: `${long}1` },
      lake: { id: "1", city: null, long: `${long}2` },
    },
  ],
};

describe("the result for people", () => {
  it("says in which of the two lake tables a difference is", () => {
    const shown = text([
      result("public.a", { verdict: "different", differences }),
      result("public.b", {}, { verdict: "not compared", problems: ["it could not be read: gone"] }),
    ]);
    expect(shown).toMatch(/public\.a .*DIFFERENT: current state │/);
    expect(shown).toMatch(/public\.b .*NOT COMPARED: change log/);
    expect(shown).toContain(
      "✗ current state: 1 key differs: 0 missing in the lake, 0 only in the lake, 1 different",
    );
    expect(shown).toContain('id "1": city is "Izmir" in the source, NULL in the lake');
    expect(shown).toContain('long is "…xxxxxxxxxxxxxxx1" in the source, "…xxxxxxxxxxxxxxx2" in the lake');
    expect(shown).toContain("✗ change log: it could not be read: gone");
    expect(shown).toMatch(/Not equal at 0\/1: public\.a, public\.b \(1\.5 s\)\.$/);
  });

  it("is short for a thousand tables, unless all are asked for", () => {
    const equal = Array.from({ length: 1000 }, (_, index) => result(`public.t${index}`));
    expect(text(equal)).toBe(
      "1,000 tables are equal; --all shows each.\n\nEqual at 0/1: 5,000 rows in 1000 tables (1.5 s).",
    );
    expect(text(equal, true)).toContain("public.t999");
    const one = text([...equal, result("public.bad", { verdict: "different", differences })]);
    expect(one).toContain("public.bad");
    expect(one).not.toContain("public.t999");
    const bad = equal.map(({ table }) => result(table, { verdict: "different" }));
    expect(text(bad)).toContain("980 more differ, and 0 tables are equal");
    expect(text(bad).split("\n").length).toBeLessThan(70);
  });
});

describe("the result for programs", () => {
  it("has both lake tables of each table, or null", () => {
    const unread = { ...result("public.b"), equal: false, state: null, changeLog: null };
    const report = JSON.parse(jsonReport({ lsn: "0/1", tables: [result("public.a"), unread] }, 1));
    expect(report.equal).toBe(false);
    expect(report.tables[0]).toMatchObject({ state: { verdict: "equal" }, changeLog: { events: 7 } });
    expect(report.tables[1]).toMatchObject({ state: null, changeLog: null });
  });
});
