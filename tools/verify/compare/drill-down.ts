/** From ranges that differ to keys, and for some of them to what is wrong with them. */
import type { LakeEvents } from "../lake/events";
import type { CapturedTable } from "../platform";
import type { Snapshot } from "../source/snapshot";
import type { TableShape } from "../source/table-shape";
import { rangeLake } from "../values/row-text";
import { literal, type Workspace } from "../workspace";
import { type Finding, findings, type KeyEvent, lastRow, type RowTexts } from "./history";

export interface KeyDifference {
  /** The key's columns, or all columns of a table without a key. */
  readonly key: RowTexts;
  readonly findings: readonly Finding[];
  /** As PostgreSQL shows it; undefined when there is none. */
  readonly source: RowTexts | undefined;
  /** As the lake's last event has it. */
  readonly lake: RowTexts | undefined;
  /** Only for a table without a key: how often the row is there. */
  readonly times?: { readonly source: number; readonly lake: number };
}

export interface Differences {
  readonly missing: number;
  readonly extra: number;
  /** Keys that are on both sides, with other values or events that do not add up. */
  readonly different: number;
  /** Rows with a value that PostgreSQL did not log; only their presence was compared. */
  readonly unloggedRows: number;
  readonly listed: readonly KeyDifference[];
}

interface DifferingKey {
  readonly k: string;
  readonly source: bigint;
  readonly lake: bigint;
}

export async function drillDown(
  workspace: Workspace,
  snapshot: Snapshot,
  table: CapturedTable,
  shape: TableShape,
  events: LakeEvents | undefined,
  bits: number,
  ranges: readonly number[],
  limit: number,
): Promise<Differences> {
  await loadSourceKeys(workspace, snapshot, table, shape, bits, ranges);
  const wrongCount = shape.key.length > 0 ? "OR l.n NOT IN (0, 1) OR (l.n = 0 AND l.h <> 0)" : "";
  await workspace.run(
    `CREATE OR REPLACE TABLE differences AS
       SELECT coalesce(l.k, s.k) AS k, coalesce(s.n, 0) AS source, coalesce(l.n, 0)::BIGINT AS lake
         FROM (SELECT * FROM lake_keys WHERE ${rangeLake("k", bits)} IN (${ranges.join(",")})) AS l
         FULL JOIN (SELECT k::UUID AS k, count(*) AS n, sum(h)::HUGEINT AS h FROM source_keys GROUP BY 1) AS s ON s.k = l.k
        WHERE coalesce(s.n, 0) <> coalesce(l.n, 0)
           OR (coalesce(s.h, 0) <> coalesce(l.h, 0) AND NOT coalesce(l.hole, false))
           ${wrongCount}`,
  );
  const totals = await workspace.row<Record<"missing" | "extra" | "different", bigint>>(
    `SELECT count(*) FILTER (source > 0 AND lake <= 0) AS missing, count(*) FILTER (source = 0 AND lake > 0) AS extra,
            count(*) FILTER (NOT (source > 0 AND lake <= 0) AND NOT (source = 0 AND lake > 0)) AS different FROM differences`,
  );
  const unlogged = await workspace.row<{ rows: bigint }>(
    "SELECT count(*) AS rows FROM lake_keys WHERE hole AND n > 0",
  );
  const keys = await workspace.rows<DifferingKey>(
    `SELECT k::VARCHAR AS k, source, lake FROM differences ORDER BY k LIMIT ${limit}`,
  );
  return {
    missing: Number(totals.missing),
    extra: Number(totals.extra),
    different: Number(totals.different),
    unloggedRows: Number(unlogged.rows),
    listed: await explain(workspace, snapshot, table, shape, events, keys),
  };
}

async function loadSourceKeys(
  workspace: Workspace,
  snapshot: Snapshot,
  table: CapturedTable,
  shape: TableShape,
  bits: number,
  ranges: readonly number[],
): Promise<void> {
  await workspace.run("CREATE OR REPLACE TABLE source_keys (k VARCHAR, h BIGINT)");
  await workspace.append("source_keys", async (appender) => {
    for await (const block of snapshot.keys(table, shape, bits, ranges)) {
      for (const { key, hash } of block) {
        appender.appendVarchar(key);
        appender.appendBigInt(hash);
        appender.endRow();
      }
    }
  });
}

async function explain(
  workspace: Workspace,
  snapshot: Snapshot,
  table: CapturedTable,
  shape: TableShape,
  events: LakeEvents | undefined,
  keys: readonly DifferingKey[],
): Promise<KeyDifference[]> {
  if (keys.length === 0) return [];
  const rows = await snapshot.rows(
    table,
    shape,
    keys.map(({ k }) => k),
  );
  const inLake = await eventsOf(workspace, shape, events, keys);
  return keys.map(({ k, source, lake }): KeyDifference => {
    const row = rows.find(({ key }) => key === k);
    const history = inLake.get(k) ?? [];
    if (shape.key.length === 0) {
      const sample = row?.texts ?? history.map((event) => (event.op === "d" ? event.before : event.after))[0];
      return {
        key: sample ?? {},
        findings: [{ kind: source > lake ? "missing" : "extra" }],
        source: row?.shown,
        lake: sample,
        times: { source: Number(source), lake: Number(lake) },
      };
    }
    const any =
      row?.shown ?? history.map((event) => (event.op === "d" ? event.before : event.after))[0] ?? {};
    return {
      key: Object.fromEntries(shape.key.map((column) => [column, any[column] ?? null])),
      findings: findings(history, row?.texts),
      source: row?.shown,
      lake: lastRow(history),
    };
  });
}

/** The events of some keys with their values, in order: the files that have them are read once more. */
async function eventsOf(
  workspace: Workspace,
  shape: TableShape,
  events: LakeEvents | undefined,
  keys: readonly DifferingKey[],
): Promise<Map<string, KeyEvent[]>> {
  const byKey = new Map<string, KeyEvent[]>();
  if (!events) return byKey;
  const wanted = keys.map(({ k }) => `${literal(k)}::UUID`).join(", ");
  await workspace.run(
    `CREATE OR REPLACE TABLE wanted AS SELECT k, file, row, bool_or(partial) AS partial
       FROM events WHERE NOT bad AND k IN (${wanted}) GROUP BY k, file, row`,
  );
  const files = await workspace.rows<{ file: number }>("SELECT DISTINCT file FROM wanted");
  const found: { k: string; place: bigint; event: KeyEvent }[] = [];
  const columns = shape.compared.map(({ name }, index) => ({ name, index }));
  await events.texts(new Set(files.map(({ file }) => Number(file))), async (relation) => {
    const rows = await workspace.rows(
      `SELECT t.*, w.k::VARCHAR AS k, w.partial, t.file::BIGINT * 4294967296 + t.row AS place
         FROM (${relation}) AS t JOIN wanted w ON w.file = t.file AND w.row = t.row`,
    );
    for (const row of rows) {
      const side = (letter: string): RowTexts =>
        Object.fromEntries(columns.map(({ name, index }) => [name, row[`${letter}${index}`]]));
      const event = { op: row.op, ts: row.ts, partial: row.partial, before: side("b"), after: side("a") };
      found.push({ k: row.k, place: row.place, event });
    }
  });
  found.sort((a, b) => Number(a.event.ts - b.event.ts) || Number(a.place - b.place));
  for (const { k, event } of found) byKey.set(k, [...(byKey.get(k) ?? []), event]);
  return byKey;
}
