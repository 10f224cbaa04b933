/** Pure: the fields of a zod schema as rows of a Markdown table. */
import { z } from "zod";

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

export function fieldsOf(schema: z.ZodType): string {
  const rows = rowsOf(z.toJSONSchema(schema) as Schema, "");
  return ["| Field | Type | Meaning |", "|---|---|---|", ...rows].join("\n");
}

function rowsOf({ properties = {} }: Schema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const { kind, inner, path } = kindOf(field, `${prefix}${name}`);
    return [`| \`${prefix}${name}\` | ${kind} | ${field.description ?? ""} |`, ...rowsOf(inner, `${path}.`)];
  });
}

function kindOf(field: Schema, path: string): { kind: string; inner: Schema; path: string } {
  if (Array.isArray(field.type)) return { kind: field.type.join(" or "), inner: field, path };
  const some = field.anyOf?.find(({ type }) => type !== "null");
  if (some) {
    const found = kindOf(some, path);
    return { ...found, kind: `${found.kind} or null` };
  }
  if (field.type === "array") {
    const found = kindOf(field.items ?? {}, `${path}[]`);
    return { ...found, kind: `list of ${found.kind}` };
  }
  return { kind: String(field.type ?? "value"), inner: field, path };
}
