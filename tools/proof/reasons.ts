/** Pure: why nothing can be proven of a table, from what the streaming job notes of it in the lake. */
import { resnapshotCommand } from "../../providers/kafka-connect/debezium/table-names";
import type { Notes } from "../../readers/lake/table-notes";

/** Properties of the current state's Delta table (spark/cdc/lake/resnapshot.py). */
const READING = "cdc.resnapshot";
const NEEDS_ROWS = "cdc.needsRows";

/** @param configuration of the current state's Delta table */
export function reasonNotProven(
  table: string,
  notes: Notes,
  configuration: Readonly<Record<string, string>>,
): string | undefined {
  const { setAside, noKey, resnapshot } = notes;
  const needsRows = configuration[NEEDS_ROWS] ?? notes.needsRows;
  if (setAside) return `the job has set it aside: ${setAside.reason}`;
  if (configuration[READING] || resnapshot) return "its rows are being read again";
  if (needsRows) return `it needs its rows again: ${needsRows}; \`${resnapshotCommand([table])}\` reads them`;
  if (noKey) return noKey.reason ?? "it has no key: there is only a change log";
  return undefined;
}
