/** Columns that get another type or name. */
import { type Member, member } from "./member";

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

/** Renames, columns that go and come, columns that change places. */
export const renames: Member = member(["renames", "replaced", "key_renamed_numeric"], () => ({
  source: `
    CREATE TABLE rw.renames (id int PRIMARY KEY, plain int, large text, large_list text[], a int, b int, x int);
    ALTER TABLE rw.renames ALTER COLUMN large SET STORAGE EXTERNAL, ALTER COLUMN large_list SET STORAGE EXTERNAL;
    INSERT INTO rw.renames SELECT i, i, repeat(md5(i::text), 100), array_fill(md5(i::text), ARRAY[100]), i, -i, 0 FROM generate_series(1, 4) AS i;
    CREATE TABLE rw.replaced (id int PRIMARY KEY, a int, b text, c int, gone int);
    INSERT INTO rw.replaced SELECT i, i, 'b' || i, i, i FROM generate_series(1, 4) AS i;
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
    ALTER TABLE rw.key_renamed_numeric RENAME COLUMN id TO number;
    UPDATE rw.key_renamed_numeric SET v = 10 WHERE number = 1.0;
    DELETE FROM rw.key_renamed_numeric WHERE number = 2;
    UPDATE rw.key_renamed_numeric SET number = 30 WHERE number = 3;
    INSERT INTO rw.key_renamed_numeric VALUES (2, 22, 'new');`,
}));
