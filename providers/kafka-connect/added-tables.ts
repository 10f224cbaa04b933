/** Sends the rows that tables had before they were added to a running connector. */
import { setTimeout as pause } from "node:timers/promises";
import type { ConnectApi } from "./api";
import { progressLine, snapshotProgress } from "./captured-tables";
import { replicationOf, type TableName } from "./debezium-postgres";
import { judge } from "./health";
import type { ConnectorInputs, DatabaseAccess } from "./inputs";
import type { Pacing } from "./pacing";
import { NotRunning } from "./running";
import type { Signalling } from "./signalling";

/** Debezium's default of `incremental.snapshot.chunk.size`. */
const CHUNK_SIZE = 1024;

export interface AddedTables {
  readonly inputs: ConnectorInputs;
  readonly tables: readonly string[];
  /** Tables that Connect's config had before: a request for one of these may have been made by a run that was killed. */
  readonly listedBefore: readonly string[];
  /** The time (`Date.now()`) after which the snapshot is no longer waited for. */
  readonly deadline: number;
  /** Where what happens is told. */
  readonly say: (line: string) => void;
}

/**
 * Asks the running connector for an incremental snapshot of each table and waits until their rows are in Kafka, while
 * changes go on being captured. At the deadline the snapshot goes on without being watched.
 * @throws NotRunning when the connector fails meanwhile; rows asked for come all the same once it runs again
 */
export async function sendEarlierRows(
  connect: ConnectApi,
  database: Signalling,
  { inputs, tables, listedBefore, deadline, say }: AddedTables,
  pacing: Pacing,
): Promise<void> {
  const { name, config, database: access } = inputs;
  const replication = replicationOf(config);
  const signals = replication?.signalTable;
  if (!access || !signals) {
    say(
      `connector ${name}: the rows that ${tables.join(", ")} had before are not sent, only changes from now on: ` +
        `${access ? 'config["signal.data.collection"] names no table to ask for them through' : "no `database` was given"}`,
    );
    return;
  }
  if (replication.publication) {
    const needed = [...tables, `${signals.schema}.${signals.table}`];
    await waitUntilPublished(database, access, replication.publication, needed, deadline, pacing);
  }
  for (const table of tables) {
    const again = !listedBefore.includes(table);
    const request = await database.requestSnapshot(access, signals, table, again, pacing);
    if (request.wasRemoved) {
      say(
        `connector ${name}: ${table} was captured before. All its rows come again, as op "r"; rows deleted meanwhile ` +
          'have no "d" event, and stay in the lake',
      );
    }
    await watch(connect, database, access, signals, { inputs, table, request, deadline, say }, pacing);
  }
}

/** A signal written before the connector has put the table into its publication would never reach it. */
async function waitUntilPublished(
  database: Signalling,
  access: DatabaseAccess,
  publication: string,
  needed: readonly string[],
  deadline: number,
  pacing: Pacing,
): Promise<void> {
  for (;;) {
    const published = (await database.publishedTables(access, publication, pacing)) ?? [];
    const missing = needed.filter((table) => !published.includes(table));
    if (missing.length === 0) return;
    if (Date.now() >= deadline) {
      throw new Error(
        `publication ${publication} does not contain ${missing.join(", ")}, so no earlier rows can be asked for; ` +
          `with publication.autocreate.mode=filtered the connector adds them itself, otherwise: ALTER PUBLICATION ${publication} ADD TABLE ${missing.join(", ")}`,
      );
    }
    await pause(pacing.poll);
  }
}

interface Watched {
  readonly inputs: ConnectorInputs;
  readonly table: string;
  readonly request: { readonly position: number };
  readonly deadline: number;
  readonly say: (line: string) => void;
}

async function watch(
  connect: ConnectApi,
  database: Signalling,
  access: DatabaseAccess,
  signals: TableName,
  { inputs, table, request, deadline, say }: Watched,
  pacing: Pacing,
): Promise<void> {
  const { name, config } = inputs;
  const chunkSize = Number(config["incremental.snapshot.chunk.size"] ?? CHUNK_SIZE);
  let total: number | undefined;
  let told = Date.now();
  say(`connector ${name}: ${table}: sending the rows that it had before; changes are captured meanwhile`);
  for (;;) {
    const progress = snapshotProgress(await connect.readOffsets(name));
    const isOurs = progress.unfinished[0] === table;
    if (isOurs) total = progress.totalRows ?? total;
    // The request is carried out in the thread that reads the log, so an offset behind it knows of the snapshot.
    if (progress.position >= request.position && !progress.unfinished.includes(table)) {
      const chunks = await database.countChunks(access, signals, table, pacing);
      await database.tidyUp(access, signals, table, pacing);
      say(
        `connector ${name}: ${table}: all earlier rows sent${chunks > 0 ? ` (in ${chunks} chunks)` : " (it had none)"}`,
      );
      return;
    }
    const status = await connect.readStatus(name);
    const health = judge(status);
    if (health.verdict === "failed") throw new NotRunning(health.reasons, status);
    if (Date.now() >= deadline) {
      say(
        `connector ${name}: ${table}: the snapshot goes on by itself; \`npm run status\` shows how far it is`,
      );
      return;
    }
    if (Date.now() - told >= pacing.progress) {
      told = Date.now();
      const chunks = await database.countChunks(access, signals, table, pacing);
      say(`connector ${name}: ${progressLine(table, chunks, chunkSize, total)}`);
    }
    await pause(pacing.poll);
  }
}
