/** The current state's rows by key. */
import type { Lane } from "../../../readers/workspace";

export interface StateCounts {
  /** Without those that are kept as deleted. */
  readonly rows: bigint;
  readonly deleted: bigint;
  /** Rows that say neither true nor false in `_deleted`. */
  readonly unflagged: bigint;
}

/** Makes the table `state_keys` out of `state_rows`. */
export async function makeStateKeys(lane: Lane): Promise<void> {
  await lane.run(
    `CREATE OR REPLACE TABLE state_keys AS
       SELECT k, count(*) FILTER (NOT coalesce(deleted, false)) AS n,
              coalesce(sum(h) FILTER (NOT coalesce(deleted, false)), 0)::HUGEINT AS h, false AS hole, count(*) = 1 AS ok
         FROM state_rows GROUP BY k`,
  );
}

export async function countRows(lane: Lane): Promise<StateCounts> {
  return lane.row<StateCounts>(
    `SELECT count(*) FILTER (NOT coalesce(deleted, false)) AS rows, count(*) FILTER (deleted) AS deleted,
            count(*) FILTER (deleted IS NULL) AS unflagged FROM state_rows`,
  );
}
