/** One unit of work: one part of one table, compared at one moment of its own. */

import { lakePath } from "../../providers/kafka-connect/debezium/table-names";
import { usualPacing } from "../../providers/kafka-connect/pacing";
import { ConnectError } from "../../providers/kafka-connect/rest/api";
import { impatientClient } from "../../providers/kafka-connect/rest/client";
import { kafkaAccess } from "../../readers/kafka/access";
import { Topics } from "../../readers/kafka/topics";
import { Bucket, MissingObject } from "../../readers/lake/bucket";
import { StreamingQuery } from "../../readers/lake/streaming-query";
import { NOTES_FOLDER, notesShape } from "../../readers/lake/table-notes";
import { Obstacle } from "../../readers/obstacle";
import { connectSource } from "../../readers/source/connection";
import { writeMarker } from "../../readers/source/marker";
import { waitForLake } from "../../readers/wait";
import { isOutOfMemory, Workspace } from "../../readers/workspace";
import { UserError } from "../../stack/console";
import type { CapturedTable } from "../../stack/platform";
import { compareState, type NotComparable, type StateComparison } from "../verify/compare/compare-state";
import { takeMoment } from "../verify/moment";
import { registerFunctions } from "../verify/values/functions";
import { placeholderOf, unloggedForms } from "../verify/values/unlogged";
import { examplesOf } from "./examples";
import type { Outcome } from "./ledger";
import { nextPart } from "./parts";
import { reasonNotProven } from "./reasons";
import type { Settings } from "./settings";

/** Of DuckDB; what does not fit is written to the disk. */
const MEMORY = { memory: 64e6, threads: 1 };
/** Milliseconds until the lake has to have what the source had. */
const PATIENCE = 300_000;
const LISTED = 20;

export interface UnitResult {
  readonly outcome: Outcome;
  readonly rows: number;
  /** That PostgreSQL read, and seconds that it took. */
  readonly bytes: number;
  readonly busy: number;
}

/**
 * @param from where the part begins; undefined: at the table's beginning
 * @throws Error when nothing can be compared at present
 */
export async function proveNext(
  table: CapturedTable,
  from: string | undefined,
  settings: Settings,
): Promise<UnitResult> {
  const open: (() => Promise<unknown> | unknown)[] = [];
  const keep = <T>(thing: T, close: (thing: T) => unknown): T => {
    open.unshift(() => close(thing));
    return thing;
  };
  try {
    const workspace = keep(await Workspace.open(registerFunctions, MEMORY), (one) => one.close());
    const source = keep(await connectSource(settings.postgresqlUrl), (one) => one.end());
    const topics = keep(new Topics(kafkaAccess(settings)), (one) => one.close());
    const bucket = Bucket.of(settings);
    const connect = impatientClient(settings.kafkaConnectUrl, usualPacing);
    const query = await StreamingQuery.of(bucket, settings.streamingJobCheckpoint, await topics.clusterId());
    const modes = (await connect.readConfig(settings.connectorName)) ?? {};
    const pipeline = { platform: settings, connect, topics, query, checkJob: async () => {} };
    const waiting = { deadline: Date.now() + PATIENCE, say: () => {} };
    const database = { source, url: settings.postgresqlUrl };
    // First without a snapshot: a long wait would keep PostgreSQL from cleaning up what the snapshot sees.
    await waitForLake(pipeline, [table.topic], await writeMarker(source), waiting);
    const before = new Date().toISOString();
    const taken = await takeMoment(database, pipeline, [table.topic], waiting);
    const snapshot = keep(taken.snapshot, (one) => one.close());
    const at = { at: before, lsn: taken.lsn };
    const reader = await snapshot.reader();
    const shape = (await reader.shapes([table], modes)).get(table.name);
    if (!shape) return unproven("the source has no such table", reader.busy);
    const notes = await notesOf(bucket, settings.lakeRoot, table);
    const partOf = async (plan: Parameters<typeof nextPart>[2]) => {
      const reason = reasonNotProven(table.name, notes, plan.state?.table.configuration ?? {});
      return reason === undefined ? nextPart(source, table, plan, from) : { obstacle: reason };
    };
    const tools = {
      ...{ lane: await workspace.lane(), reader, bucket, topics, listed: LISTED, say: () => {} },
      ...{ placeholder: placeholderOf(modes), unlogged: unloggedForms(modes) },
    };
    const compared = await compareState(table, shape, taken.moment, partOf, tools).catch((error: Error) =>
      unreadable(table, error),
    );
    if ("obstacle" in compared) return unproven(compared.obstacle, reader.busy);
    if (compared.resnapshot) return unproven("its rows are being read again", reader.busy);
    return {
      outcome: { kind: "compared", at, range: compared.part.range, found: foundIn(compared) },
      ...{ rows: compared.rows, bytes: bytesOf(compared), busy: reader.busy },
    };
  } finally {
    for (const close of open) await Promise.resolve(close()).catch(() => {});
  }
}

/** Servers that do not answer, or are not as far as they have to be. */
function concernsAll(error: unknown): boolean {
  return error instanceof UserError || error instanceof Obstacle || error instanceof ConnectError;
}

/** A file of the table that is missing or damaged makes it another one than the source's. */
function unreadable({ name }: CapturedTable, error: Error): StateComparison | NotComparable {
  if (concernsAll(error)) throw error;
  if (isOutOfMemory(error)) {
    return {
      obstacle: `its rows are too large for the memory of this service: \`npm run verify -- --table ${name}\` compares it`,
    };
  }
  const part = { range: undefined, rows: 0, bytes: 0 };
  const problems = [`it could not be read: ${error.message}`];
  return { part, problems, differences: undefined, rows: 0, resnapshot: false };
}

/** The last range of a table has fewer rows than a range may have. */
function bytesOf({ part, rows }: StateComparison): number {
  return part.range ? Math.min(part.bytes, (part.bytes * rows) / part.rows) : part.bytes;
}

function unproven(reason: string, busy: number): UnitResult {
  return { outcome: { kind: "not proven", reason }, rows: 0, bytes: 0, busy };
}

function foundIn({
  differences,
  problems,
}: StateComparison): Extract<Outcome, { kind: "compared" }>["found"] {
  if (!differences && problems.length === 0) return null;
  const { missing = 0, extra = 0, different = 0, listed = [] } = differences ?? {};
  return { keys: missing + extra + different, examples: [...problems, ...examplesOf(listed)] };
}

async function notesOf(bucket: Bucket, lake: string, table: CapturedTable) {
  const text = await bucket.text(`${lake}/${NOTES_FOLDER}/${lakePath(table)}.json`).catch((error) => {
    if (error instanceof MissingObject) return "{}";
    throw error;
  });
  return notesShape.parse(JSON.parse(text));
}
