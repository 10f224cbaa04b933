/** Every type, as a value, an element and a default; and tables without rows. */
import { arrayOf, arrayType, ELEMENTS, KINDS, nthValue } from "../kinds";
import { type Member, member } from "./member";

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
