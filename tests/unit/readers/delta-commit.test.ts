import { describe, expect, it } from "vitest";
import { commitOf, TableFiles } from "../../../readers/lake/delta-commit";

const add = (path: string, numRecords: number, more: object = {}) =>
  JSON.stringify({
    add: { path, size: 1, dataChange: true, stats: JSON.stringify({ numRecords }), ...more },
  });
const remove = (path: string, dataChange = true) => JSON.stringify({ remove: { path, dataChange } });
const lines = (...text: string[]) => commitOf(`${text.join("\n")}\n`);

describe("a Delta table followed from outside", () => {
  it("has the rows of its files, without those that deletion vectors take away", () => {
    const table = new TableFiles();
    table.apply(lines('{"commitInfo":{}}', add("a", 10), add("b", 5)));
    expect(table.rows).toBe(15);
    table.apply(lines(remove("a"), add("a", 10, { deletionVector: { cardinality: 3 } }), add("c", 2)));
    expect([table.rows, table.count]).toEqual([14, 3]);
  });

  it("does not depend on the order of the actions of a commit", () => {
    const table = new TableFiles();
    table.apply(lines(add("a", 10)));
    table.apply(lines(add("a", 10, { deletionVector: { cardinality: 4 } }), remove("a")));
    expect(table.rows).toBe(6);
  });

  it("tells a compaction from a change", () => {
    expect(lines(remove("a", false), add("b", 10, { dataChange: false })).changesRows).toBe(false);
    expect(lines(remove("a")).changesRows).toBe(true);
    expect(lines('{"metaData":{"id":"x"}}').changesRows).toBe(false);
  });

  it("says when the log does not tell how many rows a file has", () => {
    const [file] = lines(JSON.stringify({ add: { path: "a", dataChange: true } })).adds;
    expect(file?.rows).toBeNaN();
    expect(file?.deleted).toBe(0);
  });
});
