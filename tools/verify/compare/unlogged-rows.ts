/**
 * Rows of the change log whose last event lacks a value that PostgreSQL did not log: the hash of the whole row says nothing, so
 * their other columns are compared one by one.
 */

import { literal } from "../../../readers/workspace";
import type { ChangeLog } from "../lake/change-log";
import { hashLake, rowText } from "../values/row-text";
import { filesOf, type Subject } from "./differences";

/** So many rows at most: their columns are read from the source once more. */
export const MOST_UNLOGGED = 20_000;

/** Makes keys of `log_keys` not ok whose other columns differ. @returns how many such rows there are */
export async function compareUnlogged(subject: Subject, log: ChangeLog): Promise<number> {
  const { lane, reader, table, plan } = subject;
  const { unlogged } = await lane.row<{ unlogged: bigint }>(
    "SELECT count(*) FILTER (hole) AS unlogged FROM log_keys",
  );
  if (unlogged === 0n) return 0;
  const columns = plan.log?.columns ?? [];
  await lane.run(
    `CREATE OR REPLACE TABLE wanted AS
       SELECT k, arg_max(file, place) AS file, arg_max(row, place) AS row FROM live
        WHERE op <> 'd' AND k IN (SELECT k FROM log_keys WHERE hole ORDER BY k LIMIT ${MOST_UNLOGGED}) GROUP BY k;
     CREATE OR REPLACE TABLE log_columns (k UUID, i INTEGER, h BIGINT);
     CREATE OR REPLACE TABLE source_columns (k VARCHAR, i INTEGER, h BIGINT)`,
  );
  const hashes = columns.map(
    (_, index) =>
      `CASE WHEN a${index} IS DISTINCT FROM ${literal(log.placeholder)} THEN ${hashLake(rowText([`a${index}`], "strlen"))} END`,
  );
  await log.texts(columns, await filesOf(lane), async (relation) => {
    await lane.run(
      `INSERT INTO log_columns
         SELECT w.k, unnest(range(${columns.length})), unnest([${hashes.join(", ")}])
           FROM (${relation}) AS t JOIN wanted w ON w.file = t.file AND w.row = t.row`,
    );
  });
  const keys = (await lane.rows<{ k: string }>("SELECT k::VARCHAR AS k FROM wanted")).map(({ k }) => k);
  await lane.append("source_columns", async (appender) => {
    for await (const { key, hashes } of reader.columnHashes(table, plan, columns, keys)) {
      for (const [index, hash] of hashes.entries()) {
        appender.appendVarchar(key);
        appender.appendInteger(index);
        appender.appendBigInt(hash);
        appender.endRow();
      }
    }
  });
  await lane.run(
    `UPDATE log_keys SET ok = false WHERE k IN (
       SELECT l.k FROM log_columns l JOIN source_columns s ON s.k::UUID = l.k AND s.i = l.i WHERE l.h <> s.h)`,
  );
  return Number(unlogged);
}
