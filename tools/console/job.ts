/** What the network tells of the streaming job and its tables: Spark's master, and the job's notes in the lake. */
import axios from "axios";
import { z } from "zod";
import type { TableTotals } from "../../providers/spark-application/driver-state";
import type { Notes } from "../../readers/lake/table-notes";
import type { LakeStatus } from "../status/lake";
import type { TableStatus } from "../status/standing";

const masterShape = z.object({
  activeapps: z.array(z.object({ id: z.string(), name: z.string(), state: z.string() })),
});

export type Job = Pick<LakeStatus, "job" | "error">;

export async function readJob(masterUrl: string, name: string, milliseconds: number): Promise<Job> {
  const { data } = await axios.get(`${masterUrl}/json/`, { timeout: milliseconds, proxy: false });
  return jobIn(masterShape.parse(data), name);
}

/** Pure. */
export function jobIn({ activeapps }: z.infer<typeof masterShape>, name: string): Job {
  const found = activeapps.find((one) => one.name === name);
  if (found?.state === "RUNNING") return { job: "RUNNING", error: null };
  const error = found
    ? `the Spark master has it as ${found.state}`
    : `the Spark master knows no running application ${name}`;
  return { job: "not running", error };
}

/** Pure. What micro-batches did is known in the job's container alone. */
export function tablesIn(notes: ReadonlyMap<string, Notes>): TableStatus[] {
  return [...notes].map(([table, { setAside, needsRows, resnapshot }]) => {
    const totals: TableTotals = {
      ...{ changes: 0, written: 0, deleted: 0, skipped: 0, rejected: 0, schemaChanges: [] },
      ...(setAside ? { setAside: { reason: setAside.reason, since: setAside.since ?? "a while" } } : {}),
      ...(needsRows ? { needsRows } : {}),
      ...(resnapshot ? { resnapshot: { id: "", since: "" } } : {}),
    };
    return { table, totals, state: null, changes: null, deadLetters: 0 };
  });
}
