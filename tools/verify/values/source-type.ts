/** A column's type in PostgreSQL, and how its values are compared. */

/** Connector properties that decide how values are written; absent ones have Debezium's defaults. */
export type ValueModes = Readonly<Record<string, string | undefined>>;

export interface SourceType {
  /** `pg_type.typname`, that of the base type when the column has a domain; an array's is its element's with `_` before. */
  readonly name: string;
  /** `pg_type.typtype`: `b` base, `e` enum, `c` composite … */
  readonly kind: string;
  /** Of the array's element; `e` for an array of an enum. */
  readonly elementKind: string | null;
  /** `pg_attribute.atttypmod`; -1 when the type has none. */
  readonly modifier: number;
}

export interface ColumnForm {
  /** PostgreSQL expression of type text for a column's expression. */
  readonly source: (column: string) => string;
  /** DuckDB expression for an expression that holds the change log's text; undefined when it cannot be compared. */
  readonly log: ((text: string) => string) | undefined;
  /** DuckDB expression for a value of a lake type, such as `long` or `array<date>`. */
  readonly state: (value: string, lakeType: string) => string;
}
