import { describe, expect, it } from "vitest";
import { checkColumnsMatch, checkPrimaryKey, parsePrimaryKey } from "../../../tools/datagen/load/matching";
import { createTableStatement, type Table } from "../../../tools/datagen/load/table";
import { parseTableName, quoted } from "../../../tools/datagen/table-name";

function table(columns: string[], primaryKey: string[] = []): Table {
  return {
    name: { schema: "public", table: "t" },
    columns: columns.map((name) => ({
      name,
      type: "text",
      length: undefined,
      notNull: false,
      filled: false,
      always: "no",
    })),
    primaryKey,
  };
}

describe("the table's name", () => {
  it.each([
    ["customers1", '"public"."customers1"'],
    ["Sales.Customers", '"Sales"."Customers"'],
    ['public."a.b"', '"public"."a.b"'],
    ['"say ""hi"""', '"public"."say ""hi"""'],
    ["LİNKS", '"public"."LİNKS"'],
  ])("%s is %s", (text, sql) => {
    expect(quoted(parseTableName(text))).toBe(sql);
  });

  it.each(["", "a.b.c", "a.", '"open', "ş".repeat(32)])("%j is refused", (text) => {
    expect(() => parseTableName(text)).toThrow();
  });
});

describe("a new table", () => {
  it("keeps the case of its columns and gets the primary key", () => {
    const columns = [
      { name: "customerId", type: "bigint" },
      { name: "customerFName", type: "text" },
    ];
    expect(createTableStatement({ schema: "public", table: "T" }, columns, ["customerId"])).toBe(
      'CREATE TABLE "public"."T" (\n  "customerId" bigint,\n  "customerFName" text,\n  PRIMARY KEY ("customerId")\n)',
    );
  });

  it("takes a primary key of one column, of several, or of one whose name has a comma", () => {
    expect(parsePrimaryKey("a", ["a", "b"], "f")).toEqual(["a"]);
    expect(parsePrimaryKey("b, a", ["a", "b"], "f")).toEqual(["b", "a"]);
    expect(parsePrimaryKey("a,b", ["a,b"], "f")).toEqual(["a,b"]);
    expect(() => parsePrimaryKey("A", ["a"], "f")).toThrow('"A", which is no column of f');
  });
});

describe("a table that is there", () => {
  it("takes the same columns in any order", () => {
    checkColumnsMatch("f.csv", ["b", "a"], table(["a", "b"]));
  });

  it("names each difference when the columns are others", () => {
    expect(() => checkColumnsMatch("f.csv", ["id", "new"], table(["Id", "old"]))).toThrow(
      'The columns of f.csv are not those of public.t: "id" is only in f.csv (the table has "Id": case counts); ' +
        '"new" is only in f.csv; "Id" is only in the table; "old" is only in the table.',
    );
  });

  it("keeps its primary key", () => {
    checkPrimaryKey([], table(["a"], ["a"]));
    checkPrimaryKey(["a"], table(["a"], ["a"]));
    expect(() => checkPrimaryKey(["a"], table(["a"]))).toThrow("no primary key");
  });
});
