/** Columns that the connector leaves out or changes on purpose. */
import { matchesList } from "../../../providers/kafka-connect/debezium/table-names";
import type { CapturedTable } from "../../../stack/platform";
import type { ValueModes } from "../values/source-type";

/** Properties whose value is a list of regular expressions for `schema.table.column`. */
const CHANGING = /^column\.(exclude\.list|mask\.|truncate\.)/;

/** Source: Debezium's documentation of `column.include.list`, `column.exclude.list`, `column.mask.*`, `column.truncate.*`. */
export function excludedColumns(table: CapturedTable, config: ValueModes): (column: string) => boolean {
  const changing = Object.keys(config).filter((key) => CHANGING.test(key));
  const included = config["column.include.list"]?.trim();
  return (column) => {
    const name = `${table.name}.${column}`;
    return (
      changing.some((key) => matchesList(config[key], name)) ||
      (Boolean(included) && !matchesList(included, name))
    );
  };
}
