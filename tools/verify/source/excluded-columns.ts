/** Columns that the connector leaves out or changes on purpose. */
import type { CapturedTable } from "../platform";
import type { ValueModes } from "../values/source-type";

/** Properties whose value is a list of regular expressions for `schema.table.column`. */
const CHANGING = /^column\.(exclude\.list|mask\.|truncate\.)/;

/** Source: Debezium's documentation of `column.include.list`, `column.exclude.list`, `column.mask.*`, `column.truncate.*`. */
export function excludedColumns(table: CapturedTable, config: ValueModes): (column: string) => boolean {
  const changing = Object.keys(config).filter((key) => CHANGING.test(key));
  const excluded = changing.flatMap((key) => patterns(config[key]));
  const included = patterns(config["column.include.list"]);
  return (column) => {
    const name = `${table.name}.${column}`;
    return (
      excluded.some((pattern) => pattern.test(name)) ||
      (included.length > 0 && !included.some((pattern) => pattern.test(name)))
    );
  };
}

function patterns(list: string | undefined): RegExp[] {
  return (list ?? "")
    .split(",")
    .map((pattern) => pattern.trim())
    .filter(Boolean)
    .map((pattern) => new RegExp(`^(?:${pattern})$`, "i"));
}
