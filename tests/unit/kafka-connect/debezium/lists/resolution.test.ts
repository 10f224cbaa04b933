import { describe, expect, it } from "vitest";
import type { TableFacts } from "../../../../../providers/kafka-connect/database/table-facts";
import { matching, resolve } from "../../../../../providers/kafka-connect/debezium/lists/resolution";
import {
  selectionOf,
  type TableLists,
} from "../../../../../providers/kafka-connect/debezium/lists/table-selection";
import { columnOf, tableOf } from "../../database-facts";

const CONFIG = {
  "topic.prefix": "p",
  "publish.via.partition.root": "true",
  "signal.data.collection": "a.signals",
};

/** @param tables by their names without the schema, `a`; those with a dot in it too. The first is the oldest. */
function resolved(
  lists: TableLists,
  tables: Readonly<Record<string, Partial<TableFacts>>>,
  config: Record<string, string> = CONFIG,
) {
  const selection = selectionOf(lists);
  if ("refusals" in selection) throw new Error(JSON.stringify(selection.refusals));
  const candidates = Object.keys(tables).map((table, index) => ({ schema: "a", table, oid: 100 + index }));
  const facts = Object.entries(tables)
    .filter(([table]) => !table.includes("."))
    .map(([table, changes]) => tableOf({ name: `a.${table}`, ...changes }));
  return resolve(selection, matching(selection, candidates, config), facts, config, "reader");
}

const ALL: TableLists = { "table.include.list": "a\\..*" };

describe("what an expression matches", () => {
  it("is captured in the order of names, after the tables that are listed by name", () => {
    const found = resolved({ "table.include.list": "a.z,a\\..*" }, { c: {}, z: {}, b: {} });
    expect(found).toEqual({ tables: ["a.z", "a.b", "a.c"], leftOut: [], idle: [] });
  });

  it("never is the signal table", () => {
    expect(resolved(ALL, { signals: {}, t: {} }).tables).toEqual(["a.t"]);
  });

  it.each<[string, Partial<TableFacts>, RegExp]>([
    ["a view", { kind: "view" }, /^a view$/],
    ["a materialized view", { kind: "materialized view" }, /^a materialized view$/],
    ["a foreign table", { kind: "foreign table" }, /^a foreign table$/],
    ["an unlogged table", { isUnlogged: true }, /^unlogged$/],
    ["a temporary table", { isTemporary: true }, /^temporary$/],
    [
      "a table that may not be read",
      { isReadable: false },
      /reader may not read it \(GRANT SELECT ON a\.odd TO reader\)/,
    ],
    [
      "a table with columns that differ in case only",
      { columns: [columnOf("id", "int4"), columnOf("ID", "int4")] },
      /columns id and ID differ in case only/,
    ],
    [
      "a table with a generated key",
      { columns: [columnOf("id", "int4", { isGenerated: true })] },
      /column id of its primary key is generated/,
    ],
  ])("is left out by name with the reason, and the others captured: %s", (_what, changes, reason) => {
    const { tables, leftOut } = resolved(ALL, { odd: changes, t: {} });
    expect(tables).toEqual(["a.t"]);
    expect(leftOut.map(({ table }) => table)).toEqual(["a.odd"]);
    expect(leftOut[0]?.reason).toMatch(reason);
  });

  it("is left out when its name will not do", () => {
    const { tables, leftOut } = resolved(ALL, { "sales.eu": {}, "b,c": {}, t: {} });
    expect(tables).toEqual(["a.t"]);
    expect(leftOut.map(({ table }) => table)).toEqual(["a.sales.eu", "a.b,c"]);
  });

  it("is the partitioned table, not its partitions too", () => {
    const tables = { visits: { kind: "partitioned table" }, visits_1: { root: "a.visits" }, t: {} } as const;
    expect(resolved(ALL, tables)).toMatchObject({ tables: ["a.t", "a.visits"], leftOut: [] });
  });

  it("is the partitions alone, where changes are not published by the root", () => {
    const tables = { visits: { kind: "partitioned table" }, visits_1: { root: "a.visits" } } as const;
    const { tables: captured, leftOut } = resolved(ALL, tables, { "topic.prefix": "p" });
    expect(captured).toEqual(["a.visits_1"]);
    expect(leftOut[0]?.table).toBe("a.visits");
  });

  it("is one of two tables that would share a topic: the one listed by name, or the older", () => {
    const tables = { twin_1: {}, twin$1: {}, t: {} };
    expect(resolved(ALL, tables)).toMatchObject({
      tables: ["a.t", "a.twin_1"],
      leftOut: [{ table: "a.twin$1", reason: expect.stringMatching(/one topic, p\.a\.twin_1/) }],
    });
    const byName = resolved({ "table.include.list": "a.twin$1,a\\..*" }, tables);
    expect(byName.tables).toEqual(["a.twin$1", "a.t"]);
  });

  it("leaves to the checks what is wrong with a table that is listed by name", () => {
    const found = resolved({ "table.include.list": "a.v,a.gone,a\\.t.*" }, { v: { kind: "view" }, t: {} });
    expect(found).toMatchObject({ tables: ["a.v", "a.gone", "a.t"], leftOut: [] });
  });

  it("takes a thousand tables, also when two of them share a topic", () => {
    const names = Array.from({ length: 1000 }, (_, index) => [`t_${index}`, {}] as const);
    const { tables } = resolved(ALL, { ...Object.fromEntries(names), t$1: {} });
    expect(tables).toHaveLength(1000);
  });
});
