import { describe, expect, it } from "vitest";
import type { DeltaTable } from "../../../readers/lake/delta-table";
import { planOf } from "../../../tools/verify/compare/plan";
import type { TableShape } from "../../../tools/verify/source/table-shape";

function source(names: string[], primaryKey: string[] = []): TableShape {
  const form = { source: String, log: String, state: String };
  return {
    compared: names.map((name) => ({ name, form })),
    notCompared: [{ name: "hidden", reason: "type point" }],
    primaryKey,
    fullImages: true,
    estimatedRows: 1,
  };
}

function lake(names: string[], key?: string[]): DeltaTable {
  return {
    url: "",
    version: 1,
    files: [],
    columns: new Map(names.map((name) => [name, { stored: name, type: "string" }])),
    configuration: key ? { "cdc.keyColumns": JSON.stringify(key) } : {},
  };
}

const pairs = (names: string[], lakeNames: string[]) =>
  planOf("public.t", source(names), lake(lakeNames), undefined).state?.columns.map(({ name, lakeName }) => [
    name,
    lakeName,
  ]);

describe("what of a table is compared", () => {
  it("are the columns of each side, without the lake's own", () => {
    const log = lake([
      "payload.before.id",
      "payload.after.id",
      "payload.after.old",
      "payload.op",
      "kafka.offset",
    ]);
    const plan = planOf("public.t", source(["id", "fresh"]), lake(["id", "fresh", "_lsn", "_deleted"]), log);
    expect(plan.state?.columns.map(({ name }) => name)).toEqual(["id", "fresh"]);
    expect(plan.state?.problems).toEqual([]);
    expect(plan.state?.notes).toEqual([]);
    expect(plan.log?.columns.map(({ name }) => name)).toEqual(["id"]);
    expect(plan.log?.problems).toEqual([
      "column fresh is only in the source: the lake gets it with the next event, and the rows that are there with `npm run resnapshot -- public.t`",
    ]);
    expect(plan.log?.notes).toEqual(["column old is only in the lake: the source no longer has it"]);
  });

  it("is a column that is not compared in neither", () => {
    expect(planOf("public.t", source(["id"]), lake(["id", "hidden"]), undefined).state?.notes).toEqual([]);
  });

  it("finds names that differ in case only", () => {
    expect(pairs(["a", "Name"], ["a", "name"])).toEqual([
      ["a", "a"],
      ["Name", "name"],
    ]);
    expect(pairs(["name", "Name"], ["name", "Name_2"])).toEqual([
      ["name", "name"],
      ["Name", "Name_2"],
    ]);
    expect(pairs(["Name"], ["Name", "Name_2"])).toEqual([["Name", "Name"]]);
  });

  it("has the key that the current state has, as long as the source has its columns", () => {
    const keyOf = (configured?: string[]) =>
      planOf("public.t", source(["id", "day"], ["id"]), lake(["id", "day"], configured), undefined).key;
    expect(keyOf()).toEqual(["id"]);
    expect(keyOf(["day"])).toEqual(["day"]);
    expect(keyOf(["old"])).toEqual(["id"]);
  });
});
