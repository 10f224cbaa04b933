/** PostgreSQL expressions for the text that is compared. */
import type { SourceType } from "./source-type";

/** What the value prints as, the way PostgreSQL sends it to clients and to Debezium; a cast differs for some types. */
export const printed = (column: string) =>
  // For a composite, IS NOT NULL would ask for its fields.
  `CASE WHEN ${column} IS DISTINCT FROM NULL THEN format('%s', ${column}) END`;

/** Types whose cast to text is what they print as. */
const AS_CAST = new Set([
  ...[
    "int2",
    "int4",
    "int8",
    "oid",
    "float4",
    "float8",
    "numeric",
    "text",
    "varchar",
    "uuid",
    "json",
    "jsonb",
  ],
  ...["date", "timestamp", "timestamptz", "time", "timetz", "interval"],
]);

export function sourceText(type: SourceType): (column: string) => string {
  if (type.kind === "b" && AS_CAST.has(type.name)) return (column) => `${column}::text`;
  switch (type.name) {
    case "bool":
      return (column) => `${column}::text`;
    case "bit":
      return type.modifier === 1 ? (column) => `(${column} = B'1')::text` : printed;
    case "bytea":
      return (column) => `translate(encode(${column}, 'base64'), E'\\n', '')`;
    case "money":
      return (column) => `${column}::numeric(19, 2)::text`;
    case "hstore":
      return (column) => `${column}::json::text`;
  }
  return printed;
}
