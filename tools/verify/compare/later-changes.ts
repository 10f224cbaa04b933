/**
 * Changes that are in the lake but not in the source's snapshot: they were made after it, or by transactions that it did
 * not see yet. They are read from Kafka, where each message says its transaction, and taken out of the lake's events.
 */
import type { Offsets, Topics } from "../kafka/topics";
import { EVENT_COLUMNS, eventRows, messageSource } from "../lake/event-sql";
import type { CapturedTable } from "../platform";
import type { TableShape } from "../source/table-shape";
import type { Visibility } from "../source/visibility";
import type { Workspace } from "../workspace";

/**
 * PostgreSQL writes a commit to its log a moment before others see it. A change may therefore be in Kafka before a
 * snapshot that does not see it; so far back, in messages, it is looked for.
 */
const MARGIN = 1_000n;

interface Envelope {
  readonly payload?: {
    readonly op?: string;
    readonly source?: { readonly txId?: number; readonly schema?: string; readonly table?: string };
  };
}

/**
 * Puts the table's changes that the snapshot does not see into the workspace's table `later_messages`.
 *
 * @param from ends of the topics, noted before the snapshot was taken
 * @param to what the lake holds
 * @returns how many there are
 */
export async function collectLaterChanges(
  workspace: Workspace,
  topics: Topics,
  table: CapturedTable,
  visibility: Visibility,
  from: Offsets,
  to: Offsets,
): Promise<number> {
  await workspace.run("CREATE OR REPLACE TABLE later_messages (number BIGINT, payload VARCHAR)");
  let count = 0;
  await workspace.append("later_messages", async (appender) => {
    for (const [partition, end] of to.get(table.topic) ?? []) {
      const noted = from.get(table.topic)?.get(partition) ?? 0n;
      const start = noted > MARGIN ? noted - MARGIN : 0n;
      if (start >= end) continue;
      await topics.read(table.topic, partition, start, end, async (value) => {
        if (!value) return;
        const { payload } = JSON.parse(value.toString("utf8")) as Envelope;
        const { op, source } = payload ?? {};
        if (!op || op === "r" || source?.txId === undefined || source.txId === null) return;
        if (source.schema !== table.schema || source.table !== table.table) return;
        if (visibility.sees(BigInt(source.txId))) return;
        appender.appendBigInt(BigInt(count++));
        // The text as it came: JavaScript's numbers would round a bigint.
        appender.appendVarchar(value.toString("utf8"));
        appender.endRow();
      });
    }
  });
  await workspace.run(
    "UPDATE later_messages SET payload = json_extract(payload, '/payload')::VARCHAR WHERE json_exists(payload, '/payload')",
  );
  return count;
}

/** Takes the changes of `later_messages` out of `events`, each once. One that is not there need not be taken out. */
export async function removeLaterChanges(
  workspace: Workspace,
  shape: TableShape,
  placeholder: string,
): Promise<void> {
  const same = ["k", "op", "ts", "ha", "hb"];
  await workspace.run(`CREATE OR REPLACE TABLE later_events (${EVENT_COLUMNS})`);
  await workspace.run(
    `INSERT INTO later_events ${eventRows(messageSource("later_messages"), shape, placeholder)}`,
  );
  await workspace.run(
    `DELETE FROM events WHERE rowid IN (
       SELECT e.id FROM (
         SELECT rowid AS id, ${same.join(", ")}, row_number() OVER (PARTITION BY ${same.join(", ")} ORDER BY file, row) AS place
           FROM events WHERE k IN (SELECT k FROM later_events)
       ) AS e
       JOIN (SELECT ${same.join(", ")}, count(*) AS wanted FROM later_events GROUP BY ALL) AS l
         ON ${same.map((column) => `e.${column} IS NOT DISTINCT FROM l.${column}`).join(" AND ")}
      WHERE e.place <= l.wanted)`,
  );
}
