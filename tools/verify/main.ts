/** Runs what the command line asked for. */

import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import { allEnded, mapConcurrently } from "../../providers/concurrently";
import { usualPacing } from "../../providers/kafka-connect/pacing";
import { ConnectError } from "../../providers/kafka-connect/rest/api";
import { impatientClient } from "../../providers/kafka-connect/rest/client";
import { SparkClient } from "../../providers/spark-application/client";
import { jobCheck } from "../../readers/job";
import { kafkaAccess } from "../../readers/kafka/access";
import { Topics } from "../../readers/kafka/topics";
import { Bucket } from "../../readers/lake/bucket";
import { DeltaLog } from "../../readers/lake/delta-table";
import { StreamingQuery } from "../../readers/lake/streaming-query";
import { Obstacle } from "../../readers/obstacle";
import { connectSource } from "../../readers/source/connection";
import { writeMarker } from "../../readers/source/marker";
import { type Pipeline, type Waiting, waitForLake } from "../../readers/wait";
import { isOutOfMemory, type Lane, Workspace } from "../../readers/workspace";
import { UserError } from "../../stack/console";
import { chooseEngine } from "../../stack/engines/choose";
import { outputsOfPipeline } from "../../stack/outputs";
import { type CapturedTable, chosenTables, lakeOf, type Platform, platformOf } from "../../stack/platform";
import { compareTable, notCompared } from "./compare/compare-table";
import type { Tools } from "./compare/state-side";
import { tableFacts } from "./compare/table-facts";
import { CANNOT_RUN } from "./exit-codes";
import { keepResults } from "./last-results";
import { takeMoment } from "./moment";
import { jsonReport, obstacleReport, textReport } from "./report";
import type { VerifyRequest } from "./request";
import type { Outcome, TableResult } from "./result";
import { registerFunctions } from "./values/functions";
import type { ValueModes } from "./values/source-type";
import { placeholderOf, unloggedForms } from "./values/unlogged";

const EQUAL = 0;
const NOT_EQUAL = 1;
/** Tables compared side by side; of large ones, which fill the memory that there is, one at a time. */
const LANES = 4;
const LARGE_ROWS = 200_000;
/** A table that differs while it changes is looked at once more: a commit may have come in between. */
const ROUNDS = 2;

/** @returns the exit code */
export async function run(request: VerifyRequest): Promise<number> {
  const started = Date.now();
  // Progress never mixes with a result that is piped on.
  const say = (line: string) => console.error(`• ${line}`);
  try {
    const engine = await chooseEngine(request.engine, request.stack);
    const { stack, pipeline } = request;
    const platform = platformOf(outputsOfPipeline(await engine.outputs(stack, true), stack, pipeline), stack);
    const { chosen, unknown } = chosenTables(platform, request.tables);
    if (unknown.length > 0) {
      throw new Obstacle(
        `${unknown.join(", ")} ${unknown.length > 1 ? "are" : "is"} not captured; captured are ${platform.capturedTables.join(", ")}.`,
        'Name one of those, or add it to "table.include.list" and run `npm run up`.',
      );
    }
    const outcome = await verify(platform, chosen, request, say);
    await keepResults(request, lakeOf(platform), outcome);
    const seconds = (Date.now() - started) / 1000;
    console.log(request.json ? jsonReport(outcome, seconds) : textReport(outcome, seconds, request.all));
    return outcome.tables.every(({ equal }) => equal) ? EQUAL : NOT_EQUAL;
  } catch (error) {
    if (error instanceof Obstacle && request.json) console.log(obstacleReport(error));
    const { message, fix } = error as { message?: string; fix?: string };
    console.error(`\nError: ${message ?? error}`);
    if (fix) console.error(`Fix:   ${fix}`);
    if (!(error instanceof Obstacle || error instanceof UserError || error instanceof ConnectError)) {
      console.error((error as Error).stack);
    }
    return error instanceof Obstacle ? NOT_EQUAL : CANNOT_RUN;
  }
}

/** @throws Obstacle, UserError or the client's own error when nothing can be compared */
export async function verify(
  platform: Platform,
  tables: readonly CapturedTable[],
  request: VerifyRequest,
  say: (line: string) => void,
): Promise<Outcome> {
  const open = new Cleanup();
  const workspace = await Workspace.open(registerFunctions);
  open.add(() => workspace.close());
  const onSignal = () => {
    workspace.remove();
    process.exit(130);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    const source = await connectSource(platform.postgresqlUrl);
    open.add(() => source.end());
    const topics = new Topics(kafkaAccess(platform));
    open.add(() => topics.close());
    const bucket = Bucket.of(platform);
    const connect = impatientClient(platform.kafkaConnectUrl, usualPacing);
    const query = await StreamingQuery.of(bucket, platform.streamingJobCheckpoint, await topics.clusterId());
    const pipeline: Pipeline = { platform, connect, topics, query, checkJob: jobCheck(platform) };
    const waiting: Waiting = { deadline: Date.now() + request.timeout, say };
    const lanes = await workspace.lanes(Math.min(LANES, tables.length));
    const modes = (await connect.readConfig(platform.connectorName)) ?? {};
    const run: Run = { platform, source, workspace, bucket, lanes, pipeline, waiting, modes, request };

    // A first time before the snapshot: a long wait would keep PostgreSQL from cleaning up what the snapshot sees.
    say(`Waiting until the lake has what is committed in ${named(tables)} by now`);
    await waitForLake(pipeline, topicsOf(tables), await writeMarker(source), waiting);
    const results = new Map<string, TableResult>();
    let left = tables;
    let lsn = "";
    for (let round = 1; left.length > 0; round++) {
      const compared = await compareAll(left, run);
      lsn = compared.lsn;
      for (const result of compared.results) {
        results.set(result.table, withBefore(result, results.get(result.table)));
      }
      const moved = await stillMoving(left, compared.results, run);
      if (moved.length === 0 || round === ROUNDS) break;
      say(`Once more: ${named(moved)} changed while it was compared`);
      left = moved;
    }
    return { lsn, tables: tables.map(({ name }) => results.get(name) as TableResult) };
  } finally {
    await open.run();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

interface Run {
  readonly platform: Platform;
  readonly source: Client;
  readonly workspace: Workspace;
  readonly bucket: Bucket;
  readonly lanes: readonly Lane[];
  readonly pipeline: Pipeline;
  readonly waiting: Waiting;
  readonly modes: ValueModes;
  readonly request: VerifyRequest;
}

/** All tables at one moment. */
async function compareAll(
  tables: readonly CapturedTable[],
  { platform, source, workspace, bucket, lanes, pipeline, waiting, modes, request }: Run,
): Promise<{ lsn: string; results: TableResult[] }> {
  const { topics } = pipeline;
  const from = { source, url: platform.postgresqlUrl };
  const { snapshot, moment, lsn } = await takeMoment(from, pipeline, topicsOf(tables), waiting);
  try {
    const readers = await allEnded(lanes.map(() => snapshot.reader()));
    const driver = await new SparkClient(platform.sparkClientContainer)
      .state(platform.streamingJobName)
      .catch(() => undefined);
    const shapes = await readers[0]?.shapes(tables, modes);
    const placeholder = placeholderOf(modes);
    const unlogged = unloggedForms(modes);
    let alone = false;
    /** undefined: it has to be compared once more, alone. */
    const compareOne = async (table: CapturedTable, lane: number): Promise<TableResult | undefined> => {
      const shape = shapes?.get(table.name);
      if (!shape) {
        return notCompared(
          table,
          'the source has no such table; create it, or take it out of "table.include.list" and run `npm run up`',
        );
      }
      const tools = {
        lane: lanes[lane],
        reader: readers[lane],
        ...{ bucket, topics, placeholder, unlogged, listed: request.listed, say: waiting.say },
      } as Tools;
      try {
        return await compareTable(table, shape, tableFacts(driver, table.name), moment, tools);
      } catch (error) {
        // What concerns all of them, such as a server that does not answer.
        if (error instanceof UserError || error instanceof Obstacle) throw error;
        if (isOutOfMemory(error) && !alone) return undefined;
        return notCompared(table, `it could not be compared: ${(error as Error).message}`);
      }
    };
    const isLarge = ({ name }: CapturedTable) => (shapes?.get(name)?.estimatedRows ?? 0) > LARGE_ROWS;
    const small = tables.filter((table) => !isLarge(table));
    const found = [
      ...(await mapConcurrently(small, lanes.length, compareOne)),
      ...(await mapConcurrently(tables.filter(isLarge), 1, compareOne)),
    ].flatMap((result) => result ?? []);
    const left = tables.filter(({ name }) => !found.some(({ table }) => table === name));
    if (left.length > 0) {
      alone = true;
      await workspace.widen();
      found.push(...(await mapConcurrently(left, 1, compareOne)).flatMap((result) => result ?? []));
    }
    return { lsn, results: found };
  } finally {
    await snapshot.close();
  }
}

/** Tables that are not equal, and that changed meanwhile. */
async function stillMoving(
  tables: readonly CapturedTable[],
  results: readonly TableResult[],
  { bucket, lanes }: Run,
): Promise<CapturedTable[]> {
  const unequal = results.filter(({ equal }) => !equal);
  const moving = await mapConcurrently(unequal, LANES, async ({ table, laterChanges, state, changeLog }) => {
    if (laterChanges > 0) return [table];
    for (const side of [state, changeLog]) {
      if (side?.version === null || side?.version === undefined) continue;
      const newest = await new DeltaLog(bucket, lanes[0] as Lane, side.url, "").newest();
      if (newest > side.version) return [table];
    }
    return [];
  });
  const names = new Set(moving.flat());
  return tables.filter(({ name }) => names.has(name));
}

/** What a first look saw and a second did not is worth a word. */
function withBefore(result: TableResult, before: TableResult | undefined): TableResult {
  if (!before || !result.equal) return result;
  return {
    ...result,
    notes: [...result.notes, "it differed at a first look, while it changed, and no longer does"],
  };
}

function topicsOf(tables: readonly CapturedTable[]): string[] {
  return tables.map(({ topic }) => topic);
}

function named(tables: readonly CapturedTable[]): string {
  const names = tables.slice(0, 5).map(({ name }) => name);
  return tables.length > 5 ? `${names.join(", ")} and ${tables.length - 5} more` : names.join(", ");
}

/** What has to be closed, in reverse order, whatever happened. */
class Cleanup {
  private readonly steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.steps.unshift(step);
  }

  async run(): Promise<void> {
    for (const step of this.steps) {
      // A connection that does not close must not keep the result back.
      await Promise.race([Promise.resolve(step()).catch(() => {}), pause(5_000, undefined, { ref: false })]);
    }
  }
}
