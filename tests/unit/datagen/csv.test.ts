import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvFile } from "../../../tools/datagen/sources/csv";
import type { Source, SourceItem, Value } from "../../../tools/datagen/sources/source";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "datagen-csv-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const never = new AbortController().signal;

async function source(content: string | Buffer, separator = ","): Promise<Source> {
  const file = path.join(folder, "rows.csv");
  fs.writeFileSync(file, content);
  return csvFile(file, separator);
}

async function items(from: Source): Promise<SourceItem[]> {
  const all: SourceItem[] = [];
  for await (const block of from.blocks()) all.push(...block);
  return all;
}

async function rows(from: Source): Promise<Value[][]> {
  return (await items(from)).map((item) => ("values" in item ? item.values : [`broken: ${item.broken}`]));
}

/** Each broken row as `line 3 [column]: its text`. */
async function broken(from: Source): Promise<string[]> {
  const found = (await items(from)).filter((item) => "broken" in item);
  return Promise.all(
    found.map(
      async (item) => `${await from.locate(item)} [${item.column ?? ""}]: ${await from.original(item)}`,
    ),
  );
}

describe("a CSV file", () => {
  it("gives its rows, an empty field as null, whatever the line ends and the byte order mark", async () => {
    const csv = await source('\ufeffa,b\r\n1,x\r\n\r\n,"say ""hi"", twice"\r\n3,');
    expect(csv.columns).toEqual(["a", "b"]);
    expect(await rows(csv)).toEqual([
      ["1", "x"],
      [null, 'say "hi", twice'],
      ["3", null],
    ]);
  });

  it("can have another separator and quoted fields of several lines", async () => {
    expect(await rows(await source('a\tb\n1\t"x\ny"\n2\tz\n', "\t"))).toEqual([
      ["1", "x\ny"],
      ["2", "z"],
    ]);
  });

  it("gives the same rows again when read again", async () => {
    const csv = await source("a\n1\n2\n");
    expect(await rows(csv)).toEqual(await rows(csv));
  });

  it("goes on after each row that is broken, and gives its line number and its bytes unchanged", async () => {
    const csv = await source(
      [
        "a,b",
        "1,ok",
        "2",
        "3,x,y",
        '4,"multi',
        'line"',
        '5,"br"oken',
        "6,ok",
        '7,"never closed',
        "8,ok",
        "",
      ].join("\n"),
    );
    expect(await broken(csv)).toEqual([
      "line 3 []: 2",
      "line 4 []: 3,x,y",
      'line 7 [b]: 5,"br"oken',
      'line 9 [b]: 7,"never closed',
    ]);
    const whole = (await rows(csv)).filter((row) => row.length === 2);
    expect(whole.map(([first]) => first)).toEqual(["1", "4", "6", "8"]);
  });

  it("keeps order and line numbers over many blocks", async () => {
    const lines = Array.from({ length: 25_000 }, (_, i) =>
      i % 5000 === 4999 ? `${i},"x"y` : `${i},${"z".repeat(40)}`,
    );
    const csv = await source(`n,z\n${lines.join("\n")}\n`);
    const all = await items(csv);
    expect(all).toHaveLength(25_000);
    expect(await broken(csv)).toEqual(
      [4999, 9999, 14_999, 19_999, 24_999].map((i) => `line ${i + 2} [z]: ${i},"x"y`),
    );
    expect(all.flatMap((item) => ("values" in item ? [Number(item.values[0])] : []))).toEqual(
      lines.flatMap((line, i) => (line.includes('"') ? [] : [i])),
    );
  });

  it("gives back bytes that are not UTF-8 as they are", async () => {
    const csv = await source(Buffer.from("a,b\n1,caf\xe9\n", "latin1"));
    const [row] = await items(csv);
    expect(row && (await csv.original(row))).toEqual(Buffer.from("1,caf\xe9", "latin1"));
  });

  it("infers bigint where every value is an integer of 64 bits, and says what spoils a column", async () => {
    const csv = await source(
      "id,big,mixed,empty,zip,neg\n1,9223372036854775807,1,,00725,-5\n2,9223372036854775808,2,,1,+6\n3,1,x,,,\n",
    );
    const survey = await csv.survey(never);
    expect(survey.rows).toBe(3);
    expect(survey.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "id bigint",
      "big text",
      "mixed text",
      "empty text",
      "zip bigint",
      "neg bigint",
    ]);
    const mixed = survey.columns[2]?.exceptions;
    expect(mixed).toMatchObject({ count: 1, of: 3, firstValue: "x" });
    expect(mixed && (await csv.locate(mixed.firstPlace))).toBe("line 4");
  });

  it.each([
    ["", "is empty"],
    ["a,a\n", 'two columns named "a"'],
    ["a,,c\n", "Column 2 of rows.csv has no name"],
    ['a,"b\n', "The first line"],
    ["\ufeffa".split("").join("\0"), ""],
  ])("refuses %j as a file", async (content, words) => {
    const bytes = words === "" ? Buffer.from("\ufeffa,b\n", "utf16le") : content;
    await expect(source(bytes)).rejects.toThrow(words === "" ? "UTF-16" : words);
  });

  it("refuses a file that is not there", async () => {
    await expect(csvFile(path.join(folder, "none.csv"), ",")).rejects.toThrow("There is no file");
  });
});
