import { describe, expect, it } from "vitest";
import { badRowsFor } from "../../../tools/datagen/load/bad-rows";
import { encodedRows } from "../../../tools/datagen/load/batches";
import { CopyText } from "../../../tools/datagen/load/copy-text";
import { Random } from "../../../tools/datagen/random";
import { generatedCustomers } from "../../../tools/datagen/sources/generated";
import type { Value } from "../../../tools/datagen/sources/source";

async function customers(seed: number, count: number, firstId = 1): Promise<Value[][]> {
  const all: Value[][] = [];
  for await (const block of generatedCustomers(seed, count, firstId).blocks()) {
    for (const item of block) if ("values" in item) all.push(item.values);
  }
  return all;
}

describe("generated customers", () => {
  it("are the same for the same seed, however many, and others for another", async () => {
    const few = await customers(42, 1500);
    expect((await customers(42, 3000)).slice(0, 1500)).toEqual(few);
    expect(await customers(43, 1500)).not.toEqual(few);
  });

  it("stay the same from version to version", async () => {
    expect((await customers(1, 2))[1]).toEqual([
      "2",
      "Carolyn",
      "Ortiz",
      "carolyn.ortiz2@example.com",
      "XXXXXXXXX",
      "8671 Blue Pioneer Glade",
      "New Orleans",
      "LA",
      "70112",
    ]);
  });

  it("have the seed's nine columns, ids one after the other, and fit bigint and text", async () => {
    const source = generatedCustomers(1, 5000, 10);
    expect((await source.survey(new AbortController().signal)).columns.map(({ type }) => type)).toEqual([
      "bigint",
      ...Array(7).fill("text"),
      "bigint",
    ]);
    const rows = await customers(1, 5000, 10);
    expect(rows.map(([id]) => id)).toEqual(rows.map((_, i) => String(i + 10)));
    expect(
      rows.every((row) => row.length === 9 && row.every((value) => value) && /^\d+$/.test(row[8] ?? "")),
    ).toBe(true);
    expect(new Set(rows.map((row) => row[1])).size).toBeGreaterThan(80);
  });

  it("come shuffled in the same order for the same seed, none lost", async () => {
    const shuffled = async (seed: number) => {
      const source = generatedCustomers(1, 2000, 1);
      const text = new CopyText(source.columns.map((name) => ({ name, type: "text" })));
      const ids: number[] = [];
      const selection = { rowLimit: undefined, repeat: 1, shuffle: new Random(seed, "shuffle") };
      for await (const block of encodedRows(source, text, badRowsFor(source, undefined), selection)) {
        for (const { line } of block) ids.push(Number(line.split("\t")[0]));
      }
      return ids;
    };
    const order = await shuffled(5);
    expect(order).toEqual(await shuffled(5));
    expect(order).not.toEqual(await shuffled(6));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
    expect(order.slice(0, 3)).not.toEqual([1, 2, 3]);
  });
});
