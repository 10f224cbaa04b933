/**
 * What the change log says that each key's row is now, and whether its events follow from each other.
 *
 * The row now is that of the last event. Every event has the row before it and the row after it (REPLICA IDENTITY FULL): the
 * hashes of all rows after minus those of all rows before have to come to the hash of the row now, so a doubled or missing
 * event shows even where a later one hides it. Without the rows before, only inserts and deletes have to take turns.
 *
 * A TRUNCATE, or the begin of reading the table again, voids what was before it; after a snapshot (`r`) only what came after
 * it counts for a key. A change that came while a snapshot went on may stand for the row that the snapshot then left out.
 */
import type { Lane } from "../../../readers/workspace";

export interface EventCounts {
  readonly events: bigint;
  /** Rows of the change log that are no change events. */
  readonly bad: bigint;
  readonly firstBad: string | null;
  /** Updates without the row before them; of a delete, an empty row looks the same as none. */
  readonly partial: bigint;
  /** Newest TRUNCATE, as milliseconds since 1970. */
  readonly truncated: bigint | null;
}

/**
 * A topic that was made anew, as with another Kafka, counts its offsets from 0 again, and its connector begins with a snapshot: that
 * takes the place of all events of the topic before. Of a topic that was not, no offset has two times.
 */
export async function dropEarlierTopics(lane: Lane): Promise<void> {
  await lane.run(
    `CREATE OR REPLACE TABLE anew AS
       SELECT part, arg_min(ts, pos) AS ts
         FROM (SELECT part, pos, max(ts) AS ts FROM events WHERE NOT bad GROUP BY part, pos HAVING count(DISTINCT ts) > 1) AS again
        GROUP BY part;
     DELETE FROM events USING anew WHERE events.part = anew.part AND events.ts < anew.ts`,
  );
}

/** Notes keys with an event that is there more than once; before any is taken out. */
export async function noteDoubled(lane: Lane): Promise<void> {
  await lane.run(
    `CREATE OR REPLACE TABLE doubled AS
       SELECT DISTINCT k FROM events SEMI JOIN
         (SELECT part, pos FROM events WHERE NOT bad GROUP BY part, pos HAVING count(*) > 1) AS twice USING (part, pos)
        WHERE k IS NOT NULL`,
  );
}

export async function countEvents(lane: Lane): Promise<EventCounts> {
  return lane.row<EventCounts>(
    `SELECT count(*) AS events, count(*) FILTER (bad) AS bad, count(*) FILTER (partial AND op = 'u') AS partial,
            min(file::VARCHAR || ':' || row || ':' || coalesce(op, '')) FILTER (bad) AS "firstBad",
            max(ts) FILTER (op = 't') AS truncated
       FROM events`,
  );
}

/**
 * Makes the table `log_keys` out of `events`.
 *
 * @returns how many keys have events that do not follow from each other
 */
export async function makeLogKeys(lane: Lane, hasKey: boolean): Promise<number> {
  await makeHalves(lane);
  if (hasKey) await lane.run(keyed());
  else {
    await lane.run(
      `CREATE OR REPLACE TABLE log_keys AS
         SELECT k, sum(n)::BIGINT AS n, sum(coalesce(ca, 0))::HUGEINT - sum(coalesce(cb, 0))::HUGEINT AS h,
                false AS hole, sum(n) >= 0 AND k NOT IN (SELECT k FROM doubled) AS ok
           FROM halves GROUP BY k`,
    );
  }
  await lane.run(
    `INSERT INTO log_keys SELECT k, 0, 0, false, false FROM doubled ANTI JOIN log_keys USING (k)`,
  );
  const { unsound } = await lane.row<{ unsound: bigint }>(
    "SELECT count(*) FILTER (NOT ok) AS unsound FROM log_keys",
  );
  return Number(unsound);
}

/** `halves`: what an event makes of a key; of an update that changes the key, one for each of the two. */
async function makeHalves(lane: Lane): Promise<void> {
  // Of events in several partitions only the time says which came first.
  const { parts } = await lane.row<{ parts: bigint }>("SELECT count(DISTINCT part) AS parts FROM events");
  const several = parts > 1n;
  const order = several ? `e.ts::HUGEINT * ${2n ** 50n} + e.pos` : "e.pos";
  await lane.run(
    `CREATE OR REPLACE TABLE voids AS
       SELECT p.part, coalesce(max(t.pos), -1) AS pos, any_value(n.lsn) AS lsn, bool_or(n.own) AS own
         FROM (SELECT DISTINCT part FROM events WHERE NOT bad) AS p
         CROSS JOIN (SELECT arg_max(lsn, ts) AS lsn, arg_max(own, ts) AS own FROM events
                      WHERE op = 't' AND NOT bad HAVING count(*) > 0) AS n
         LEFT JOIN events t ON t.part = p.part AND t.op = 't' AND NOT t.bad
        GROUP BY p.part`,
  );
  // Behind the begin of reading again come changes from before it, of which Debezium tells later.
  const isVoid = `e.pos <= v.pos OR (${several ? "true" : "v.own"} AND coalesce(e.lsn < v.lsn, false))`;
  await lane.run(
    `CREATE OR REPLACE TABLE live AS
       SELECT e.*, ${order} AS place FROM events e LEFT JOIN voids v ON v.part = e.part
        WHERE NOT e.bad AND e.op <> 't' AND (v.part IS NULL OR NOT (${isVoid}))`,
  );
  await lane.run(
    `CREATE OR REPLACE VIEW halves AS
       SELECT k, place, part, pos, op, op <> 'd' AS present, ha, ca, CASE WHEN moved IS NULL THEN cb END AS cb,
              partial, hole, CASE WHEN op = 'd' THEN -1 WHEN op = 'u' AND moved IS NULL THEN 0 ELSE 1 END AS n
         FROM live
       UNION ALL
       SELECT moved, place, part, pos, 'd', false, NULL, NULL, cb, partial, false, -1 FROM live WHERE moved IS NOT NULL`,
  );
}

function keyed(): string {
  const endless = 2n ** 62n;
  return `
    CREATE OR REPLACE TABLE log_keys AS
      WITH bases AS (SELECT k, max(place) AS place FROM halves WHERE op = 'r' GROUP BY k),
      reading AS (
        SELECT l.part, CASE WHEN count(*) FILTER (l.op = 'r') > 0 THEN max(l.pos) FILTER (l.op = 'r')
                            WHEN bool_or(v.own) THEN ${endless} ELSE -1 END AS until
          FROM live l LEFT JOIN voids v ON v.part = l.part GROUP BY l.part),
      keys AS (
        SELECT h.k, arg_max(h.present, h.place) AS present, arg_max(coalesce(h.ha, 0), h.place) AS h,
               arg_max(coalesce(h.ca, 0), h.place) AS last, arg_max(h.hole, h.place) AS hole, sum(h.n) AS n,
               sum(coalesce(h.ca, 0))::HUGEINT - sum(coalesce(h.cb, 0))::HUGEINT AS chain, bool_or(h.partial) AS partial,
               arg_min(h.op, h.place) AS first_op, arg_min(h.part, h.place) AS part, arg_min(h.pos, h.place) AS pos,
               arg_min(coalesce(h.cb, 0), h.place) AS first_before
          FROM halves h LEFT JOIN bases b ON b.k = h.k WHERE b.k IS NULL OR h.place >= b.place GROUP BY h.k),
      pardoned AS (
        SELECT keys.*, first_op IN ('u', 'd') AND pos < coalesce(reading.until, -1) AS pardon
          FROM keys LEFT JOIN reading ON reading.part = keys.part)
      SELECT k, present::BIGINT AS n, CASE WHEN present THEN h ELSE 0 END::HUGEINT AS h, hole AND present AS hole,
             n + pardon::INTEGER = present::INTEGER
               AND (partial OR chain + CASE WHEN pardon THEN first_before ELSE 0 END = CASE WHEN present THEN last ELSE 0 END)
               AND k NOT IN (SELECT k FROM doubled) AS ok
        FROM pardoned`;
}
