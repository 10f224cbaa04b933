/**
 * Changes that are in the lake but not in the source's snapshot: they were made after it, or by transactions that it did
 * not see yet. They are read from Kafka, where each message says its transaction. The change log is compared without them.
 * The current state has them already: what it should have for their keys is the source's row with them on top.
 */

import { createHash } from "node:crypto";
import type { Offsets, Topics } from "../../../readers/kafka/topics";
import type { Lane } from "../../../readers/workspace";
import type { CapturedTable } from "../../../stack/platform";
import { EVENT_COLUMNS, eventRows, eventTexts, messageSource } from "../lake/event-sql";
import type { SourceReader } from "../source/snapshot";
import type { Visibility } from "../source/visibility";
import { LONGEST_TEXT } from "../values/row-text";
import type { RowTexts } from "./history";
import { keysOutside } from "./key-range";
import type { Plan } from "./plan";

/**
 * PostgreSQL writes a commit to its log a moment before others see it. A change may therefore be in Kafka before a
 * snapshot that does not see it; so far back, in messages, it is looked for.
 */
const MARGIN = 1_000n;
/** Rows with a value that PostgreSQL did not log are played one by one, so many at most. */
const MOST_PLAYED = 2_000;
const UNLOGGED = "\u0000";

interface Envelope {
  readonly payload?: {
    readonly op?: string;
    readonly source?: { readonly txId?: number; readonly schema?: string; readonly table?: string };
    readonly resnapshot?: unknown;
  };
}

export interface LaterChanges {
  readonly changes: number;
  /** The table is being read again. */
  readonly resnapshot: boolean;
}

/**
 * Puts the table's changes that the snapshot does not see into `later_messages`, and rows that a snapshot of Debezium's read
 * after it.
 *
 * @param from ends of the topics, noted before the snapshot was taken; begins: where they begin
 * @param to what the lake holds
 */
export async function collectLaterChanges(
  lane: Lane,
  topics: Topics,
  table: CapturedTable,
  visibility: Visibility,
  { from, begins }: { readonly from: Offsets; readonly begins: Offsets },
  to: ReadonlyMap<number, bigint>,
): Promise<LaterChanges> {
  await lane.run("CREATE OR REPLACE TABLE later_messages (part INTEGER, pos BIGINT, payload VARCHAR)");
  let changes = 0;
  let resnapshot = false;
  await lane.append("later_messages", async (appender) => {
    for (const [partition, end] of to) {
      const noted = from.get(table.topic)?.get(partition) ?? 0n;
      const begin = begins.get(table.topic)?.get(partition) ?? 0n;
      const start = noted - MARGIN > begin ? noted - MARGIN : begin;
      if (start >= end) continue;
      await topics.read(table.topic, partition, start, end, async (value, offset) => {
        if (!value) return;
        const { payload } = JSON.parse(value.toString("utf8")) as Envelope;
        const { op, source } = payload ?? {};
        if (!op || source?.schema !== table.schema || source.table !== table.table) return;
        if (payload?.resnapshot) resnapshot ||= offset >= noted;
        const hasTransaction = source.txId !== undefined && source.txId !== null && op !== "r";
        if (hasTransaction ? visibility.sees(BigInt(source.txId ?? 0)) : offset < noted) return;
        appender.appendInteger(partition);
        appender.appendBigInt(offset);
        // The text as it came: JavaScript's numbers would round a bigint.
        appender.appendVarchar(value.toString("utf8"));
        appender.endRow();
        changes++;
      });
    }
  });
  if (changes > 0) {
    await lane.run(
      "UPDATE later_messages SET payload = json_extract(payload, '/payload')::VARCHAR WHERE json_exists(payload, '/payload')",
    );
  }
  return { changes, resnapshot };
}

export async function removeLaterEvents(lane: Lane): Promise<void> {
  await lane.run("DELETE FROM events WHERE (part, pos) IN (SELECT part, pos FROM later_messages)");
}

/**
 * Makes `later_keys`: what the current state should have for the keys of later changes. `h` is the row's hash; `skip` says that
 * it is not known this time. Of the plan's range only.
 *
 * @param unlogged JSON texts that stand for a value that PostgreSQL did not log
 * @returns whether a TRUNCATE is among them, which leaves nothing of the source's rows
 */
export async function makeLaterKeys(
  lane: Lane,
  plan: Plan,
  unlogged: readonly string[],
  reader: SourceReader,
  table: CapturedTable,
): Promise<boolean> {
  const columns = plan.state?.columns ?? [];
  const source = messageSource("later_messages", unlogged);
  await lane.run(`CREATE OR REPLACE TABLE later_events (${EVENT_COLUMNS})`);
  await lane.run(
    `INSERT INTO later_events ${eventRows(source, { columns, key: plan.key, fullImages: plan.shape.fullImages })}`,
  );
  const place = "coalesce(lsn, 0)::HUGEINT * 4611686018427387904 + pos";
  const { truncated } = await lane.row<{ truncated: bigint | null }>(
    `SELECT max(${place}) AS truncated FROM later_events WHERE op = 't' AND NOT own`,
  );
  await lane.run(
    `CREATE OR REPLACE TABLE later_halves AS
       SELECT * FROM (
         SELECT k, ${place} AS place, lsn, op <> 'd' AS present, ha, hole, op FROM later_events WHERE NOT bad AND op <> 't'
         UNION ALL
         SELECT moved, ${place}, lsn, false, NULL, false, 'd' FROM later_events WHERE moved IS NOT NULL AND NOT bad)
        WHERE ${truncated === null ? "true" : `place > ${truncated}`}`,
  );
  await lane.run(
    `CREATE OR REPLACE TABLE later_keys AS
       SELECT k, arg_max(present, place) AS present, arg_max(coalesce(ha, 0), place) AS h,
              arg_max(hole, place) AND arg_max(present, place) AS hole, bool_or(op = 'r') AS skip
         FROM later_halves GROUP BY k`,
  );
  if (truncated !== null) {
    await lane.run(
      "INSERT INTO later_keys SELECT k, false, 0, false, false FROM state_keys ANTI JOIN later_keys USING (k)",
    );
  }
  await fillHoles(lane, plan, unlogged, reader, table, truncated);
  if (plan.range) {
    const indexes = plan.key.map((name) => columns.findIndex((column) => column.name === name));
    const outside = keysOutside(plan.range, indexes, eventTexts(source, columns));
    await lane.run(`DELETE FROM later_keys WHERE k IN (${outside})`);
  }
  return truncated !== null;
}

/** Values that PostgreSQL did not log are those of the row before: of an earlier later change, or of the source's row. */
async function fillHoles(
  lane: Lane,
  plan: Plan,
  unlogged: readonly string[],
  reader: SourceReader,
  table: CapturedTable,
  truncated: bigint | null,
): Promise<void> {
  const { holes } = await lane.row<{ holes: bigint }>(
    "SELECT count(*) AS holes FROM later_keys WHERE hole AND NOT skip",
  );
  if (holes === 0n) return;
  await lane.run(
    `CREATE OR REPLACE TABLE played AS SELECT k FROM later_keys WHERE hole AND NOT skip LIMIT ${MOST_PLAYED}`,
  );
  await lane.run(
    "UPDATE later_keys SET skip = true WHERE hole AND NOT skip AND k NOT IN (SELECT k FROM played)",
  );
  // A row whose key changed took the values of its old key along; that may have happened more than once.
  for (let size = 0n; ; ) {
    await lane.run(
      `INSERT INTO played SELECT DISTINCT d.k FROM later_halves d
         SEMI JOIN (SELECT h.lsn FROM later_halves h SEMI JOIN played USING (k) WHERE h.present) AS made ON made.lsn = d.lsn
        WHERE NOT d.present AND d.k NOT IN (SELECT k FROM played)`,
    );
    const { played } = await lane.row<{ played: bigint }>("SELECT count(*) AS played FROM played");
    if (played === size) break;
    size = played;
  }
  const columns = plan.state?.columns ?? [];
  const names = columns.map(({ name }) => name);
  const keys = (await lane.rows<{ k: string }>("SELECT k::VARCHAR AS k FROM played")).map(({ k }) => k);
  const rows = new Map<string, RowTexts>();
  if (truncated === null) {
    for (const { key, texts } of await reader.rows(table, plan, keys)) rows.set(key, texts);
  }
  const source = messageSource("later_messages", unlogged);
  const steps = await lane.rows(
    `SELECT h.k::VARCHAR AS k, h.lsn, h.present, t.* FROM later_halves h SEMI JOIN played USING (k)
       LEFT JOIN (SELECT * EXCLUDE (lsn) FROM (${eventTexts(source, columns)}) AS texts) AS t
              ON coalesce(h.lsn, 0)::HUGEINT * 4611686018427387904 + t.pos = h.place
      ORDER BY h.place, h.present`,
  );
  let moved: { lsn: bigint | null; row: RowTexts | undefined } = { lsn: null, row: undefined };
  for (const step of steps) {
    if (!step.present) {
      moved = { lsn: step.lsn, row: rows.get(step.k) };
      rows.delete(step.k);
      continue;
    }
    const before = rows.get(step.k) ?? (moved.lsn === step.lsn ? moved.row : undefined);
    rows.set(
      step.k,
      Object.fromEntries(
        names.map((name, index) => {
          const text = step[`a${index}`] as string | null;
          return [name, text === UNLOGGED ? (before?.[name] ?? UNLOGGED) : text];
        }),
      ),
    );
  }
  const known = [...rows].filter(([, row]) => names.every((name) => row[name] !== UNLOGGED));
  await lane.run("CREATE OR REPLACE TABLE filled (k VARCHAR, h BIGINT)");
  await lane.append("filled", (appender) => {
    for (const [key, row] of known) {
      appender.appendVarchar(key);
      appender.appendBigInt(hashOf(names.map((name) => row[name] ?? null)));
      appender.endRow();
    }
  });
  await lane.run(
    "UPDATE later_keys SET h = f.h, hole = false FROM filled f WHERE f.k::UUID = later_keys.k AND hole",
  );
  await lane.run("UPDATE later_keys SET skip = true WHERE hole");
}

/** As `hashLake(rowText(…))` makes it. */
function hashOf(texts: readonly (string | null)[]): bigint {
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  const parts = texts.map((text) => {
    if (text === null) return "N";
    const length = Buffer.byteLength(text);
    return `${length}:${length > LONGEST_TEXT ? md5(text) : text}`;
  });
  return BigInt(`0x${md5(parts.join("")).slice(0, 15)}`);
}
