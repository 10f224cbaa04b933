import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnForm, type SourceType, type ValueModes } from "../../../tools/verify/values/column-form";
import { hashLake, keyLake, rangeBits, rangeLake, rowText } from "../../../tools/verify/values/row-text";
import { literal, Workspace } from "../../../tools/verify/workspace";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.open();
});
afterAll(() => workspace.close());

function type(name: string, modifier = -1): SourceType {
  return { name, kind: "b", elementKind: null, modifier };
}

/** What the lake's text becomes. */
async function common(of: SourceType, text: string | null, modes: ValueModes = {}): Promise<unknown> {
  const form = columnForm(of, modes);
  if (!form) throw new Error(`${of.name} is not compared`);
  const value = text === null ? "NULL::VARCHAR" : literal(text);
  return (await workspace.row<{ v: unknown }>(`SELECT ${form.lake("t")} AS v FROM (SELECT ${value} AS t)`)).v;
}

const NUMERIC_20_4 = type("numeric", ((20 << 16) | 4) + 4);

describe("the common text of a lake value", () => {
  it.each([
    [type("float8"), "1.0E300", "1e300"],
    [type("float8"), "1.2345678901234568E17", "12345678901234568e1"],
    [type("float8"), "4.9E-324", "5e-324"],
    [type("float8"), "-0.0", "0"],
    [type("float8"), "-12.50", "-125e-1"],
    [type("float8"), "NaN", "NaN"],
    [type("float4"), "0.1", "1e-1"],
    [type("float4"), "3.4028235E38", "34028235e31"],
    [type("float8"), "no number", "no number"],
    [NUMERIC_20_4, "+KQy6w==", "-123456789"],
    [NUMERIC_20_4, "AA==", "0"],
    [NUMERIC_20_4, "7HgA", "-1280000"],
    [NUMERIC_20_4, "AY7pD/bDc+DuTj8K0w==", "123456789012345678901234567891"],
    [NUMERIC_20_4, "not base64!", "not base64!"],
    [type("numeric"), '{"scale":1,"value":"Dw=="}', "15e-1"],
    [type("timestamptz"), "2020-02-29T09:34:56.120000Z", "2020-02-29T09:34:56.12Z"],
    [type("timestamptz"), "2020-02-29T09:34:50.000000Z", "2020-02-29T09:34:50Z"],
    [type("timestamptz"), "2020-02-29T09:34:50Z", "2020-02-29T09:34:50Z"],
    [type("timestamp"), "9223372036854775807", "infinity"],
    [type("date"), "18321", "18321"],
    [type("text"), "", ""],
    [type("text"), "N", "N"],
  ])("%o %s → %s", async (of, text, expected) => {
    expect(await common(of, text)).toBe(expected);
    expect(await common(of, null)).toBeNull();
  });

  it("follows the connector's modes", async () => {
    expect(await common(NUMERIC_20_4, "-1.5", { "decimal.handling.mode": "double" })).toBe("-15e-1");
    expect(columnForm(type("timestamp"), { "time.precision.mode": "isostring" })).toBeUndefined();
    expect(columnForm(type("interval"), { "interval.handling.mode": "string" })).toBeUndefined();
    const milliseconds = columnForm(type("timestamp"), { "time.precision.mode": "connect" })?.source("c");
    expect(milliseconds).toContain("* 1000)");
    expect(columnForm(type("timestamp", 3), {})?.source("c")).toBe(milliseconds);
    expect(columnForm(type("timestamp", 4), {})?.source("c")).toContain("* 1000000)");
  });

  it.each(["point", "tsvector", "money", "hstore", "name", "_float8"])("does not exist for %s", (name) => {
    expect(columnForm(type(name), {})).toBeUndefined();
  });
});

describe("the text of a row", () => {
  async function text(...values: (string | null)[]): Promise<unknown> {
    const columns = values.map(
      (value, index) => `${value === null ? "NULL::VARCHAR" : literal(value)} AS a${index}`,
    );
    const names = values.map((_, index) => `a${index}`);
    return (
      await workspace.row<{ v: unknown }>(`SELECT ${rowText(names, "strlen")} AS v FROM (SELECT ${columns})`)
    ).v;
  }

  it("keeps NULL, empty, and texts that look like another row apart", async () => {
    const rows = [
      [null, "a"],
      ["", "a"],
      ["N", "a"],
      ["a", null],
      ["1:a", ""],
      ["", "1:a"],
      ["é", "a"],
    ];
    const texts = await Promise.all(rows.map((row) => text(...row)));
    expect(new Set(texts).size).toBe(rows.length);
    expect(texts[0]).toBe("N1:a");
    // Bytes, as PostgreSQL's octet_length counts them.
    expect(texts[6]).toBe("2:é1:a");
  });

  it("has the hashes that PostgreSQL's md5 gives", async () => {
    // SELECT ('x0' || left(md5('N1:a'), 15))::bit(64)::bigint, md5('N1:a')::uuid
    const { h, k, r } = await workspace.row<{ h: bigint; k: string; r: number }>(
      `SELECT ${hashLake("'a'")} AS h, ${keyLake("'a'")}::VARCHAR AS k, ${rangeLake(keyLake("'a'"), 4)} AS r`,
    );
    expect([h, k, r]).toEqual([57446577476672362n, "0cc175b9-c0f1-b6a8-31c3-99e269772661", 0]);
  });

  it("falls into more ranges the larger the table is", () => {
    expect([0, 1, 256, 257, 1_000_000, 1e12].map(rangeBits)).toEqual([0, 0, 0, 1, 12, 16]);
  });
});
