/** What the streaming job says of a table. */
import type { DriverState } from "../../../providers/spark-application/driver-state";

export interface TableFacts {
  /** Why the current state is not written. */
  readonly problem?: string;
  /** Why the table is not written at all for the time being. */
  readonly setAside?: string;
  /** Why its rows have to be read again. */
  readonly needsRows?: string;
  /** Its rows are being read again. */
  readonly resnapshot: boolean;
}

/** Pure. @param table `schema.table` */
export function tableFacts(driver: DriverState | undefined, table: string): TableFacts {
  // The job may be an older one, or say nothing yet.
  const totals = driver?.status?.tables?.[table] as
    | (Partial<Record<"problem" | "needsRows", string>> & {
        setAside?: { reason?: string; since?: string };
        resnapshot?: unknown;
      })
    | undefined;
  const { reason, since } = totals?.setAside ?? {};
  return {
    problem: totals?.problem,
    needsRows: totals?.needsRows,
    setAside: reason && `${reason}${since ? ` (since ${since})` : ""}`,
    resnapshot: totals?.resnapshot !== undefined && totals.resnapshot !== null,
  };
}
