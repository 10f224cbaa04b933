import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DatabaseError } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { badRowsFor } from "../../../tools/datagen/load/bad-rows";
import { encodedRows, inBatches } from "../../../tools/datagen/load/batches";
import { refusedRow } from "../../../tools/datagen/load/copy";
import { CopyText } from "../../../tools/datagen/load/copy-text";
import { csvFile } from "../../../tools/datagen/sources/csv";
import type { Source } from "../../../tools/datagen/sources/source";

let folder: string;
let source: Source;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "datagen-bad-rows-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));
beforeEach(async () => {
  const file = path.join(folder, "rows.csv");
  fs.writeFileSync(file, "id,name\n1,a\n2,b\n3,c\nx,d\n5\n6,f\n");
  source = await csvFile(file, ",");
});

const columns = new CopyText([
  { name: "id", type: "bigint" },
  { name: "name", type: "text" },
]);

async function batches(badRowsFile: string | undefined, size: number, repeat = 1, rowLimit?: number) {
  const badRows = badRowsFor(source, badRowsFile);
  const written: string[] = [];
  let error: Error | undefined;
  try {
    const rows = encodedRows(source, columns, badRows, { rowLimit, repeat, shuffle: undefined });
    for await (const batch of inBatches(rows, size)) written.push(batch.map(({ line }) => line[0]).join(""));
  } catch (caught) {
    error = caught as Error;
  }
  badRows.close();
  return { written, error: error?.message, count: badRows.count };
}

describe("a bad row", () => {
  it("stops with its line number, its column and what is wrong, after the whole batches before it", async () => {
    expect(await batches(undefined, 2)).toEqual({
      written: ["12"],
      error: 'rows.csv, line 5, column id: "x" is not an integer (bigint).',
      count: 0,
    });
  });

  it("is put aside as it is, with the reason, and counted", async () => {
    const file = path.join(folder, "aside.csv");
    expect(await batches(file, 2)).toEqual({ written: ["12", "36"], error: undefined, count: 2 });
    expect(fs.readFileSync(file, "utf8")).toBe(
      'id,name\n# line 5, column id: "x" is not an integer (bigint)\nx,d\n' +
        "# line 6: 2 fields wanted, 1 found; column name is missing\n5\n",
    );
  });

  it("is put aside once, however often the rows are repeated", async () => {
    const { written, count } = await batches(path.join(folder, "repeat.csv"), 100, 3);
    expect({ written, count }).toEqual({ written: ["123612361236"], count: 2 });
  });

  it("is not read when -rs ends before it", async () => {
    expect(await batches(undefined, 2, 2, 3)).toEqual({
      written: ["12", "31", "23"],
      error: undefined,
      count: 0,
    });
  });

  it("leaves no file when there is none", async () => {
    const file = path.join(folder, "none.csv");
    await batches(file, 2, 1, 3);
    expect(fs.existsSync(file)).toBe(false);
  });

  it("never overwrites the bad rows of an earlier run", () => {
    const file = path.join(folder, "earlier.csv");
    fs.writeFileSync(file, "keep me");
    expect(() => badRowsFor(source, file)).toThrow("is there already");
  });
});

describe("a row that the server refuses", () => {
  const error = (where: string | undefined, more: Partial<DatabaseError> = {}) =>
    Object.assign(new DatabaseError("refused", 0, "error"), {
      severity: "ERROR",
      code: "22P02",
      where,
      ...more,
    });

  it("is found by the line of the COPY", () => {
    expect(refusedRow(error('COPY c 1, line 12, column when: "a: b, line 3"'), "c 1")).toEqual({
      index: 11,
      column: "when",
      reason: "refused",
    });
    expect(refusedRow(error("COPY t, line 1", { detail: "Key (id)=(1) already exists." }), "t")).toEqual({
      index: 0,
      reason: "refused (Key (id)=(1) already exists)",
    });
  });

  it("is not guessed when the error is about something else", () => {
    expect(refusedRow(error(undefined), "t")).toBeUndefined();
    expect(refusedRow(error("SQL statement"), "t")).toBeUndefined();
    expect(refusedRow(new Error("Connection terminated"), "t")).toBeUndefined();
  });
});
