/** From ranges that differ to keys, and for some of them to what is wrong with them. */

import { type Lane, literal } from "../../../readers/workspace";
import type { CapturedTable } from "../../../stack/platform";
import type { ChangeLog } from "../lake/change-log";
import type { CurrentState } from "../lake/current-state";
import { eventTexts, messageSource } from "../lake/event-sql";
import type { Differences, KeyDifference } from "../result";
import type { SideName, SourceReader } from "../source/snapshot";
import { rangeLake } from "../values/row-text";
import { eventFindings, type Finding, type KeyEvent, lastRow, type RowTexts, rowFindings } from "./history";
import type { Plan, SideColumn } from "./plan";

export interface DifferingKey {
  readonly k: string;
  readonly source: bigint;
  readonly lake: bigint;
  /** What the lake should have comes from a later change. */
  readonly later: boolean;
}

/** What differences are looked for in. */
export interface Subject {
  readonly lane: Lane;
  readonly reader: SourceReader;
  readonly table: CapturedTable;
  readonly plan: Plan;
  readonly bits: number;
}

/** Makes the table `differences` of one side: k, source, lake (how often the key is there), later. */
export async function findDifferences(
  subject: Subject,
  side: SideName,
  ranges: readonly number[],
): Promise<void> {
  const { lane, bits } = subject;
  await lane.run("CREATE OR REPLACE TABLE differences (k UUID, source BIGINT, lake BIGINT, later BOOLEAN)");
  if (ranges.length > 0) {
    await loadSourceKeys(subject, side, ranges);
    await lane.run(
      `INSERT INTO differences
         SELECT coalesce(l.k, s.k), coalesce(s.n, 0), coalesce(l.n, 0), false
           FROM (SELECT * FROM ${side}_keys WHERE ${rangeLake("k", bits)} IN (${ranges.join(",")})) AS l
           FULL JOIN (SELECT k::UUID AS k, count(*) AS n, sum(h)::HUGEINT AS h FROM source_keys GROUP BY 1) AS s ON s.k = l.k
          WHERE coalesce(s.n, 0) <> coalesce(l.n, 0) OR NOT coalesce(l.ok, true)
             OR (coalesce(s.h, 0) <> coalesce(l.h, 0) AND NOT coalesce(l.hole, false))`,
    );
  }
  if (side === "state") {
    await lane.run(
      `INSERT INTO differences
         SELECT e.k, e.present::BIGINT, coalesce(s.n, 0), true
           FROM later_keys e LEFT JOIN later_state s ON s.k = e.k
          WHERE NOT e.skip AND (e.present::BIGINT <> coalesce(s.n, 0) OR NOT coalesce(s.ok, true)
                                OR (e.present AND e.h <> coalesce(s.h, 0)))`,
    );
  }
}

async function loadSourceKeys(
  { lane, reader, table, plan, bits }: Subject,
  side: SideName,
  ranges: readonly number[],
): Promise<void> {
  await lane.run("CREATE OR REPLACE TABLE source_keys (k VARCHAR, h BIGINT)");
  await lane.append("source_keys", async (appender) => {
    for await (const block of reader.keys(table, plan, side, bits, ranges)) {
      for (const { key, hash } of block) {
        appender.appendVarchar(key);
        appender.appendBigInt(hash);
        appender.endRow();
      }
    }
  });
  if (side === "state") {
    await lane.run("DELETE FROM source_keys WHERE k::UUID IN (SELECT k FROM later_keys)");
  }
}

/** @param explain what is wrong with these keys */
export async function listDifferences(
  { lane }: Subject,
  limit: number,
  explain: (keys: readonly DifferingKey[]) => Promise<KeyDifference[]>,
): Promise<Differences | undefined> {
  const totals = await lane.row<Record<"missing" | "extra" | "different", bigint>>(
    `SELECT count(*) FILTER (source > 0 AND lake <= 0) AS missing, count(*) FILTER (source = 0 AND lake > 0) AS extra,
            count(*) FILTER (NOT (source > 0 AND lake <= 0) AND NOT (source = 0 AND lake > 0)) AS different FROM differences`,
  );
  const [missing, extra, different] = [totals.missing, totals.extra, totals.different].map(Number);
  if (!missing && !extra && !different) return undefined;
  const keys = await lane.rows<DifferingKey>(
    `SELECT k::VARCHAR AS k, source, lake, later FROM differences ORDER BY k LIMIT ${limit}`,
  );
  return { missing: missing ?? 0, extra: extra ?? 0, different: different ?? 0, listed: await explain(keys) };
}

/** Of the current state: its rows next to the source's, or next to what later changes made of them. */
export async function explainState(
  subject: Subject,
  state: CurrentState,
  unlogged: readonly string[],
  keys: readonly DifferingKey[],
): Promise<KeyDifference[]> {
  const { lane, plan } = subject;
  const columns = plan.state?.columns ?? [];
  const expected = await sourceRows(subject, keys);
  await addLaterRows(lane, columns, unlogged, keys, expected);
  await lane.run(
    `CREATE OR REPLACE TABLE wanted AS SELECT k, file, row FROM state_rows WHERE k IN (${literals(keys)})`,
  );
  const found = new Map<string, { texts: RowTexts; deleted: boolean }[]>();
  await state.eachTexts(await filesOf(lane), async (relation) => {
    const rows = await lane.rows(
      `SELECT t.*, w.k::VARCHAR AS k FROM (${relation}) AS t JOIN wanted w ON w.file = t.file AND w.row = t.row`,
    );
    for (const row of rows) {
      const one = { texts: textsOf(row, columns, "c"), deleted: row.deleted === true };
      found.set(row.k, [...(found.get(row.k) ?? []), one]);
    }
  });
  return keys.map(({ k, source }): KeyDifference => {
    const here = expected.get(k);
    const rows = found.get(k) ?? [];
    const live = rows.filter(({ deleted }) => !deleted);
    const there = live[0]?.texts;
    const findings: Finding[] = rowFindings(there, here);
    if (there === undefined && rows.length > 0 && here !== undefined) {
      findings.splice(0, 1, { kind: "flagged as deleted" });
    }
    if (rows.length > 1) findings.push({ kind: "doubled row", side: "lake", times: rows.length });
    if (source > 1n) findings.push({ kind: "doubled row", side: "source", times: Number(source) });
    return {
      key: keyOf(plan, here ?? rows[0]?.texts),
      findings: findings.length > 0 ? findings : [{ kind: "unexplained" }],
      source: here,
      lake: there,
    };
  });
}

/** Of the change log: the events of a key in order. */
export async function explainLog(
  subject: Subject,
  log: ChangeLog,
  late: ReadonlySet<string>,
  keys: readonly DifferingKey[],
): Promise<KeyDifference[]> {
  const { plan } = subject;
  const rows = await sourceRows(subject, keys);
  const events = await eventsOf(subject, log, keys);
  return keys.map(({ k, source, lake }): KeyDifference => {
    const row = rows.get(k);
    const history = events.get(k) ?? [];
    const any = history.map((event) => (event.op === "d" ? event.before : event.after))[0];
    if (plan.key.length === 0) {
      const sample = row ?? any;
      return {
        key: sample ?? {},
        findings: [{ kind: source > lake ? "missing" : source < lake ? "extra" : "unexplained" }],
        source: row,
        lake: sample,
        times: { source: Number(source), lake: Number(lake) },
      };
    }
    const last = lastRow(history.filter(({ isVoid }) => !isVoid));
    // What PostgreSQL did not log the last time is no difference.
    const logged = row && Object.entries(row).filter(([column]) => last?.[column] !== log.placeholder);
    return {
      key: keyOf(plan, row ?? any),
      findings: eventFindings(history, logged && Object.fromEntries(logged), late),
      source: row,
      lake: last,
    };
  });
}

async function eventsOf(
  { lane, plan }: Subject,
  log: ChangeLog,
  keys: readonly DifferingKey[],
): Promise<Map<string, KeyEvent[]>> {
  const byKey = new Map<string, KeyEvent[]>();
  const columns = plan.log?.columns ?? [];
  const isWanted = (k: string) => `${k} IN (${literals(keys)})`;
  await lane.run(
    `CREATE OR REPLACE TABLE wanted AS
       SELECT k, file, row, op, partial, part, pos, ts, false AS moved FROM events WHERE NOT bad AND ${isWanted("k")}
       UNION ALL SELECT moved, file, row, 'd', partial, part, pos, ts, true FROM events WHERE NOT bad AND ${isWanted("moved")}`,
  );
  const found: { k: string; order: bigint; event: KeyEvent }[] = [];
  await log.texts(columns, await filesOf(lane), async (relation) => {
    const rows = await lane.rows(
      `SELECT t.* EXCLUDE (op, part, pos, ts), w.k::VARCHAR AS k, w.op, w.partial, w.part, w.pos, w.ts, l.pos IS NULL AS void,
              l.pos < r.until AS pardoned
         FROM (${relation}) AS t JOIN wanted w ON w.file = t.file AND w.row = t.row
         LEFT JOIN (SELECT DISTINCT part, pos FROM live) AS l ON l.part = w.part AND l.pos = w.pos
         LEFT JOIN (SELECT part, max(pos) FILTER (op = 'r') AS until FROM live GROUP BY part) AS r ON r.part = w.part`,
    );
    for (const row of rows) {
      const { op, ts, partial } = row;
      const event: KeyEvent = {
        op,
        ts,
        place: `${row.part}/${row.pos}`,
        partial,
        isVoid: row.void,
        pardoned: row.pardoned === true,
        before: textsOf(row, columns, "b"),
        after: textsOf(row, columns, "a"),
      };
      found.push({ k: row.k, order: row.pos, event });
    }
  });
  const several = new Set(found.map(({ event }) => event.place.split("/")[0])).size > 1;
  found.sort((a, b) => (several ? Number(a.event.ts - b.event.ts) : 0) || Number(a.order - b.order));
  for (const { k, event } of found) byKey.set(k, [...(byKey.get(k) ?? []), event]);
  return byKey;
}

/** Rows of later changes take the place of the source's; values that were not logged stay as the source has them. */
async function addLaterRows(
  lane: Lane,
  columns: readonly SideColumn[],
  unlogged: readonly string[],
  keys: readonly DifferingKey[],
  rows: Map<string, RowTexts>,
): Promise<void> {
  const later = keys.filter((key) => key.later);
  if (later.length === 0) return;
  for (const { k, source } of later) if (source === 0n) rows.delete(k);
  const found = await lane.rows(
    `SELECT t.*, h.k::VARCHAR AS k FROM (${eventTexts(messageSource("later_messages", unlogged), columns)}) AS t
       JOIN later_events e ON e.part = t.part AND e.pos = t.pos JOIN later_halves h ON h.k = e.k AND h.present
      WHERE h.k IN (${literals(later)}) ORDER BY h.place`,
  );
  for (const row of found) {
    const texts = textsOf(row, columns, "a");
    const before = rows.get(row.k) ?? {};
    const known = Object.entries(texts).map(([name, text]) => [
      name,
      text === "\u0000" ? (before[name] ?? null) : text,
    ]);
    rows.set(row.k, Object.fromEntries(known));
  }
}

async function sourceRows(
  { reader, table, plan }: Subject,
  keys: readonly DifferingKey[],
): Promise<Map<string, RowTexts>> {
  const rows = await reader.rows(
    table,
    plan,
    keys.map(({ k }) => k),
  );
  return new Map(rows.map(({ key, texts }) => [key, texts]));
}

/** Files of the table `wanted`. */
export async function filesOf(lane: Lane): Promise<Set<number>> {
  const files = await lane.rows<{ file: number }>("SELECT DISTINCT file FROM wanted");
  return new Set(files.map(({ file }) => Number(file)));
}

function textsOf(
  row: Readonly<Record<string, string | null>>,
  columns: readonly SideColumn[],
  letter: string,
): RowTexts {
  return Object.fromEntries(columns.map(({ name }, index) => [name, row[`${letter}${index}`] ?? null]));
}

function keyOf({ key }: Plan, row: RowTexts | undefined): RowTexts {
  return Object.fromEntries(key.map((column) => [column, row?.[column] ?? null]));
}

function literals(keys: readonly DifferingKey[]): string {
  return keys.map(({ k }) => `${literal(k)}::UUID`).join(", ");
}
