import { describe, expect, it } from "vitest";
import {
  selectionOf,
  type TableLists,
  type TableSelection,
  tableListsOf,
} from "../../../../../providers/kafka-connect/debezium/lists/table-selection";

function selection(lists: TableLists): TableSelection {
  const found = selectionOf(lists);
  if ("refusals" in found) throw new Error(JSON.stringify(found.refusals));
  return found;
}

function refusal(lists: TableLists): string {
  const found = selectionOf(lists);
  return "refusals" in found ? found.refusals.map(({ key, text }) => `${key} ${text}`).join("; ") : "";
}

/** The tables of `sales.a`, `sales.b`, `hr.a`, `HR.c` that are asked for. */
function asked(lists: TableLists): string[] {
  const { named, matches } = selection(lists);
  return ["sales.a", "sales.b", "hr.a", "HR.c"].filter((name) => {
    const [schema = "", table = ""] = name.split(".");
    return named.includes(name) || matches({ schema, table });
  });
}

describe("the lists of tables and schemas", () => {
  it("ask for names without a look into the database", () => {
    const { named, isOpen } = selection({ "table.include.list": "sales.a, rw.Orders (old),sales.a" });
    expect(named).toEqual(["sales.a", "rw.Orders (old)"]);
    expect(isOpen).toBe(false);
  });

  it.each<[TableLists, string[]]>([
    [{ "table.include.list": "sales\\..*" }, ["sales.a", "sales.b"]],
    [{ "table.include.list": "sales.b,hr\\..*" }, ["sales.b", "hr.a", "HR.c"]],
    [{ "table.include.list": "(?-i)hr\\..*" }, ["hr.a"]],
    [{ "table.exclude.list": "sales.a,hr\\..*" }, ["sales.b"]],
    [{ "schema.include.list": "sales" }, ["sales.a", "sales.b"]],
    [{ "schema.include.list": "s.*,HR" }, ["sales.a", "sales.b", "HR.c"]],
    [{ "schema.exclude.list": "sales" }, ["hr.a", "HR.c"]],
    [{ "schema.include.list": "sales|hr", "table.exclude.list": ".*\\.a" }, ["sales.b", "HR.c"]],
    [{ "schema.exclude.list": "hr", "table.include.list": ".*\\.a" }, ["sales.a"]],
  ])("%j ask for %j", (lists, tables) => {
    expect(asked(lists)).toEqual(tables);
    expect(selection(lists).isOpen).toBe(true);
  });

  it("say which expressions match nothing", () => {
    const { idle } = selection({ "table.include.list": "sales.a,sales\\..*,shop\\..*" });
    expect(idle([{ schema: "sales", table: "b" }])).toEqual(["shop\\..*"]);
  });

  it("may have quantifiers with a comma, after a backslash as in Debezium", () => {
    expect(asked({ "table.include.list": "sales\\.[a-z]{1\\,3}" })).toEqual(["sales.a", "sales.b"]);
  });

  it.each<[TableLists, RegExp]>([
    [
      { "table.include.list": "a.b", "table.exclude.list": "a.c" },
      /table\.exclude\.list cannot stand beside/,
    ],
    [{ "schema.include.list": "a", "schema.exclude.list": "b" }, /schema\.exclude\.list cannot stand beside/],
    [{ "table.include.list": "a.b", "schema.exclude.list": "a" }, /schema\.exclude\.list leaves out a\.b/],
    [{ "table.include.list": "a.b", "schema.include.list": "x" }, /schema\.include\.list leaves out a\.b/],
    [{ "table.include.list": "a.b,a.(c|d" }, /table\.include\.list contains "a\.\(c\|d" is no regular/],
    [{ "table.exclude.list": "a.x*+" }, /table\.exclude\.list contains "a\.x\*\+" has a possessive/],
    [
      { "table.include.list": "links" },
      /table\.include\.list contains "links": list each table as schema\.table/,
    ],
  ])("%j are refused", (lists, reason) => expect(refusal(lists)).toMatch(reason));

  it("are those of the config that are not empty", () => {
    const config = { "table.include.list": "a.b", "schema.include.list": " ", "topic.prefix": "p" };
    expect(tableListsOf(config)).toEqual({ "table.include.list": "a.b" });
  });
});
