import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lane, literal, Workspace } from "../../../readers/workspace";
import { columnForm } from "../../../tools/verify/values/column-form";
import { registerFunctions } from "../../../tools/verify/values/functions";
import { hashLake, keyLake, rangeBits, rangeLake, rowText } from "../../../tools/verify/values/row-text";
import type { SourceType, ValueModes } from "../../../tools/verify/values/source-type";

let workspace: Workspace;
let lane: Lane;
beforeAll(async () => {
  workspace = await Workspace.open(registerFunctions);
  lane = await workspace.lane();
});
afterAll(() => workspace.close());

const EXACT: ValueModes = { converters: "exact", "exact.type": "cdc.connect.ExactValues" };
const NUMERIC_20_4 = type("numeric", ((20 << 16) | 4) + 4);

function type(name: string, modifier = -1): SourceType {
  return { name, kind: "b", elementKind: null, modifier };
}

async function evaluated(expression: string, from: string): Promise<unknown> {
  return (await lane.row<{ v: unknown }>(`SELECT ${expression} AS v FROM (SELECT ${from} AS t)`)).v;
}

/** What the change log's text becomes. */
async function ofLog(of: SourceType, text: string | null, modes: ValueModes): Promise<unknown> {
  const { log } = columnForm(of, modes);
  if (!log) throw new Error(`${of.name} is not compared`);
  return evaluated(log("t"), text === null ? "NULL::VARCHAR" : literal(text));
}

describe("a text of the change log becomes PostgreSQL's", () => {
  it.each([
    [type("float8"), "1.0E300", "1e+300"],
    [type("float8"), "1.2345678901234568E17", "1.2345678901234568e+17"],
    [type("float8"), "4.9E-324", "5e-324"],
    [type("float8"), "-0.0", "-0"],
    [type("float8"), "0.0", "0"],
    [type("float8"), "-12.50", "-12.5"],
    [type("float8"), "1.0E14", "100000000000000"],
    [type("float8"), "1.0E15", "1e+15"],
    [type("float8"), "0.0001", "0.0001"],
    [type("float8"), "0.00001", "1e-05"],
    [type("float8"), "NaN", "NaN"],
    [type("float8"), "-Infinity", "-Infinity"],
    [type("float4"), "0.1", "0.1"],
    [type("float4"), "123456.7", "123456.7"],
    [type("float4"), "1000000", "1e+06"],
    [type("float4"), "3.4028235E38", "3.4028235e+38"],
    [type("float8"), "no number", "no number"],
    [NUMERIC_20_4, "1.5000", "1.5000"],
    [type("_int4"), "[0:1]={1,NULL}", "[0:1]={1,NULL}"],
    [type("timestamptz"), "0044-03-15 00:00:00+00 BC", "0044-03-15 00:00:00+00 BC"],
  ])("with our converter: %o %s → %s", async (of, text, expected) => {
    expect(await ofLog(of, text, EXACT)).toBe(expected);
    expect(await ofLog(of, null, EXACT)).toBeNull();
  });

  it.each([
    [NUMERIC_20_4, "+KQy6w==", "-12345.6789"],
    [NUMERIC_20_4, "AA==", "0.0000"],
    [NUMERIC_20_4, "AY7pD/bDc+DuTj8K0w==", "12345678901234567890123456.7891"],
    [NUMERIC_20_4, "not base64!", "not base64!"],
    [type("numeric"), '{"scale":1,"value":"Dw=="}', "1.5"],
    [type("timestamptz"), "2020-02-29T09:34:56.120000Z", "2020-02-29 09:34:56.12+00"],
    [type("timestamptz"), "2020-02-29T09:34:50Z", "2020-02-29 09:34:50+00"],
    [type("timestamptz"), "-0043-03-15T00:00:00Z", "0044-03-15 00:00:00+00 BC"],
    [type("timestamptz"), "+12345-01-01T00:00:00Z", "12345-01-01 00:00:00+00"],
    [type("timestamp"), "9223372036854775807", "infinity"],
    [type("timestamp"), "1582979696123456", "2020-02-29 12:34:56.123456"],
    [type("timestamp", 3), "-1", "1969-12-31 23:59:59.999"],
    [type("date"), "18321", "2020-02-29"],
    [type("date"), "-735160", "0044-03-15 BC"],
    [type("date"), "2145042541", "5874897-01-01"],
    [type("time"), "86400000000", "24:00:00"],
    [type("time"), "1", "00:00:00.000001"],
    [type("timetz"), "10:34:56.120Z", "10:34:56.12Z"],
    [type("_text"), '["a\\"b",null,"","x,y","NULL"]', '{"a\\"b",NULL,"","x,y","NULL"}'],
    [type("_int8"), "[9223372036854775807]", "{9223372036854775807}"],
    [type("_bool"), "[true,false,null]", "{t,f,NULL}"],
    [type("text"), "", ""],
  ])("with Debezium's own forms: %o %s → %s", async (of, text, expected) => {
    expect(await ofLog(of, text, {})).toBe(expected);
    expect(await ofLog(of, null, {})).toBeNull();
  });

  it("as the connector's modes say", async () => {
    expect(await ofLog(NUMERIC_20_4, "-1.5", { "decimal.handling.mode": "double" })).toBe("-1.5");
    expect(await ofLog(type("bytea"), "_-8=", { "binary.handling.mode": "base64-url-safe" })).toBe("/+8=");
    expect(await ofLog(type("bytea"), "00ff", { "binary.handling.mode": "hex" })).toBe("AP8=");
    expect(await ofLog(type("timestamp"), "1", { "time.precision.mode": "connect" })).toBe(
      "1970-01-01 00:00:00.001",
    );
    expect(columnForm(type("timestamp"), { "time.precision.mode": "isostring" }).log).toBeUndefined();
    expect(columnForm(type("interval"), { "interval.handling.mode": "string" }).log).toBeUndefined();
  });

  it.each(["point", "tsvector", "money", "hstore", "name", "_float8", "_numeric"])(
    "only with our converter: %s",
    (name) => {
      expect(columnForm(type(name), {}).log).toBeUndefined();
      expect(columnForm(type(name), EXACT).log).toBeDefined();
    },
  );
});

describe("a value of the current state becomes PostgreSQL's text", () => {
  it.each([
    [type("bool"), "boolean", "true", "true"],
    [type("int8"), "long", "9223372036854775807::BIGINT", "9223372036854775807"],
    [type("float8"), "double", "'-0'::DOUBLE", "-0"],
    [type("float8"), "double", "'nan'::DOUBLE", "NaN"],
    [type("float8"), "double", "1e20::DOUBLE", "1e+20"],
    [type("float4"), "double", "0.1::FLOAT::DOUBLE", "0.1"],
    [type("int4"), "double", "3000000::DOUBLE", "3000000"],
    [NUMERIC_20_4, "decimal(20,4)", "1.5::DECIMAL(20,4)", "1.5000"],
    [NUMERIC_20_4, "decimal(22,6)", "1.5::DECIMAL(22,6)", "1.5000"],
    [NUMERIC_20_4, "decimal(22,6)", "1.500001::DECIMAL(22,6)", "1.500001"],
    [type("numeric", ((5 << 16) | 0) + 4), "decimal(7,2)", "100::DECIMAL(7,2)", "100"],
    [type("bytea"), "binary", "'\\x00\\xFF'::BLOB", "AP8="],
    [type("date"), "date", "DATE '2020-02-29'", "2020-02-29"],
    [type("date"), "timestamp_ntz", "TIMESTAMP '2020-02-29 00:00:00'", "2020-02-29"],
    [type("timestamp"), "timestamp_ntz", "TIMESTAMP '2020-02-29 12:34:56.120'", "2020-02-29 12:34:56.12"],
    [
      type("timestamptz"),
      "timestamp",
      "TIMESTAMPTZ '2020-02-29 12:34:56.12+03'",
      "2020-02-29 09:34:56.12+00",
    ],
    [
      type("_text"),
      "array<string>",
      "['a', NULL, '', 'b c', 'x\"y\\z', 'null', '{']",
      '{a,NULL,"","b c","x\\"y\\\\z","null","{"}',
    ],
    [type("_bool"), "array<boolean>", "[true, NULL, false]", "{t,NULL,f}"],
    [type("_float4"), "array<float>", "[1e10::FLOAT, 0.5::FLOAT]", "{1e+10,0.5}"],
    [type("_bytea"), "array<binary>", "['\\x00\\xFF'::BLOB]", '{"\\\\x00ff"}'],
    [
      type("_timestamptz"),
      "array<timestamp>",
      "[TIMESTAMPTZ '2020-02-29 09:00:00+00']",
      '{"2020-02-29 09:00:00+00"}',
    ],
    [type("_numeric", ((10 << 16) | 2) + 4), "array<decimal(10,2)>", "[1.5::DECIMAL(10,2)]", "{1.50}"],
    [type("_int4"), "array<integer>", "[]::INTEGER[]", "{}"],
    [type("vector"), "array<float>", "[1::FLOAT, 2.5::FLOAT, 1e7::FLOAT]", "[1,2.5,1e+07]"],
    [type("tsvector"), "string", "'''a'':1'", "'a':1"],
  ])("%o in %s: %s → %s", async (of, lakeType, value, expected) => {
    const { state } = columnForm(of, EXACT);
    expect(await evaluated(state("t", lakeType), value)).toBe(expected);
    expect(await evaluated(state("t", lakeType), `CASE WHEN false THEN ${value} END`)).toBeNull();
  });
});

describe("the text of a row", () => {
  async function text(...values: (string | null)[]): Promise<unknown> {
    const columns = values.map(
      (value, index) => `${value === null ? "NULL::VARCHAR" : literal(value)} AS a${index}`,
    );
    const names = values.map((_, index) => `a${index}`);
    return (
      await lane.row<{ v: unknown }>(`SELECT ${rowText(names, "strlen")} AS v FROM (SELECT ${columns})`)
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
    const { h, k, r } = await lane.row<{ h: bigint; k: string; r: number }>(
      `SELECT ${hashLake("'a'")} AS h, ${keyLake("'a'")}::VARCHAR AS k, ${rangeLake(keyLake("'a'"), 4)} AS r`,
    );
    expect([h, k, r]).toEqual([57446577476672362n, "0cc175b9-c0f1-b6a8-31c3-99e269772661", 0]);
  });

  it("falls into more ranges the larger the table is", () => {
    expect([0, 1, 256, 257, 1_000_000, 1e12].map(rangeBits)).toEqual([0, 0, 0, 1, 12, 16]);
  });
});
