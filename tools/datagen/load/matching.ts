/** Do the rows fit the table? Pure. */
import { UserError } from "../../../stack/console";
import { shown } from "../table-name";
import type { Table } from "./table";

/** Throws a UserError that names each difference between the source's columns and the table's. */
export function checkColumnsMatch(sourceTitle: string, names: string[], table: Table): void {
  const inTable = table.columns
    .filter((column) => column.always !== "expression")
    .map((column) => column.name);
  const missing = names.filter((name) => !inTable.includes(name));
  const extra = inTable.filter((name) => !names.includes(name));
  if (missing.length === 0 && extra.length === 0) return;
  const differences = [
    ...missing.map((name) => {
      const similar = extra.find((other) => other.toLowerCase() === name.toLowerCase());
      return `"${name}" is only in ${sourceTitle}${similar ? ` (the table has "${similar}": case counts)` : ""}`;
    }),
    ...extra.map((name) => `"${name}" is only in the table`),
  ];
  throw new UserError(
    `The columns of ${sourceTitle} are not those of ${shown(table.name)}: ${differences.join("; ")}.`,
    "Give another -t (a new table is made with the columns of the file), check -s, or rename the columns.",
  );
}

/** Splits -pk and throws a UserError when it names a column that the source does not have. */
export function parsePrimaryKey(text: string | undefined, columns: string[], sourceTitle: string): string[] {
  if (text === undefined) return [];
  // A name may hold a comma itself.
  const key = columns.includes(text) ? [text] : text.split(",").map((name) => name.trim());
  const unknown = key.find((name) => !columns.includes(name));
  if (unknown !== undefined) {
    const similar = columns.find((name) => name.toLowerCase() === unknown.toLowerCase());
    throw new UserError(
      `-pk names "${unknown}", which is no column of ${sourceTitle}.`,
      similar ? `Write "${similar}": case counts.` : `Its columns are ${columns.join(", ")}.`,
    );
  }
  return key;
}

/** A primary key is only set when the table is made. Throws a UserError when the present one is another. */
export function checkPrimaryKey(wanted: string[], table: Table): void {
  if (wanted.length === 0 || wanted.join("\0") === table.primaryKey.join("\0")) return;
  throw new UserError(
    `-pk asks for ${wanted.join(", ")}, but ${shown(table.name)} is there already with ${
      table.primaryKey.length === 0 ? "no primary key" : `the primary key ${table.primaryKey.join(", ")}`
    }.`,
    "Leave -pk out, or give another -t.",
  );
}
