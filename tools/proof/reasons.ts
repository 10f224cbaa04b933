/** Pure: why nothing can be proven of a table, as the streaming job notes it in the lake (spark/cdc/lake/table_notes.py). */
import { z } from "zod";
import { resnapshotCommand } from "../../providers/kafka-connect/debezium/table-names";

export const notesShape = z.looseObject({
  setAside: z.looseObject({ reason: z.string(), since: z.string().optional() }).optional(),
  needsRows: z.string().optional(),
  noKey: z.looseObject({ reason: z.string().nullish() }).optional(),
  resnapshot: z.unknown().optional(),
});
export type Notes = z.infer<typeof notesShape>;

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
