/** A kind of trouble tried with more than the reported case: SQL for tables of schema rw. */
export interface Member {
  /** Tables to capture, without their schema. */
  readonly tables: readonly string[];
  /** Before capture. */
  readonly source: string;
  /** Afterwards; each statement is a transaction of its own unless it says BEGIN. */
  readonly change: string;
}

export function member(tables: readonly string[], sql: () => { source: string; change: string }): Member {
  return { tables, ...sql() };
}
