/**
 * What the lake's events say that each key's row is now, without putting them in order where that can be helped.
 *
 * Every event has the row before it and the row after it (REPLICA IDENTITY FULL). So, for each key, the hashes of all rows
 * after minus those of all rows before are the hash of the row now; a doubled or missing event shows even where a later
 * one hides it. Two exceptions need the order: after a snapshot (`r`) only what came after it counts, and for a key that has
 * events without the row before them the last event counts.
 */
import type { TableShape } from "../source/table-shape";
import { rangeLake } from "../values/row-text";
import type { Workspace } from "../workspace";

export interface EventCounts {
  readonly events: bigint;
  /** Rows of the lake that are no change events. */
  readonly bad: bigint;
  readonly firstBad: string | null;
  /** Updates without the row before them; of a delete, an empty row looks the same as none. */
  readonly partial: bigint;
}

/** Numbers an event in the order of files and rows. */
const PLACE = "(file::BIGINT * 4294967296 + row)";

/** Makes the table `lake_keys` out of `events`: k, n rows, h sum of hashes, hole. */
export async function makeLakeKeys(workspace: Workspace, shape: TableShape): Promise<void> {
  const hasKey = shape.key.length > 0;
  await workspace.run(
    `CREATE OR REPLACE TABLE bases AS
       SELECT k, max(ts) FILTER (op = 'r') AS ts, coalesce(bool_or(partial), false) AS partial
         FROM events WHERE ${hasKey} AND (op = 'r' OR partial) AND NOT bad GROUP BY k`,
  );
  await workspace.run(
    `CREATE OR REPLACE TABLE snapshots AS
       SELECT e.k, b.ts, max(${PLACE}) AS place
         FROM events e JOIN bases b ON b.k = e.k AND NOT b.partial AND e.op = 'r' AND e.ts = b.ts GROUP BY e.k, b.ts`,
  );
  await workspace.run(
    `CREATE OR REPLACE TABLE lake_keys AS
       SELECT e.k, count(e.ha) - count(e.hb) AS n,
              coalesce(sum(e.ha), 0)::HUGEINT - coalesce(sum(e.hb), 0)::HUGEINT AS h, bool_or(e.hole) AS hole
         FROM events e LEFT JOIN snapshots s ON s.k = e.k
        WHERE NOT e.bad AND e.k NOT IN (SELECT k FROM bases WHERE partial)
          AND (s.ts IS NULL OR (e.op = 'r' AND e.ts = s.ts) OR
               (e.op <> 'r' AND (e.ts > s.ts OR (e.ts = s.ts AND ${PLACE} > s.place))))
        GROUP BY e.k
       UNION ALL
       SELECT k, CASE WHEN op = 'd' THEN 0 ELSE 1 END, CASE WHEN op = 'd' THEN 0 ELSE ha END::HUGEINT, hole
         FROM (SELECT * FROM events WHERE NOT bad AND k IN (SELECT k FROM bases WHERE partial)
               QUALIFY row_number() OVER (PARTITION BY k ORDER BY ts DESC, file DESC, row DESC) = 1) AS last`,
  );
}

export async function countEvents(workspace: Workspace, shape: TableShape): Promise<EventCounts> {
  // Where the whole row is the key, an update is two rows of `events`.
  const events = shape.key.length > 0 ? "count(*)" : "count(DISTINCT (file, row))";
  return workspace.row<EventCounts>(
    `SELECT ${events} AS events, count(*) FILTER (bad) AS bad, count(*) FILTER (partial AND op = 'u') AS partial,
            min(file::VARCHAR || ':' || row || ':' || coalesce(op, '')) FILTER (bad) AS "firstBad"
       FROM events`,
  );
}

export interface LakeRange {
  readonly range: number;
  readonly rows: bigint;
  readonly hash: bigint;
  /** A key in it cannot be right whatever the source has, or cannot be compared by its hash. */
  readonly odd: boolean;
}

export async function lakeRanges(
  workspace: Workspace,
  shape: TableShape,
  bits: number,
): Promise<LakeRange[]> {
  const wrongCount = shape.key.length > 0 ? "n NOT IN (0, 1)" : "n < 0";
  const rows = await workspace.rows<{ range: number; rows: bigint; hash: bigint; odd: boolean }>(
    `SELECT ${rangeLake("k", bits)} AS range, sum(n)::HUGEINT AS rows, sum(h)::HUGEINT AS hash,
            bool_or(hole OR ${wrongCount} OR (n = 0 AND h <> 0)) AS odd
       FROM lake_keys GROUP BY 1`,
  );
  return rows.map((row) => ({ ...row, range: Number(row.range) }));
}
