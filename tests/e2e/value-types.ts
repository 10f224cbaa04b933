/** Every type of PostgreSQL with ordinary and extreme values: what the test of exact values goes through, and docs/types.md is made of. */

export interface ValueType {
  /** As in CREATE TABLE. */
  type: string;
  /** SQL literals, without the cast. */
  values: string[];
  /** Connect's: a type, or the name of a STRING schema. */
  schema: string;
  /** What the column becomes in the lake. */
  lake: string;
  /** SQL of the column `v`: what the message has. Default: what PostgreSQL prints. */
  expected?: string;
  /** Parameters of the schema. */
  parameters?: Record<string, string>;
  /** Whether it can be a primary key. */
  isKey?: boolean;
  /** Debezium cannot cut a table with such a key into the chunks of an incremental snapshot: the task fails. */
  hasNoChunks?: boolean;
}

export const PREPARATION = `
  create extension citext; create extension hstore; create extension ltree; create extension vector;
  create type mood as enum ('sad', 'so so', 'happy, "very"');
  create type address as (street text, number int, since timestamptz, tags text[]);
  create type span as range (subtype = float8, subtype_diff = float8mi);
  create domain positive as int check (value > 0);
  create domain price as numeric(10,2);
  create domain small_price as price check (value < 100);
  create domain moment as timestamptz;
  create domain attributes as hstore;
  create domain numbers as int[];
  create domain feeling as mood;
  create domain home as address;
  create domain code as char(4);
  create domain embedding as vector(3);
`;

const number = (type: string, schema: string, lake: string, ...values: string[]): ValueType => ({
  type,
  schema,
  lake,
  values,
  isKey: true,
});

const text = (type: string, ...values: string[]): ValueType => ({
  type,
  schema: "cdc.Text",
  lake: "string",
  values,
});

const key = (type: ValueType): ValueType => ({ ...type, isKey: true });

const keyWithoutChunks = (type: ValueType): ValueType => ({ ...type, isKey: true, hasNoChunks: true });

const array = (type: string, element: string, lake: string, ...values: string[]): ValueType => ({
  type,
  schema: "cdc.Array",
  lake: `array<${lake}>`,
  values,
  parameters: { element },
});

const decimal = (type: ValueType, precision: number, scale: number): ValueType => ({
  ...type,
  parameters: { ...type.parameters, precision: String(precision), scale: String(scale) },
});

const BASE64 = `translate(encode(v, 'base64'), E'\\n', '')`;
const HSTORE = "hstore_to_json(v)::text";

export const VALUE_TYPES: ValueType[] = [
  number("boolean", "boolean", "boolean", "true", "false"),
  number("smallint", "int16", "short", "1", "-32768", "32767"),
  number("integer", "int32", "integer", "1", "-2147483648", "2147483647"),
  number("bigint", "int64", "long", "1", "-9223372036854775808", "9223372036854775807"),
  number("oid", "int64", "long", "1", "4294967295"),
  number(
    "real",
    "float",
    "float",
    "0.1",
    "'-0'",
    "3.4028235e38",
    "1.1754944e-38",
    "'NaN'",
    "'Infinity'",
    "'-Infinity'",
  ),
  number(
    "double precision",
    "double",
    "double",
    ...["0.1", "'-0'", "1.7976931348623157e308", "5e-324", "1e23", "'NaN'", "'Infinity'", "'-Infinity'"],
  ),
  key({
    type: "numeric",
    schema: "cdc.Numeric",
    lake: "string",
    values: [
      ...["1.50", "12300", "1e5", "0", "0.000", "-0.00000000000000000000000000000001"],
      ...["123456789012345678901234567890123456789012345678901234567890.5", "1e1000", "'NaN'"],
      ...["'Infinity'", "'-Infinity'"],
    ],
  }),
  key(
    decimal(
      {
        type: "numeric(10,2)",
        schema: "cdc.Numeric",
        lake: "decimal(10,2)",
        values: ["1.5", "-99999999.99", "0", "'NaN'"],
      },
      10,
      2,
    ),
  ),
  decimal(
    { type: "numeric(5,-2)", schema: "cdc.Numeric", lake: "decimal(7,0)", values: ["1234567", "-50", "0"] },
    5,
    -2,
  ),
  decimal(
    {
      type: "numeric(50,3)",
      schema: "cdc.Numeric",
      lake: "string",
      values: ["12345678901234567890123456789012345678901234567.125"],
    },
    50,
    3,
  ),
  key(
    decimal(
      {
        type: "money",
        schema: "cdc.Numeric",
        lake: "decimal(19,2)",
        values: ["'-1234.5'", "'-92233720368547758.08'", "'92233720368547758.07'", "'0'", "'0.01'"],
        expected: "v::numeric::text",
      },
      19,
      2,
    ),
  ),
  key(
    text(
      "text",
      "'Ünï 😀'",
      "''",
      `E'tab\\tnew\\nline "quoted" \\\\ back'`,
      "'__debezium_unavailable_value'",
      "'NULL'",
    ),
  ),
  key(text("varchar(20)", "'abc'", "'trailing  '", "''")),
  key(text("char(6)", "'abc'", "''", "'abcdef'")),
  key(text('"char"', "'x'", "''")),
  key(text("name", "'links'", "''")),
  key(text("citext", "'MiXeD'", "''")),
  key(text("mood", "'so so'", `'happy, "very"'`)),
  key(text("uuid", "'6C1F2F9E-6a52-4d0b-8f3e-1a2b3c4d5e6f'")),
  text("json", `'{"b" : 1.0,  "a": [null, "\\u00fc"]}'`, "'null'", "'\"text\"'"),
  key(text("jsonb", `'{"b" : 1.0,  "a": [null, "\\u00fc"]}'`, "'null'", "'1e3'")),
  text("xml", `'<a b="1">ü<!-- c --></a>'`, `'<?xml version="1.0"?><a/>'`, "'text &amp; more'"),
  key({
    type: "bytea",
    schema: "cdc.Bytes",
    lake: "binary",
    values: ["'\\x00ff10'", "''", "decode(repeat('0123456789abcdef', 20), 'hex')"],
    expected: BASE64,
  }),
  key({
    type: "date",
    schema: "cdc.Date",
    lake: "date",
    values: [
      ...["'2024-02-29'", "'1582-10-10'", "'1582-10-20'", "'1500-02-28'", "'0001-01-01'", "'0044-03-15 BC'"],
      ...["'4714-11-24 BC'", "'9999-12-31'", "'10000-01-01'", "'5874897-12-31'", "'infinity'", "'-infinity'"],
    ],
  }),
  key(text("time", "'12:34:56.1'", "'24:00:00'", "'00:00:00'", "'23:59:59.999999'")),
  key(text("time(3)", "'12:34:56.1234'", "'24:00'")),
  key(text("timetz", "'12:34:56.1+02'", "'24:00:00-15:59'", "'00:00:00+05:30'")),
  key({
    type: "timestamp",
    schema: "cdc.Timestamp",
    lake: "timestamp_ntz",
    values: [
      ...["'2024-01-01 12:00:00.5'", "'1582-10-10 00:00:00'", "'0044-03-15 12:34:56.789 BC'"],
      ...["'4714-11-24 00:00:00 BC'", "'0001-02-29 00:00:00 BC'", "'294276-12-31 23:59:59.999999'"],
      ...["'294247-01-10 04:00:25.2'", "'1969-12-31 23:59:59.999999'", "'infinity'", "'-infinity'"],
    ],
  }),
  {
    type: "timestamp(3)",
    schema: "cdc.Timestamp",
    lake: "timestamp_ntz",
    values: ["'2024-01-01 12:00:00.5'", "'2024-01-01 12:00:00.123456'"],
  },
  key({
    type: "timestamptz",
    schema: "cdc.TimestampTz",
    lake: "timestamp",
    values: [
      ...["'2024-01-01 12:00:00.5+02'", "'0044-03-15 00:00:00+00 BC'", "'4714-11-24 00:00:00+00 BC'"],
      ...["'1582-10-10 00:00:00+00'", "'1800-01-01 00:00:00+00:53:28'", "'294276-12-31 23:59:59.999999+00'"],
      ...["'10000-01-01 00:00:00+00'", "'infinity'", "'-infinity'"],
    ],
  }),
  key(
    text(
      "interval",
      ...["'1 year 2 mons -3 days 04:05:06.5'", "'-1 year -2 mons +3 days -00:00:00.000001'", "'0'"],
      ...[
        "'1 mon -1 day 1 second'",
        "'-1 day'",
        "'178000000 years'",
        "'2147483647 hours 59 mins 59.999999 secs'",
      ],
      ...["'-2147483648 days'", "'1 year 11 mons'", "'1 day'", "'-1 mon 1 day'"],
      ...["'2562047788 hours'", "'infinity'", "'-infinity'"],
    ),
  ),
  number("bit(1)", "boolean", "boolean", "B'1'", "B'0'"),
  key(text("bit(8)", "B'10100000'", "B'00000000'")),
  key(text("bit varying", "B'101'", "B''", "B'1'")),
  key(text("inet", "'192.168.0.1/24'", "'::1'")),
  key(text("cidr", "'10.0.0.0/8'")),
  key(text("macaddr", "'08:00:2B:01:02:03'")),
  key(text("macaddr8", "'08:00:2b:01:02:03:04:05'")),
  key(text("int4range", "'[1,5)'", "'empty'", "'(,)'")),
  text("int8range", "'[1,5]'"),
  text("numrange", "'(1.50,2]'", "'[NaN,]'"),
  text("tsrange", "'[2024-01-01 00:00,2024-02-01 12:00:00.5)'", "'[-infinity,infinity]'"),
  text("tstzrange", "'[2024-01-01 00:00+02,)'"),
  key(text("daterange", "'[2024-01-01,2024-02-01]'", "'[0044-03-15 BC,infinity]'")),
  text("span", "'[0.1,1e23)'"),
  key(text("int4multirange", "'{[1,5),[7,9)}'", "'{}'")),
  text("tstzmultirange", "'{[2024-01-01 00:00+02,2024-01-02 00:00+00)}'"),
  text("datemultirange", "'{[2024-01-01,infinity)}'"),
  text("point", "'(0.1,-0)'", "'(1e23,1e-5)'", "'(NaN,Infinity)'", "'(123456789012345,1234567890123456)'"),
  text("line", "'{1,-1,0.5}'"),
  text("lseg", "'[(1,2),(3,4.5)]'"),
  text("box", "'(1,2),(3,4)'", "'(5e-324,1.7976931348623157e308),(-1,-1)'"),
  text("path", "'[(1,2),(3,4)]'", "'((1,2),(3,4))'"),
  text("polygon", "'((0,0),(0.0001,1),(0.00001,1e15))'"),
  text("circle", "'<(1,2),3.5>'"),
  key(
    text(
      "address",
      `row('Main "St", 5', 7, '2024-01-01 00:00+02', '{a,"b c"}')::address`,
      "row(null,null,null,null)::address",
    ),
  ),
  key(text("ltree", "'Top.Science.Astronomy'")),
  text("tsvector", "$$'a':1A,2 'b''c'$$"),
  text("tsquery", "$$'a' & !'b' <-> 'c'$$"),
  text("int2vector", "'1 -2 3'", "''"),
  text("oidvector", "'1 4294967295'", "''"),
  text("refcursor", "'a cursor'", "''"),
  key(text("pg_lsn", "'16/B374D848'", "'0/0'")),
  key(text("xid8", "'12345'")),
  text("xid", "'12345'"),
  text("tid", "'(0,1)'"),
  text("pg_snapshot", "'10:20:10,14,15'"),
  key(text("regclass", "'pg_class'")),
  text("jsonpath", `'$.a[*] ? (@ > 1)'`),
  {
    ...text(
      "hstore",
      `'bb=>1, a=>NULL, "q\\"\\\\ ü"=>"x, y=>z", ccc=>"NULL"'`,
      "''",
      `E'"t"=>"tab\\t\\n\\x01"'`,
    ),
    expected: HSTORE,
  },
  { type: "vector(3)", schema: "cdc.Vector", lake: "array<float>", values: ["'[1,2.5,-3e-7]'", "'[0,0,0]'"] },
  { type: "halfvec(2)", schema: "cdc.Vector", lake: "array<float>", values: ["'[1,2.5]'"] },
  text("sparsevec(5)", "'{1:1,3:2.5}/5'"),

  { ...number("positive", "int32", "integer", "1", "2147483647") },
  key(
    decimal({ type: "price", schema: "cdc.Numeric", lake: "decimal(10,2)", values: ["1.5", "'NaN'"] }, 10, 2),
  ),
  decimal(
    { type: "small_price", schema: "cdc.Numeric", lake: "decimal(10,2)", values: ["1.5", "-12345678.90"] },
    10,
    2,
  ),
  key({
    type: "moment",
    schema: "cdc.TimestampTz",
    lake: "timestamp",
    values: ["'2024-01-01 12:00:00.5+02'", "'infinity'", "'0044-03-15 00:00:00+00 BC'"],
  }),
  { ...text("attributes", "'bb=>1, a=>NULL'"), expected: "hstore_to_json(v::hstore)::text" },
  array("numbers", "int4", "integer", "'{1,NULL,3}'"),
  keyWithoutChunks(text("feeling", "'so so'")),
  text("home", "row('x', 1, null, null)::address"),
  key(text("code", "'ab'")),
  { type: "embedding", schema: "cdc.Vector", lake: "array<float>", values: ["'[1,2,3]'"] },

  array("boolean[]", "bool", "boolean", "'{t,NULL,f}'", "'{}'"),
  array("smallint[]", "int2", "short", "'{1,-32768}'"),
  keyWithoutChunks(
    array("integer[]", "int4", "integer", "'{1,NULL,3}'", "'{{1,2},{3,4}}'", "'[0:2]={1,2,3}'", "'{}'"),
  ),
  array("bigint[]", "int8", "long", "'{9223372036854775807}'"),
  array("oid[]", "oid", "long", "'{4294967295}'"),
  array("real[]", "float4", "float", "'{0.1,NaN,-Infinity}'"),
  array("double precision[]", "float8", "double", "'{0.1,1e23,5e-324}'"),
  keyWithoutChunks(
    array("numeric[]", "numeric", "string", "'{12300,1.50,NaN,NULL}'", "'{{1.0,2.00},{3,4}}'"),
  ),
  decimal(array("numeric(10,2)[]", "numeric", "decimal(10,2)", "'{1.5,NULL}'", "'{NaN}'"), 10, 2),
  {
    ...decimal(array("money[]", "numeric", "decimal(19,2)", "'{1.5,\"-1,234.50\",NULL}'"), 19, 2),
    expected: "(select array_agg(m::numeric) from unnest(v) m)::text",
  },
  keyWithoutChunks(
    array(
      "text[]",
      "text",
      "string",
      `'{a,"b,c","d\\"e",NULL,"NULL","",ü}'`,
      `'{{"{x}","\\\\y"},{" z ",w}}'`,
      "'[-1:0]={a,b}'",
    ),
  ),
  array("varchar(5)[]", "varchar", "string", "'{a,bc}'"),
  array("char(4)[]", "bpchar", "string", "'{a,NULL}'"),
  array("citext[]", "citext", "string", "'{MiXeD}'"),
  array("name[]", "name", "string", "'{links}'"),
  array("mood[]", "mood", "string", `'{sad,NULL,"happy, \\"very\\""}'`),
  array("uuid[]", "uuid", "string", "'{6c1f2f9e-6a52-4d0b-8f3e-1a2b3c4d5e6f}'"),
  array("json[]", "json", "string", `array['{"a" : 1}']::json[]`),
  array("jsonb[]", "jsonb", "string", `array['{"a" : 1}', null]::jsonb[]`),
  array("xml[]", "xml", "string", "array['<a/>']::xml[]"),
  array("bytea[]", "bytea", "binary", `array['\\x00ff', '']::bytea[]`),
  array("date[]", "date", "date", "'{2024-02-29,infinity,0044-03-15 BC,1582-10-10}'"),
  array("time[]", "time", "string", "'{12:34:56.1,24:00:00}'"),
  array("timetz[]", "timetz", "string", "'{12:34:56.1+02}'"),
  array(
    "timestamp[]",
    "timestamp",
    "timestamp_ntz",
    `'{2024-01-01 12:00:00.5,infinity,"0044-03-15 00:00:00 BC"}'`,
  ),
  array(
    "timestamptz[]",
    "timestamptz",
    "timestamp",
    `'{"2024-01-01 12:00:00.5+02",infinity,NULL,"0044-03-15 00:00:00+00 BC"}'`,
  ),
  array("interval[]", "interval", "string", "'{1 year 2 mons -3 days 04:05:06.5,infinity}'"),
  array("bit(3)[]", "bit", "string", "'{101,000}'"),
  array("bit varying[]", "varbit", "string", "'{101,1}'"),
  array("inet[]", "inet", "string", "'{192.168.0.1/24}'"),
  array("int4range[]", "int4range", "string", `'{"[1,5)",empty}'`),
  array("int4multirange[]", "int4multirange", "string", `'{"{[1,5)}"}'`),
  array("point[]", "point", "string", `'{"(0.1,1e23)"}'`),
  array("box[]", "box", "string", "'{(3,4),(1,2);(7,8),(5,6)}'"),
  array(
    "address[]",
    "address",
    "string",
    `array[row('x, "y"', 1, '2024-01-01 00:00+00', '{a}')::address, null]`,
  ),
  array("hstore[]", "hstore", "string", `array['a=>1'::hstore]`),
  array("ltree[]", "ltree", "string", "'{a.b,c}'"),
  array("oidvector[]", "oidvector", "string", `'{"1 2",3}'`),
  array("refcursor[]", "refcursor", "string", "'{a}'"),
  array("pg_lsn[]", "pg_lsn", "string", "'{0/1}'"),
  array("tsvector[]", "tsvector", "string", `array['a b'::tsvector]`),
  array("vector(2)[]", "vector", "string", `array['[1,2]'::vector]`),
  array("positive[]", "int4", "integer", "'{1,NULL}'"),
  decimal(array("price[]", "numeric", "decimal(10,2)", "'{1.5}'"), 10, 2),
  array("moment[]", "timestamptz", "timestamp", `'{"2024-01-01 12:00:00.5+02"}'`),
  array("home[]", "address", "string", "array[row('x', 1, null, null)::home]"),
];
