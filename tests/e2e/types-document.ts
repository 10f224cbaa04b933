import { COLUMNS, type Message } from "./exact-values";

const LONGEST = 60;

const HEAD = `# Types

What a column of each type is in its topic and in the lake, with values as they came out of the test that writes this document
(\`tests/e2e/exact-values.test.ts\`; \`WRITE_DOCS=1\` writes it anew). It is the same for rows of a first, a blocking and an incremental snapshot, for changes, and in keys,
and what PostgreSQL prints for the value. A domain is as the type below it.

Values are of Connect's type, or a \`string\` whose schema has the name. Fields are optional and have no default value, so that null is NULL. Parameters of the schema: \`precision\` and
\`scale\` of a constrained numeric; \`element\`, the type of an array's elements; \`default\`: \`true\` where the source gives the column a value
in rows that say none (DEFAULT, identity, generated, the domain's). \`"\\u0000"\` is a large value that PostgreSQL did not log as an update left it alone; text behind
that character says why a value could not be written. Moments are always in UTC.

What cannot be had:

- Debezium cannot cut a table by a key of an array type, or of a domain over an enum, into the chunks of an incremental snapshot: the connector's task fails. A blocking snapshot can read it.
- A type that is dropped with its column, while changes of it are not read yet, is \`cdc.Text\` in them, arrays of it, too.
- Changes that are not read yet when a key column is renamed have a key without it, or none: Debezium takes the key's columns from the catalog of now. The
  lake applies them by the key that the table had, and says that it needs its rows again.

All this is the work of \`cdc.connect.ExactValues\` and \`cdc.connect.ExactConnections\` ([connector-configs](../connector-configs/README.md)); a connector without them has Debezium's
forms. In the lake, a value outside of a type (infinity, BC, NaN) is described in [lake-tables.md](lake-tables.md).

| PostgreSQL | Schema | In messages | Lake |
|---|---|---|---|
`;

/** @param rows of the table with a column of every type */
export async function typesDocument(rows: Message[]): Promise<string> {
  const sorted = [...rows].sort((a, b) => Number(a.row.id) - Number(b.row.id));
  const lines = COLUMNS.map(({ type, column, values, schema, parameters, lake }) => {
    const shown = sorted
      .slice(0, values.length)
      .map(({ row }) => code(shortened(json(row[column], schema))))
      .filter((text, index, all) => all.indexOf(text) === index)
      .join(", ");
    const named = Object.entries(parameters ?? {}).map(([name, value]) => `${name} ${value}`);
    return `| ${code(type)} | ${[code(schema), ...named].join(", ")} | ${shown} | ${code(lake)} |`;
  });
  return `${HEAD}${lines.join("\n")}\n`;
}

/** As the message has it. */
function json(value: unknown, schema: string): string {
  if (schema === "int64") return String(value);
  return Object.is(value, -0) ? "-0.0" : JSON.stringify(value);
}

const shortened = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** A backtick cannot be in one, and a bar would end the cell. */
const code = (text: string) => `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
