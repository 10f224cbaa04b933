/** Large values that an update left alone: PostgreSQL does not log them. */
import { arrayOf, arrayType, ELEMENTS, type Kind } from "../kinds";
import { type Member, member } from "./member";

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
