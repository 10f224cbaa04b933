/** Further members of the reported cases' kinds: the same trouble with every type, as SQL for tables of schema rw. */
import { arrayOf, arrayType, ELEMENTS, KINDS, type Kind, literal, nthValue } from "./kinds";

export interface Member {
  /** Tables to capture, without their schema. */
  readonly tables: readonly string[];
  /** Before capture. */
  readonly source: string;
  /** Afterwards; each statement is a transaction of its own unless it says BEGIN. */
  readonly change: string;
}

/** Every type, and an array of each, with its values: in the snapshot and in the stream. */
export const everyType: Member = member(["every_type", "every_array"], () => {
  const columns = KINDS.map((kind) => `${kind.name} ${kind.type}`).join(", ");
  const rows = Math.max(...KINDS.map((kind) => kind.values.length));
  const row = (id: number, n: number) => `(${id}, ${KINDS.map((kind) => nthValue(kind, n)).join(", ")})`;
  const rowsFrom = (id: number) => Array.from({ length: rows }, (_, n) => row(id + n, n)).join(",\n");
  const arrays = ELEMENTS.map((kind) => `${kind.name} ${arrayType(kind)}`).join(", ");
  const arrayRows = (id: number) => `
    INSERT INTO rw.every_array VALUES (${id}, ${ELEMENTS.map(arrayOf).join(", ")});
    INSERT INTO rw.every_array VALUES (${id + 1}, ${ELEMENTS.map(() => "'{}'").join(", ")});
    INSERT INTO rw.every_array VALUES (${id + 2}, ${ELEMENTS.map(() => "'{NULL}'").join(", ")});
    INSERT INTO rw.every_array (id) VALUES (${id + 3});`;
  return {
    source: `
      CREATE TABLE rw.every_type (id int PRIMARY KEY, ${columns});
      INSERT INTO rw.every_type VALUES ${rowsFrom(1)};
      CREATE TABLE rw.every_array (id int PRIMARY KEY, ${arrays});
      ${arrayRows(1)}`,
    change: `
      INSERT INTO rw.every_type VALUES ${rowsFrom(11)};
      INSERT INTO rw.every_type (id) VALUES (99);
      UPDATE rw.every_type SET id = id + 100 WHERE id IN (1, 11);
      ${arrayRows(11)}`,
  };
});

/** NULL in a column with a DEFAULT, of every type and of arrays. */
export const everyDefault: Member = member(["every_default"], () => {
  const columns = KINDS.map((kind) => `${kind.name} ${kind.type} DEFAULT ${nthValue(kind, 0)}`).join(", ");
  const arrays = ELEMENTS.map((kind) => `${kind.name}_list ${arrayType(kind)} DEFAULT '{}'`).join(", ");
  const names = [...KINDS.map((kind) => kind.name), ...ELEMENTS.map((kind) => `${kind.name}_list`)];
  const nulls = names.map(() => "NULL").join(", ");
  return {
    source: `
      CREATE TABLE rw.every_default (id int PRIMARY KEY, ${columns}, ${arrays});
      INSERT INTO rw.every_default VALUES (1, ${nulls});
      INSERT INTO rw.every_default (id) VALUES (2), (3);`,
    change: `
      INSERT INTO rw.every_default VALUES (11, ${nulls});
      INSERT INTO rw.every_default (id) VALUES (12);
      UPDATE rw.every_default SET ${names.map((name) => `${name} = NULL`).join(", ")} WHERE id = 3;
      UPDATE rw.every_default SET whole = 5 WHERE id = 1;`,
  };
});

/** Types whose single values can be large, with SQL for one. */
const LARGE: readonly [name: string, type: string, value: string][] = [
  ["words", "text", "repeat(md5('a'), 100)"],
  ["short_words", "varchar(4000)", "repeat(md5('b'), 100)"],
  ["padded", "char(4000)", "'padded'"],
  ["caseless", "citext", "repeat(md5('c'), 100)"],
  ["word", "rw.kind_word", "repeat(md5('d'), 100)"],
  ["raw", "bytea", "decode(repeat(md5('e'), 150), 'hex')"],
  [
    "document",
    "jsonb",
    "(SELECT jsonb_object_agg('k' || i, md5(i::text)) FROM generate_series(1, 100) AS i)",
  ],
  ["document_text", "json", "to_json(repeat(md5('f'), 100))"],
  ["markup", "xml", "('<a>' || repeat(md5('g'), 100) || '</a>')::xml"],
  [
    "dictionary",
    "hstore",
    "(SELECT hstore(array_agg('k' || i), array_agg(md5(i::text))) FROM generate_series(1, 100) AS i)",
  ],
  [
    "label_path",
    "ltree",
    "(SELECT text2ltree(string_agg(md5(i::text), '.')) FROM generate_series(1, 100) AS i)",
  ],
  ["some_flags", "bit varying(30000)", "repeat('0110', 6000)::bit varying(30000)"],
  ["flags", "bit(24000)", "repeat('0110', 6000)::bit(24000)"],
  ["free", "numeric", "repeat('123456789', 700)::numeric"],
  [
    "lexemes",
    "tsvector",
    "(SELECT array_to_tsvector(array_agg(md5(i::text))) FROM generate_series(1, 100) AS i)",
  ],
  [
    "polygon",
    "polygon",
    "(SELECT ('(' || string_agg(format('(%s,1)', i), ',') || ')')::polygon FROM generate_series(1, 300) AS i)",
  ],
  [
    "path",
    "path",
    "(SELECT ('[' || string_agg(format('(%s,1)', i), ',') || ']')::path FROM generate_series(1, 300) AS i)",
  ],
  [
    "ranges",
    "int4multirange",
    "(SELECT range_agg(int4range(2 * i, 2 * i + 1)) FROM generate_series(1, 500) AS i)",
  ],
  ["pair", "rw.kind_pair", "ROW(1, repeat(md5('h'), 100))::rw.kind_pair"],
  ["text_range", "numrange", "numrange(1, repeat('123456789', 700)::numeric)"],
];

/** Values that PostgreSQL does not log: every type that can be large, and arrays of every type, also NOT NULL. */
export const everyUnlogged: Member = member(
  ["unlogged_values", "unlogged_values_not_null", "unlogged_arrays", "unlogged_arrays_not_null"],
  () => {
    const values = LARGE.map(([name, type, value]) => ({ name, type, value }));
    const arrays = ELEMENTS.map((kind) => ({
      name: kind.name,
      type: arrayType(kind),
      value: `(SELECT array_agg((${arrayOf(kind)})[1 + g % ${kind.values.length + 1}]) FROM generate_series(1, ${elementsOf(kind)}) AS g)`,
    }));
    const parts = [
      unlogged("unlogged_values", values, ""),
      unlogged("unlogged_values_not_null", values, "NOT NULL"),
      unlogged("unlogged_arrays", arrays, ""),
      unlogged("unlogged_arrays_not_null", arrays, "NOT NULL"),
    ];
    return {
      source: parts.map((part) => part.source).join("\n"),
      change: parts.map((part) => part.change).join("\n"),
    };
  },
);

/** Enough that the array is stored out of line. */
function elementsOf(kind: Kind): number {
  return ["boolean", "smallint", '"char"'].includes(kind.type) ? 2500 : 500;
}

function unlogged(
  table: string,
  columns: { name: string; type: string; value: string }[],
  constraint: string,
): { source: string; change: string } {
  const definitions = columns.map(({ name, type }) => `${name} ${type} ${constraint}`).join(", ");
  const external = columns.map(({ name }) => `ALTER COLUMN ${name} SET STORAGE EXTERNAL`).join(", ");
  const insert = (id: number) =>
    `INSERT INTO rw.${table} SELECT ${id}, 0, ${columns.map(({ value }) => value).join(", ")};`;
  return {
    source: `
      CREATE TABLE rw.${table} (id int PRIMARY KEY, x int, ${definitions});
      ALTER TABLE rw.${table} ${external};
      ${[1, 2, 3].map(insert).join("\n")}`,
    // The rows of the snapshot, rows of the stream, a moved key, and one of a single transaction.
    change: `
      UPDATE rw.${table} SET x = 1 WHERE id = 1;
      UPDATE rw.${table} SET id = 20 WHERE id = 2;
      UPDATE rw.${table} SET x = 2 WHERE id = 20;
      BEGIN;
      ${insert(4)}
      UPDATE rw.${table} SET x = 1 WHERE id = 4;
      UPDATE rw.${table} SET id = 40 WHERE id = 4;
      UPDATE rw.${table} SET x = 2 WHERE id = 40;
      COMMIT;`,
  };
}

const KEYED = [
  ...KINDS.filter((kind) => kind.isKey !== false),
  ...[
    { name: "whole_list", type: "int[]", values: ["{1,2}", "{}", "{NULL}", "{{1,2},{3,4}}", "{3}"] },
    { name: "word_list", type: "text[]", values: ['{a,"b,c"}', "{}", "{NULL}", '{"NULL"}', '{""}'] },
    { name: "free_list", type: "numeric[]", values: ["{1.50}", "{NaN}", "{}", "{12300}", "{2}"] },
    {
      name: "moment_infinite",
      type: "timestamp",
      values: [
        "infinity",
        "-infinity",
        "0044-03-15 00:00:00 BC",
        "294276-12-31 23:59:59.999999",
        "2024-01-01 00:00:00",
      ],
    },
    {
      name: "instant_infinite",
      type: "timestamptz",
      values: [
        "infinity",
        "-infinity",
        "0044-03-15 00:00:00+00 BC",
        "12345-01-01 00:00:00+00",
        "2024-01-01 00:00:00+00",
      ],
    },
    {
      name: "day_infinite",
      type: "date",
      values: ["infinity", "-infinity", "0044-03-15 BC", "5874897-12-31", "2024-01-01"],
    },
    { name: "exact_nan", type: "numeric(10,2)", values: ["NaN", "1", "2", "3", "4"] },
  ].map((kind) => ({ ...kind, lake: "" })),
];

/** Two texts of one value, as PostgreSQL compares that type. */
const EQUAL: readonly [type: string, one: string, other: string][] = [
  ["double precision", "-0", "0"],
  ["real", "0", "-0"],
  ["numeric", "1", "1.00"],
  ["citext", "Ab", "aB"],
  ["text COLLATE rw.kind_caseless", "Ab", "aB"],
  ["interval", "1 day", "24:00:00"],
  ["interval", "1 mon", "30 days"],
  ["numeric[]", "{1}", "{1.0}"],
  ["float8[]", "{0}", "{-0}"],
  ["citext[]", "{Ab}", "{aB}"],
  ["jsonb", "[1]", "[1.0]"],
  ["numrange", "[1,2]", "[1.0,2.00]"],
  ["rw.kind_cents", "1", "1.00"],
];

/** A primary key of every type that can be one: rows change, go, come back and move, with large values. */
export const everyKey: Member = member(
  [...KEYED.map(({ name }) => `key_${name}`), ...EQUAL.map((_, n) => `key_equal_${n}`)],
  () => {
    const large = (n: number) => `repeat(md5('${n}'), 100)`;
    const parts = KEYED.map((kind) => {
      const table = `rw.key_${kind.name}`;
      const [first, second, ...others] = kind.values.map((value) => `${literal(value)}::${kind.type}`);
      const third = others[0];
      const last = others[others.length - 1];
      const rest = kind.values.length > 2 ? kind.values.slice(0, -1) : kind.values;
      return {
        source: `
          CREATE TABLE ${table} (id ${kind.type} PRIMARY KEY, v int, note text);
          ALTER TABLE ${table} ALTER COLUMN note SET STORAGE EXTERNAL;
          INSERT INTO ${table} VALUES ${rest.map((value, n) => `(${literal(value)}, ${n}, ${large(n)})`).join(", ")};`,
        change: `
          UPDATE ${table} SET v = v + 100 WHERE id = ${first};
          DELETE FROM ${table} WHERE id = ${second};
          INSERT INTO ${table} VALUES (${second}, 200, ${large(9)});
          ${
            third && third !== last
              ? `UPDATE ${table} SET id = ${last} WHERE id = ${third};
                 UPDATE ${table} SET v = v + 300 WHERE id = ${last};`
              : `DELETE FROM ${table} WHERE id = ${second};`
          }
          UPDATE ${table} SET v = v + 1000;`,
      };
    });
    const equals = EQUAL.map(([type, one, other], n) => {
      const table = `rw.key_equal_${n}`;
      return {
        source: `
          CREATE TABLE ${table} (id ${type} PRIMARY KEY, v int, note text);
          ALTER TABLE ${table} ALTER COLUMN note SET STORAGE EXTERNAL;
          INSERT INTO ${table} VALUES (${literal(one)}, 1, ${large(1)});`,
        change: `
          UPDATE ${table} SET v = v + 1 WHERE id = ${literal(other)}::${type};
          UPDATE ${table} SET id = ${literal(other)};
          UPDATE ${table} SET v = v + 1;
          DELETE FROM ${table};
          INSERT INTO ${table} VALUES (${literal(one)}, 5, ${large(2)});
          UPDATE ${table} SET id = ${literal(other)}, v = 6;`,
      };
    });
    return {
      source: [...parts, ...equals].map((part) => part.source).join("\n"),
      change: [...parts, ...equals].map((part) => part.change).join("\n"),
    };
  },
);

/** Keys of several columns, moves, chains and swaps of keys with large values, and replica identities. */
export const movedKeys: Member = member(
  ["key_composite", "moves", "moves_full", "identity_is_key_index", "identity_has_key"],
  () => {
    const table = (name: string, key: string) => `
      CREATE TABLE rw.${name} (${key}, v int, note text);
      ALTER TABLE rw.${name} ALTER COLUMN note SET STORAGE EXTERNAL;`;
    const rows = (name: string) =>
      `INSERT INTO rw.${name} (id, v, note) SELECT i, i, repeat(md5(i::text), 100) FROM generate_series(1, 9) AS i;`;
    const moves = (name: string) => `
      UPDATE rw.${name} SET id = 101 WHERE id = 1;
      UPDATE rw.${name} SET id = 1 WHERE id = 2;
      UPDATE rw.${name} SET id = 2 WHERE id = 101;
      BEGIN;
      UPDATE rw.${name} SET id = 103 WHERE id = 3;
      UPDATE rw.${name} SET id = 3 WHERE id = 4;
      UPDATE rw.${name} SET id = 4 WHERE id = 103;
      UPDATE rw.${name} SET v = v + 10 WHERE id IN (3, 4);
      COMMIT;
      BEGIN;
      UPDATE rw.${name} SET id = 105 WHERE id = 5;
      SAVEPOINT s;
      UPDATE rw.${name} SET id = 106 WHERE id = 6;
      ROLLBACK TO s;
      DELETE FROM rw.${name} WHERE id = 7;
      INSERT INTO rw.${name} (id, v, note) VALUES (7, 70, 'again');
      UPDATE rw.${name} SET id = 107 WHERE id = 7;
      UPDATE rw.${name} SET id = 7 WHERE id = 8;
      COMMIT;
      UPDATE rw.${name} SET v = v + 100 WHERE id IN (1, 4, 7);
      DELETE FROM rw.${name} WHERE id = 9;
      UPDATE rw.${name} SET id = 9 WHERE id = 105;`;
    return {
      source: `
        ${table("key_composite", "a numeric, b timestamptz, c citext, d text[], PRIMARY KEY (a, b, c, d)")}
        INSERT INTO rw.key_composite VALUES
          (1, 'infinity', 'A', '{x,NULL}', 1, repeat('y', 3000)), (1.5, '2024-01-01 00:00:00+00', 'A', '{}', 2, repeat('y', 3000)),
          (1.5, '2024-01-01 00:00:00+00', 'B', '{}', 3, NULL), ('NaN', '0044-03-15 00:00:00+00 BC', '', '{{a,b}}', 4, NULL);
        ${table("moves", "id int PRIMARY KEY")} ${rows("moves")}
        ${table("moves_full", "id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED")}
        ALTER TABLE rw.moves_full REPLICA IDENTITY FULL; ${rows("moves_full")}
        ${table("identity_is_key_index", "id int PRIMARY KEY")} ${rows("identity_is_key_index")}
        ALTER TABLE rw.identity_is_key_index REPLICA IDENTITY USING INDEX identity_is_key_index_pkey;
        ${table("identity_has_key", "id int PRIMARY KEY, code text NOT NULL DEFAULT 'c'")} ${rows("identity_has_key")}
        CREATE UNIQUE INDEX identity_has_key_both ON rw.identity_has_key (code, id);
        ALTER TABLE rw.identity_has_key REPLICA IDENTITY USING INDEX identity_has_key_both;`,
      change: `
        UPDATE rw.key_composite SET v = v + 10 WHERE a = 1.0;
        UPDATE rw.key_composite SET a = 1.0 WHERE a = 1;
        UPDATE rw.key_composite SET b = '-infinity' WHERE c = 'a' AND a = 1.5;
        DELETE FROM rw.key_composite WHERE c = 'b';
        UPDATE rw.key_composite SET v = 5 WHERE a = 'NaN';
        ${["moves", "moves_full", "identity_is_key_index", "identity_has_key"].map(moves).join("\n")}
        UPDATE rw.moves_full SET id = id + 1;
        UPDATE rw.moves_full SET id = 10 - id WHERE id BETWEEN 1 AND 9;
        UPDATE rw.identity_has_key SET code = 'other' WHERE id = 1;
        UPDATE rw.identity_has_key SET v = 77 WHERE id = 1;`,
    };
  },
);

const TEMPORAL = [
  [
    "day",
    "date",
    ["infinity", "-infinity", "0044-03-15 BC", "4713-01-01 BC", "10000-01-01", "5874897-12-31"],
  ],
  [
    "moment",
    "timestamp",
    [
      "infinity",
      "-infinity",
      "0044-03-15 00:00:00.5 BC",
      "4713-01-01 00:00:00 BC",
      "10000-01-01 00:00:00",
      "294276-12-31 23:59:59.999999",
    ],
  ],
  [
    "instant",
    "timestamptz",
    [
      "infinity",
      "-infinity",
      "0044-03-15 00:00:00.5+00 BC",
      "4713-01-01 00:00:00+00 BC",
      "10000-01-01 00:00:00+00",
      "294276-12-31 23:59:59.999999+00",
    ],
  ],
  ["exact", "numeric(10,2)", ["NaN", "NaN", "NaN", "NaN", "NaN", "NaN"]],
] as const;

/** Values that lie outside the lake's type: alone, in arrays, NOT NULL, and then ordinary ones again. */
export const outOfRange: Member = member(["out_of_range", "out_of_range_not_null"], () => {
  const inside = (type: string) => (type.startsWith("numeric") ? "1.5" : "2024-01-01");
  const definitions = (constraint: string) =>
    TEMPORAL.map(
      ([name, type]) => `${name} ${type} ${constraint}, ${name}_list ${type}[] ${constraint}`,
    ).join(", ");
  const row = (id: number, n: number) =>
    `(${id}, ${TEMPORAL.map(([, type, values]) => {
      const value = values[n] as string;
      return `${literal(value)}, ARRAY[${literal(value)}, ${literal(inside(type))}, NULL]::${type}[]`;
    }).join(", ")})`;
  const ordinary = TEMPORAL.map(
    ([name, type]) =>
      `${name} = ${literal(inside(type))}, ${name}_list = ARRAY[${literal(inside(type))}]::${type}[]`,
  ).join(", ");
  const tables = [
    ["out_of_range", ""],
    ["out_of_range_not_null", "NOT NULL"],
  ] as const;
  return {
    source: tables
      .map(
        ([name, constraint]) => `
        CREATE TABLE rw.${name} (id int PRIMARY KEY, ${definitions(constraint)});
        INSERT INTO rw.${name} VALUES ${[0, 1, 2, 3, 4, 5].map((n) => row(n + 1, n)).join(",\n")};`,
      )
      .join("\n"),
    change: tables
      .map(
        ([name]) => `
        INSERT INTO rw.${name} VALUES ${[0, 1, 2, 3, 4, 5].map((n) => row(n + 11, n)).join(",\n")};
        UPDATE rw.${name} SET ${ordinary} WHERE id IN (1, 11, 12);
        UPDATE rw.${name} SET day = '-infinity', moment = '0044-03-15 00:00:00 BC' WHERE id = 12;
        DELETE FROM rw.${name} WHERE id = 13;`,
      )
      .join("\n"),
  };
});

/** Arrays of more dimensions: from the start, and where there were arrays of one. */
export const shapes: Member = member(["shapes"], () => ({
  source: `
    CREATE TABLE rw.shapes (id int PRIMARY KEY, grid int[], words text[], later int[], moods rw.kind_mood[], bounds int[][]);
    INSERT INTO rw.shapes VALUES
      (1, '{{1,2},{3,4}}', '{{a,NULL},{"NULL","b,c"}}', '{1,NULL}', '{{sad},{ok}}', '[0:1][2:3]={{1,2},{3,4}}'), (2, '{1}', '{a}', '{}', '{sad}', '{}');`,
  change: `
    INSERT INTO rw.shapes VALUES (3, '{{{1}}}', '{}', '{5}', NULL, NULL);
    UPDATE rw.shapes SET later = '{{1,2}}' WHERE id = 2;
    UPDATE rw.shapes SET grid = '{7}' WHERE id = 1;`,
}));

const PAIRED = [
  ["whole", "int", "1", "2"],
  ["exact", "numeric(10,2)", "1.50", "2.25"],
  ["words", "text", "'a'", "'b'"],
  ["raw", "bytea", "'\\xff00'", "'\\xfe01'"],
  ["day", "date", "'infinity'", "'2024-02-29'"],
  ["instant", "timestamptz", "'2024-01-01 00:00:00+00'", "'-infinity'"],
  ["document", "jsonb", `'{"a": 1}'`, "'[2]'"],
  ["list", "int[]", "'{1,2}'", "'{3}'"],
  ["word_list", "text[]", "'{a,b}'", "'{c}'"],
  ["yes", "boolean", "true", "false"],
  ["span", "interval", "'1 day'", "'2 days'"],
] as const;

/** Every pair of an old and a new type, changed with USING into other values. */
export const usingPairs: Member = member(["using_pairs"], () => {
  const pairs = PAIRED.flatMap((from) =>
    PAIRED.filter((to) => to !== from).map((to) => ({ name: `${from[0]}_to_${to[0]}`, from, to })),
  );
  const row = (id: number, values: string[]) =>
    `INSERT INTO rw.using_pairs VALUES (${[id, ...values].join(", ")});`;
  return {
    source: `
      CREATE TABLE rw.using_pairs (id int PRIMARY KEY, ${pairs.map(({ name, from }) => `${name} ${from[1]}`).join(", ")});
      ${row(
        1,
        pairs.map(({ from }) => from[2]),
      )}
      ${row(
        2,
        pairs.map(() => "NULL"),
      )}`,
    change: `
      ${row(
        3,
        pairs.map(({ from }) => from[3]),
      )}
      ALTER TABLE rw.using_pairs ${pairs
        .map(({ name, to }) => `ALTER COLUMN ${name} TYPE ${to[1]} USING (${to[2]})::${to[1]}`)
        .join(", ")};
      ${row(
        11,
        pairs.map(({ to }) => to[3]),
      )}
      ${row(
        12,
        pairs.map(() => "NULL"),
      )}`,
  };
});

/** Renames, columns that go and come, columns that change places, and names that differ in case only. */
export const renames: Member = member(["renames", "replaced", "cases", "key_renamed_numeric"], () => ({
  source: `
    CREATE TABLE rw.renames (id int PRIMARY KEY, plain int, large text, large_list text[], a int, b int, x int);
    ALTER TABLE rw.renames ALTER COLUMN large SET STORAGE EXTERNAL, ALTER COLUMN large_list SET STORAGE EXTERNAL;
    INSERT INTO rw.renames SELECT i, i, repeat(md5(i::text), 100), array_fill(md5(i::text), ARRAY[100]), i, -i, 0 FROM generate_series(1, 4) AS i;
    CREATE TABLE rw.replaced (id int PRIMARY KEY, a int, b text, c int, gone int);
    INSERT INTO rw.replaced SELECT i, i, 'b' || i, i, i FROM generate_series(1, 4) AS i;
    CREATE TABLE rw.cases (id int PRIMARY KEY, name text, "Name" int, "NAME" date);
    INSERT INTO rw.cases VALUES (1, 'a', 1, '2024-01-01');
    CREATE TABLE rw.key_renamed_numeric (id numeric PRIMARY KEY, v int, note text);
    ALTER TABLE rw.key_renamed_numeric ALTER COLUMN note SET STORAGE EXTERNAL;
    INSERT INTO rw.key_renamed_numeric SELECT i, i, repeat(md5(i::text), 100) FROM generate_series(1, 4) AS i;`,
  change: `
    ALTER TABLE rw.renames RENAME COLUMN plain TO plain_2;
    ALTER TABLE rw.renames RENAME COLUMN large TO large_2;
    ALTER TABLE rw.renames RENAME COLUMN large_list TO large_list_2;
    UPDATE rw.renames SET x = 1 WHERE id = 1;
    UPDATE rw.renames SET id = 20 WHERE id = 2;
    BEGIN;
    ALTER TABLE rw.renames RENAME COLUMN a TO c;
    ALTER TABLE rw.renames RENAME COLUMN b TO a;
    ALTER TABLE rw.renames RENAME COLUMN c TO b;
    COMMIT;
    UPDATE rw.renames SET x = 2 WHERE id = 3;
    ALTER TABLE rw.replaced DROP COLUMN a, ADD COLUMN a int;
    ALTER TABLE rw.replaced DROP COLUMN b, ADD COLUMN b int DEFAULT 7;
    ALTER TABLE rw.replaced ADD COLUMN d text NOT NULL DEFAULT 'd', ADD COLUMN e timestamptz DEFAULT '2024-01-01 00:00:00+00';
    ALTER TABLE rw.replaced DROP COLUMN gone;
    UPDATE rw.replaced SET c = 10 WHERE id = 1;
    INSERT INTO rw.replaced (id, c) VALUES (5, 5);
    UPDATE rw.cases SET "Name" = 2;
    ALTER TABLE rw.cases ADD COLUMN "NaMe" text;
    INSERT INTO rw.cases VALUES (2, 'b', 3, '2024-01-02', 'x');
    ALTER TABLE rw.key_renamed_numeric RENAME COLUMN id TO number;
    UPDATE rw.key_renamed_numeric SET v = 10 WHERE number = 1.0;
    DELETE FROM rw.key_renamed_numeric WHERE number = 2;
    UPDATE rw.key_renamed_numeric SET number = 30 WHERE number = 3;
    INSERT INTO rw.key_renamed_numeric VALUES (2, 22, 'new');`,
}));

/** Tables that begin empty, are emptied, or have no change at all. */
export const emptied: Member = member(["emptied", "never_written", "quiet"], () => ({
  source: `
    CREATE TABLE rw.emptied (id int PRIMARY KEY, v text);
    INSERT INTO rw.emptied VALUES (1, 'a'), (2, 'b');
    CREATE TABLE rw.never_written (id int PRIMARY KEY, v text);
    CREATE TABLE rw.quiet (id int PRIMARY KEY, v text);
    INSERT INTO rw.quiet VALUES (1, 'a');`,
  change: `
    BEGIN;
    INSERT INTO rw.emptied VALUES (3, 'c');
    TRUNCATE rw.emptied;
    INSERT INTO rw.emptied VALUES (2, 'again');
    COMMIT;`,
}));

export const MEMBERS = {
  everyType,
  everyDefault,
  everyUnlogged,
  everyKey,
  movedKeys,
  outOfRange,
  shapes,
  usingPairs,
  renames,
  emptied,
} as const;

function member(tables: readonly string[], sql: () => { source: string; change: string }): Member {
  return { tables, ...sql() };
}
