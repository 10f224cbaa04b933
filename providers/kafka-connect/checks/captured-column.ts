import type { ColumnFacts, TableFacts } from "../database/table-facts";

/** A column of a captured table. */
export interface CapturedColumn extends ColumnFacts {
  readonly table: TableFacts;
  /** As `schema.table.column`. */
  readonly path: string;
}
