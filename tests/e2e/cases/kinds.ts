/** Types of PostgreSQL with values of each, and what the lake has for them. Values are texts without quotes. */

export interface Kind {
  /** Name for columns and tables. */
  readonly name: string;
  readonly type: string;
  /** The lake's type, as Delta writes it. */
  readonly lake: string;
  /** Of an element in an array of this type, where it is not `lake`; undefined for a type that makes no arrays here. */
  readonly element?: string | undefined;
  /** At least two, different from each other also as keys. */
  readonly values: readonly string[];
  /** Whether it is tried as a primary key; default true. */
  readonly isKey?: boolean;
}

/** Types and the like that the kinds need. */
export const KIND_TYPES = `
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS ltree;
CREATE TYPE rw.kind_mood AS ENUM ('sad', 'ok', 'it''s "fine"', 'a,b');
CREATE DOMAIN rw.kind_word AS text CHECK (value <> 'bad');
CREATE DOMAIN rw.kind_count AS int;
CREATE DOMAIN rw.kind_cents AS numeric(10,2);
CREATE TYPE rw.kind_pair AS (a int, b text);
CREATE TYPE rw.kind_span AS RANGE (subtype = float8);
CREATE COLLATION rw.kind_caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);`;

const text = { lake: "string" };

export const KINDS: readonly Kind[] = [
  { name: "yes", type: "boolean", lake: "boolean", values: ["true", "false"] },
  { name: "small", type: "smallint", lake: "short", values: ["-32768", "0", "32767", "7", "8"] },
  { name: "whole", type: "integer", lake: "integer", values: ["-2147483648", "0", "2147483647", "7", "8"] },
  {
    name: "big",
    type: "bigint",
    lake: "long",
    values: ["-9223372036854775808", "0", "9223372036854775807", "7", "8"],
  },
  { name: "object_id", type: "oid", lake: "long", values: ["4294967295", "0", "1", "2", "3"] },
  {
    name: "single",
    type: "real",
    lake: "float",
    values: ["0.1", "3.4028235e38", "NaN", "-Infinity", "1e-45"],
  },
  {
    name: "double",
    type: "double precision",
    lake: "double",
    values: ["0.1", "1e300", "NaN", "Infinity", "5e-324"],
  },
  {
    name: "free",
    type: "numeric",
    ...text,
    values: ["12300", "1.50", "NaN", "-Infinity", "12345678901234567890123.000000001"],
  },
  {
    name: "exact",
    type: "numeric(10,2)",
    lake: "decimal(10,2)",
    values: ["12300", "-1.5", "0", "99999999.99", "0.01"],
  },
  {
    name: "long",
    type: "numeric(38,10)",
    lake: "decimal(38,10)",
    values: ["0", "1.1234567891", "-9999999999999999999999999999.9999999999", "5", "6"],
  },
  {
    name: "wide",
    type: "numeric(60,20)",
    ...text,
    values: ["1", "-1234567890123456789012345678901234567890.5", "0", "2.5", "3"],
  },
  { name: "hundreds", type: "numeric(5,-2)", lake: "decimal(7,0)", values: ["12300", "-1234600", "0"] },
  { name: "tiny", type: "numeric(2,5)", lake: "decimal(5,5)", values: ["0.00012", "-0.00099", "0"] },
  {
    name: "cash",
    type: "money",
    lake: "decimal(19,2)",
    values: ["-1234.50", "92233720368547758.07", "0", "-92233720368547758.08", "1"],
  },
  {
    name: "day",
    type: "date",
    lake: "date",
    values: ["2024-02-29", "0001-01-01", "9999-12-31", "1582-10-10", "1969-12-31"],
  },
  {
    name: "moment",
    type: "timestamp",
    lake: "timestamp_ntz",
    values: [
      "2024-01-01 12:00:00.5",
      "0001-01-01 00:00:00",
      "9999-12-31 23:59:59.999999",
      "1582-10-10 00:00:00",
      "1969-12-31 23:59:59.999999",
    ],
  },
  {
    name: "moment_ms",
    type: "timestamp(3)",
    lake: "timestamp_ntz",
    values: ["2024-01-01 12:00:00.123", "1969-12-31 23:59:59.999", "2024-01-01 00:00:00"],
  },
  {
    name: "instant",
    type: "timestamptz",
    lake: "timestamp",
    values: [
      "2024-06-01 12:00:00.000001+03",
      "0001-01-01 00:00:00+00",
      "9999-12-31 23:59:59.999999+00",
      "1883-11-18 12:00:00+00",
      "1970-01-01 00:00:00+00",
    ],
  },
  {
    name: "clock",
    type: "time",
    ...text,
    values: ["12:34:56.123456", "24:00:00", "00:00:00", "00:00:00.000001", "23:59:59.1"],
  },
  { name: "clock_ms", type: "time(3)", ...text, values: ["12:34:56.5", "24:00:00", "00:00:00.001"] },
  {
    name: "clock_zone",
    type: "timetz",
    ...text,
    values: ["12:34:56.5+02", "24:00:00+00", "00:00:00+15:59", "23:59:59.999999-15:59", "01:02:03-05:30"],
  },
  {
    name: "span",
    type: "interval",
    ...text,
    values: [
      "1 year 2 mons -3 days 04:05:06.5",
      "178000000 years",
      "-178000000 years",
      "1 day -00:00:01",
      "0",
    ],
  },
  { name: "raw", type: "bytea", lake: "binary", values: ["\\x00ff", "\\x", "\\xff", "\\x5c22", "\\x01"] },
  {
    name: "words",
    type: "text",
    ...text,
    values: ['Ünï "quoted" \\ {a,b} 🦆', "", "NULL", "__debezium_unavailable_value", "a\nb\tc"],
  },
  { name: "short_words", type: "varchar(40)", ...text, values: ["é", "x  ", "x", " x", "null"] },
  { name: "padded", type: "char(8)", ...text, values: ["pad", "12345678", "", " 1 ", "é"] },
  { name: "caseless", type: "citext", ...text, values: ["Ab", "c", "", "D e", "é"] },
  {
    name: "caseless_words",
    type: "text COLLATE rw.kind_caseless",
    ...text,
    element: undefined,
    values: ["Ab", "c", "", "D e", "f"],
  },
  {
    name: "code",
    type: "uuid",
    ...text,
    values: [
      "6c1f2f9e-6a52-4d0b-8f3e-1a2b3c4d5e6f",
      "00000000-0000-0000-0000-000000000000",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a13",
    ],
  },
  { name: "mood", type: "rw.kind_mood", ...text, values: ["sad", "ok", 'it\'s "fine"', "a,b"] },
  { name: "word", type: "rw.kind_word", ...text, values: ["good", "", "NULL"] },
  { name: "count", type: "rw.kind_count", lake: "integer", values: ["0", "-1", "2", "3", "4"] },
  { name: "cents", type: "rw.kind_cents", lake: "decimal(10,2)", values: ["0", "-1.5", "2", "3", "4"] },
  {
    name: "document",
    type: "jsonb",
    ...text,
    values: ['{"a": [1, 1.50, null], "ü": "\\u0001\\""}', "null", "[]", "12300", '"x"'],
  },
  {
    name: "document_text",
    type: "json",
    ...text,
    isKey: false,
    values: ['{"b" : 1,\n "a": [1,  2], "a": 1}', "null", " [] "],
  },
  { name: "markup", type: "xml", ...text, isKey: false, values: ["<a>b &amp; c</a>", "<a/>", "text"] },
  {
    name: "address",
    type: "inet",
    ...text,
    values: ["10.0.0.1/24", "::1", "10.0.0.1", "2001:db8::/64", "0.0.0.0/0"],
  },
  { name: "network", type: "cidr", ...text, values: ["10.0.0.0/8", "::1/128", "0.0.0.0/0", "10.0.0.0/9"] },
  {
    name: "mac",
    type: "macaddr",
    ...text,
    values: ["08:00:2b:01:02:03", "00:00:00:00:00:00", "08:00:2b:01:02:04"],
  },
  {
    name: "mac8",
    type: "macaddr8",
    ...text,
    values: ["08:00:2b:01:02:03:04:05", "00:00:00:00:00:00:00:00", "08:00:2b:01:02:03:04:06"],
  },
  { name: "flag", type: "bit(1)", lake: "boolean", element: "string", values: ["1", "0"] },
  { name: "flags", type: "bit(5)", ...text, values: ["10101", "00000", "00001", "00010"] },
  { name: "some_flags", type: "bit varying(40)", ...text, values: ["101", "", "0", "00", "000"] },
  { name: "whole_range", type: "int4range", ...text, values: ["[1,5)", "empty", "(,)", "[1,)", "[2,3)"] },
  { name: "exact_range", type: "numrange", ...text, values: ["[1.50,2]", "(,1)", "empty", "[1.50,2)"] },
  {
    name: "moment_range",
    type: "tsrange",
    ...text,
    values: ['["2024-01-01 00:00:00","2024-01-02 00:00:00")', "(,)", '["2024-01-01 00:00:00",infinity]'],
  },
  {
    name: "instant_range",
    type: "tstzrange",
    ...text,
    values: ['["2024-01-01 00:00:00+00","2024-01-02 00:00:00+00")', "empty", '["2024-01-01 00:00:00+00",]'],
  },
  { name: "day_range", type: "daterange", ...text, values: ["[2024-01-01,2024-01-02)", "empty", "(,)"] },
  { name: "own_range", type: "rw.kind_span", ...text, values: ["[0.5,1.5)", "empty", "(,)"] },
  {
    name: "ranges",
    type: "int4multirange",
    ...text,
    values: ["{[1,3),[5,8)}", "{}", "{(,)}", "{[1,2)}"],
  },
  { name: "pair", type: "rw.kind_pair", ...text, values: ['(1,"a ""b"", c")', "(,)", '(2,"")', "(3,x)"] },
  { name: "point", type: "point", ...text, isKey: false, values: ["(1.5,-2)", "(0,1e+300)"] },
  { name: "line", type: "line", ...text, isKey: false, values: ["{1,2,3}", "{1,-1,0}"] },
  { name: "segment", type: "lseg", ...text, isKey: false, values: ["[(0,0),(1,2.5)]", "[(0,0),(0,0)]"] },
  { name: "box", type: "box", ...text, isKey: false, values: ["(1,2.5),(0,0)", "(0,0),(0,0)"] },
  { name: "path", type: "path", ...text, isKey: false, values: ["((0,0),(1,1))", "[(0,0),(1,1),(2,0)]"] },
  { name: "polygon", type: "polygon", ...text, isKey: false, values: ["((0,0),(1,1),(1,0))", "((0,0))"] },
  { name: "circle", type: "circle", ...text, isKey: false, values: ["<(0,0),1.5>", "<(1,1),0>"] },
  {
    name: "lexemes",
    type: "tsvector",
    ...text,
    values: ["'a':1A 'it''s':2", "", "'b'"],
  },
  { name: "search", type: "tsquery", ...text, values: ["'a' & !'b'", "'c':*", "'d' <-> 'e'"] },
  { name: "position", type: "pg_lsn", ...text, values: ["16/B374D848", "0/0", "FFFFFFFF/FFFFFFFF"] },
  { name: "transaction", type: "xid8", ...text, values: ["18446744073709551615", "0", "7"] },
  { name: "identifier", type: "name", ...text, values: ["a b", "", "n'am\"e"] },
  { name: "letter", type: '"char"', ...text, values: ["a", "b", "c"] },
  { name: "json_path", type: "jsonpath", ...text, isKey: false, values: ['$."a"[*]?(@ > 1)', "$"] },
  { name: "relation", type: "regclass", ...text, values: ["pg_class", "pg_type", "pg_proc"] },
  {
    name: "dictionary",
    type: "hstore",
    ...text,
    values: ['"a"=>"1", "bb"=>NULL, "it\'s"=>"\\"q\\""', "", '"x"=>"y"'],
  },
  { name: "label_path", type: "ltree", ...text, values: ["Top.Science.Astronomy", "", "a_b", "Top"] },
];

/** Kinds that are tried in arrays. */
export const ELEMENTS = KINDS.filter((kind) => !("element" in kind) || kind.element !== undefined);

/** The lake's type of an array of the kind. */
export function arrayLakeType(kind: Kind): string {
  return `array<${kind.element ?? kind.lake}>`;
}

export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** The kind's value, by number; there is no last one: they begin again. */
export function nthValue(kind: Kind, n: number): string {
  return literal(kind.values[n % kind.values.length] as string);
}

/** An array of the kind, as SQL: its values and a NULL. */
export function arrayOf(kind: Kind): string {
  return `ARRAY[${kind.values.map(literal).join(", ")}, NULL]::${arrayType(kind)}`;
}

export function arrayType(kind: Kind): string {
  return `${kind.type}[]`;
}
