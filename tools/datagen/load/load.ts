/** Writes the rows of a source into the table, batch by batch. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { UserError } from "../../../stack/console";
import { explainWriteError } from "../connection";
import { counted, duration, Progress, quantity } from "../progress";
import { Random } from "../random";
import type { DatagenRequest, LoadRequest } from "../request";
import { csvFile } from "../sources/csv";
import { generatedCustomers } from "../sources/generated";
import { parquetFile } from "../sources/parquet";
import type { Source, Survey } from "../sources/source";
import { checkIdentifier, quoted, shown, type TableName } from "../table-name";
import { badRowsFor } from "./bad-rows";
import { encodedRows, inBatches } from "./batches";
import { writeBatch } from "./copy";
import { CopyText } from "./copy-text";
import { checkColumnsMatch, checkPrimaryKey, parsePrimaryKey } from "./matching";
import { createTable, describeTable, type Table } from "./table";

export interface LoadResult {
  interrupted: boolean;
}

/** Throws a UserError that says how many rows are in the table when something stops it. */
export async function load(
  client: Client,
  name: TableName,
  request: DatagenRequest & { load: LoadRequest },
  signal: AbortSignal,
): Promise<LoadResult> {
  const { load: wanted, seed } = request;
  const source = await openSource(wanted, seed);
  const primaryKey = parsePrimaryKey(request.primaryKey, source.columns, source.title);
  const badRows = badRowsFor(source, wanted.badRowsFile);
  const existing = await describeTable(client, name);
  if (existing) {
    checkColumnsMatch(source.title, source.columns, existing);
    checkPrimaryKey(primaryKey, existing);
  }
  const survey = await surveyIfNeeded(source, existing, wanted, signal);
  if (signal.aborted) {
    console.log("Interrupted: nothing was written.");
    return { interrupted: true };
  }
  const table = existing ?? (await makeTable(client, name, source, survey as Survey, primaryKey));

  const columns = source.columns.map((columnName) => ({
    name: columnName,
    type: table.columns.find((column) => column.name === columnName)?.type ?? "text",
  }));
  const rowsOnce = survey ? Math.min(survey.rows, wanted.rowLimit ?? survey.rows) : wanted.rowLimit;
  const total = rowsOnce === undefined ? undefined : rowsOnce * wanted.repeat;
  const rows = encodedRows(source, new CopyText(columns), badRows, {
    rowLimit: wanted.rowLimit,
    repeat: wanted.repeat,
    shuffle: wanted.shuffle ? new Random(seed, "shuffle") : undefined,
  });

  // From the first batch on: what a shuffled or a Parquet source reads before that is not writing.
  let progress: Progress | undefined;
  let written = 0;
  let batches = 0;
  const soFar = () => `${counted(written, "row", "rows")} in ${counted(batches, "batch", "batches")}`;
  try {
    for await (const batch of inBatches(rows, wanted.batchSize)) {
      if (signal.aborted) break;
      progress ??= new Progress(shown(name), "rows", total);
      written += await writeBatch(client, name, source.columns, batch, badRows);
      batches++;
      progress.update(written);
      if (wanted.pause > 0 && written !== total) await pause(wanted.pause, signal);
      if (signal.aborted) break;
    }
  } catch (error) {
    progress?.stop();
    const explained = explainWriteError(error, quoted(name));
    if (!(explained instanceof UserError)) {
      console.error(`Committed before the error: ${soFar()}.`);
      throw explained;
    }
    throw new UserError(`${explained.message} Committed before that: ${soFar()}.`, explained.fix);
  } finally {
    progress?.stop();
    badRows.close();
  }

  const seconds = progress?.seconds ?? 0;
  const aside =
    badRows.count > 0
      ? `; ${counted(badRows.count, "bad row", "bad rows")} put aside into ${wanted.badRowsFile}`
      : "";
  const rate = `${duration(seconds)}, ${quantity(seconds > 0 ? written / seconds : 0)} rows/s`;
  const interrupted = signal.aborted && written !== total;
  console.log(
    interrupted
      ? `Interrupted: ${soFar()} are in ${shown(name)}, whole batches only${aside}.`
      : `${shown(name)}: ${soFar()} from ${source.title} (${rate})${aside}.`,
  );
  return { interrupted };
}

async function openSource(wanted: LoadRequest, seed: number): Promise<Source> {
  if (wanted.input === undefined) return generatedCustomers(seed, wanted.rowLimit ?? 0, wanted.firstId);
  return wanted.format === "parquet" ? parquetFile(wanted.input) : csvFile(wanted.input, wanted.separator);
}

/** Types for a table that is not there yet, the number of rows for the remaining time. */
async function surveyIfNeeded(
  source: Source,
  existing: Table | undefined,
  { rowLimit }: LoadRequest,
  signal: AbortSignal,
): Promise<Survey | undefined> {
  if (existing && rowLimit !== undefined) return undefined;
  try {
    return await source.survey(signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function makeTable(
  client: Client,
  name: TableName,
  source: Source,
  survey: Survey,
  primaryKey: string[],
): Promise<Table> {
  for (const column of survey.columns) checkIdentifier(column.name);
  await createTable(client, name, survey.columns, primaryKey).catch((error) => {
    throw explainWriteError(error, quoted(name));
  });
  const integers = survey.columns.filter((column) => column.type === "bigint").map((column) => column.name);
  console.log(
    `Made the table ${shown(name)}: ${survey.columns.length} columns, ${
      integers.length > 0 ? `bigint for ${integers.join(", ")}, text for the rest` : "all text"
    }${primaryKey.length > 0 ? `; primary key ${primaryKey.join(", ")}` : ""}.`,
  );
  for (const { name: columnName, exceptions } of survey.columns) {
    if (!exceptions) continue;
    console.log(
      `Column ${columnName} is text because ${quantity(exceptions.count)} of ${quantity(exceptions.of)} values are no integers; ` +
        `the first is ${JSON.stringify(exceptions.firstValue.slice(0, 60))}, ${await source.locate(exceptions.firstPlace)}.`,
    );
  }
  return (await describeTable(client, name)) as Table;
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
}
