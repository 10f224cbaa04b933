/** What stands for a value that PostgreSQL did not log. */
import { isExact } from "./column-form";
import type { ValueModes } from "./source-type";

/** Debezium's default of `unavailable.value.placeholder`. */
const PLACEHOLDER = "__debezium_unavailable_value";

/** What Debezium writes for it. */
export function placeholderOf(modes: ValueModes): string {
  return modes["unavailable.value.placeholder"] ?? PLACEHOLDER;
}

/** JSON texts: in messages of our converter a mark that no text of PostgreSQL can equal; Debezium's own forms otherwise. */
export function unloggedForms(modes: ValueModes): string[] {
  if (isExact(modes)) return ['"\\u0000"'];
  const placeholder = placeholderOf(modes);
  const bytes = Buffer.from(placeholder);
  return [
    JSON.stringify(placeholder),
    JSON.stringify(bytes.toString("base64")),
    JSON.stringify([placeholder]),
    JSON.stringify([...bytes]),
    JSON.stringify({ [placeholder]: placeholder }),
  ];
}
