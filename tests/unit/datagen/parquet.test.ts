import * as path from "node:path";
import type { SchemaElement } from "hyparquet";
import { describe, expect, it } from "vitest";
import { parquetFile } from "../../../tools/datagen/sources/parquet";
import { exactParsers, textOf } from "../../../tools/datagen/sources/parquet-values";

const file = path.join(__dirname, "parquet", "values.parquet");

/** Written by parquet/write_values.py, in row groups of two. */
describe("a Parquet file", () => {
  it("gives integers as bigint and the rest as text", async () => {
    const { rows, columns } = await (await parquetFile(file)).survey(new AbortController().signal);
    expect(rows).toBe(3);
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "id bigint",
      "short bigint",
      "name text",
      "day text",
      "at text",
      "instant text",
      "clock text",
      "price text",
      "ratio text",
      "flag text",
      "bytes text",
      "list text",
    ]);
  });

  it("gives every value without loss, over its row groups", async () => {
    const source = await parquetFile(file);
    const rows: unknown[] = [];
    for await (const block of source.blocks())
      for (const item of block) if ("values" in item) rows.push(item.values);
    expect(rows).toEqual([
      [
        "9223372036854775807",
        "1",
        "çelik",
        "2020-01-02",
        "2020-01-02T03:04:05.678901",
        "2020-01-02T03:04:05Z",
        "01:02:03.5",
        "12345678901234567.89",
        "1.5",
        "true",
        "\\x00ff",
        "[1,2]",
      ],
      Array(12).fill(null),
      [
        "-1",
        "-32768",
        "",
        "1969-12-31",
        "1969-12-31T23:59:59.999999",
        "1969-12-31T23:59:59.000001Z",
        "00:00:00",
        "-0.01",
        "-2",
        "false",
        "\\x6161",
        "[]",
      ],
    ]);
  });

  it("names a row by its number and puts it aside as JSON", async () => {
    const source = await parquetFile(file);
    const place = { start: 2, end: 3 };
    expect(await source.locate(place)).toBe("row 3");
    expect(JSON.parse(String(await source.original(place)))).toMatchObject({ id: "-1", price: "-0.01" });
  });

  it("refuses what is none", async () => {
    await expect(parquetFile(__filename)).rejects.toThrow("no readable Parquet file");
    await expect(parquetFile("/nowhere.parquet")).rejects.toThrow("There is no file");
  });
});

describe("Parquet values as text", () => {
  it("keep nanoseconds", () => {
    expect(exactParsers.timestampFromNanoseconds?.(-1n)).toBe("1969-12-31T23:59:59.999999999Z");
  });

  it("read strings that old writers did not mark", () => {
    const element = { name: "s", type: "BYTE_ARRAY" } as SchemaElement;
    expect(textOf(element)(new Uint8Array(Buffer.from("é")))).toBe("é");
  });
});
