/** Values that the lake's types cannot hold, and arrays of more dimensions. */
import { literal } from "../kinds";
import { type Member, member } from "./member";

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
