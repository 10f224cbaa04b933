/**
 * Messages that say, in a table's own topic, that its rows are about to be read again (`begin`) and that all of them are there
 * (`end`). The streaming job replaces the table's rows between the two; to other consumers a begin is a TRUNCATE.
 */
import { tableName } from "../database/replication-sql";

const SCHEMA = {
  type: "struct",
  name: "cdc.Control",
  optional: false,
  fields: ["before", "after"].map((field) => ({ type: "struct", fields: [], optional: true, field })),
};

export interface ReadAgain {
  /** `schema.table` */
  readonly table: string;
  /** One for each time that a table is read again. */
  readonly id: string;
  /** How many partitions the topic has; each gets the message. */
  readonly partitions: number;
  /** Position of the source's log, in bytes. */
  readonly position: number;
}

/** @param now milliseconds since 1970 */
export function controlMessage(
  step: "begin" | "end",
  { table, id, partitions, position }: ReadAgain,
  now: number,
): string {
  const { schema, table: name } = tableName(table);
  return JSON.stringify({
    schema: SCHEMA,
    payload: {
      before: null,
      after: null,
      op: step === "begin" ? "t" : "m",
      ts_ms: now,
      source: { schema, table: name, lsn: position, ts_ms: now },
      resnapshot: { step, id, partitions },
    },
  });
}
