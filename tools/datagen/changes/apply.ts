/** Applies random changes to a table at a steady rate. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { UserError } from "../../../stack/console";
import { explainWriteError } from "../connection";
import { duration, Progress, quantity } from "../progress";
import { Random } from "../random";
import type { ChangesRequest, DatagenRequest } from "../request";
import { quoted, shown, type TableName } from "../table-name";
import { readChangeableTable } from "./changeable-table";
import { due, waitForNext } from "./pace";
import { type Change, planChanges } from "./plan";
import { statementsFor } from "./statements";

/** Changes in one transaction at most, when the rate or the database calls for large ones. */
const largestBatch = 1000;

/** Throws a UserError that says how many changes were applied when something stops it. */
export async function applyChanges(
  client: Client,
  name: TableName,
  request: DatagenRequest & { changes: ChangesRequest },
  signal: AbortSignal,
): Promise<{ interrupted: boolean }> {
  const { count, rate, mix } = request.changes;
  const table = await readChangeableTable(client, name, request.primaryKey, mix).catch((error) => {
    throw explainWriteError(error, quoted(name));
  });
  const { columns, keyColumn } = table;
  const plan = planChanges(table, mix, new Random(request.seed, "changes"));

  const progress = new Progress(shown(name), "changes", count);
  const applied = { insert: 0, update: 0, delete: 0 };
  let done = 0;
  let untouched = 0;
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const soFar = () =>
    `${quantity(applied.insert)} inserts, ${quantity(applied.update)} updates, ${quantity(applied.delete)} deletes`;
  try {
    while (done < count && !signal.aborted) {
      const size = Math.min(due(elapsed(), rate, count) - done, largestBatch);
      if (size <= 0) {
        await sleep(waitForNext(elapsed(), done, rate), undefined, { signal }).catch(() => {});
        continue;
      }
      const changes = Array.from({ length: size }, () => plan.next().value);
      const statements = statementsFor(changes, name, columns, keyColumn);
      const touched = await inTransaction(client, statements);
      untouched += statements.reduce((sum, { rows }) => sum + rows, 0) - touched;
      for (const { kind } of changes as Change[]) applied[kind]++;
      done += size;
      progress.update(done);
    }
  } catch (error) {
    progress.stop();
    const explained = explainWriteError(error, quoted(name));
    if (!(explained instanceof UserError)) {
      console.error(`Committed before the error: ${soFar()}.`);
      throw explained;
    }
    throw new UserError(`${explained.message} Committed before that: ${soFar()}.`, explained.fix);
  } finally {
    progress.stop();
  }

  const seconds = elapsed() / 1000;
  const interrupted = done < count;
  const asked = rate === 0 ? "as fast as possible" : `${quantity(rate)} asked`;
  const gone =
    untouched === 0 ? "" : `; ${quantity(untouched)} met no row, because something else changed the table`;
  const verdict = interrupted ? "Interrupted: " : "";
  console.log(
    `${verdict}${shown(name)}: ${quantity(done)} changes (${soFar()}) in ${
      seconds < 60 ? `${seconds.toFixed(2)} s` : duration(seconds)
    }: ${quantity(done / seconds)} per second, ${asked}${gone}.`,
  );
  return { interrupted };
}

/** Returns how many rows the statements touched. */
async function inTransaction(
  client: Client,
  statements: { text: string; values: unknown[] }[],
): Promise<number> {
  let touched = 0;
  const run = async () => {
    for (const { text, values } of statements) touched += (await client.query(text, values)).rowCount ?? 0;
  };
  // A statement by itself is a transaction.
  if (statements.length === 1) {
    await run();
    return touched;
  }
  await client.query("BEGIN");
  try {
    await run();
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
  return touched;
}
