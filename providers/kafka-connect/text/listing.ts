/** How many tables of a thousand of one kind are shown. */
const TABLES_SHOWN = 10;
/** Columns: a single wide table may have as many. */
export const COLUMNS_SHOWN = 30;

/** `a`, `a and b`, `a, b, … and 990 more`. */
export function listing(names: readonly string[], most = TABLES_SHOWN): string {
  const shown = names.slice(0, most);
  const hidden = names.length - shown.length;
  if (hidden > 0) return `${shown.join(", ")} and ${hidden.toLocaleString("en")} more`;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** The SQL for the first of several. */
export function forEach<T>(all: readonly T[], sql: (one: T) => string): string {
  const [first] = all;
  return first === undefined ? "" : `${sql(first)}${all.length > 1 ? ", and so for each" : ""}`;
}
