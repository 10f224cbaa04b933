/** Every type that can be a key, and keys that move. */
import { KINDS, literal } from "../kinds";
import { type Member, member } from "./member";

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
