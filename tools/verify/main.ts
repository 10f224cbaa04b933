/** Runs what the command line asked for. */
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import { UserError } from "../../cli/console";
import { chooseEngine } from "../../cli/engines/choose";
import { ConnectError } from "../../providers/kafka-connect/api";
import { impatientClient } from "../../providers/kafka-connect/client";
import { usualPacing } from "../../providers/kafka-connect/pacing";
import { CANNOT_RUN } from "./command";
import {
  compareTable,
  type Moment,
  type SourceSide,
  type TableResult,
  type Tools,
} from "./compare/compare-table";
import { Topics } from "./kafka/topics";
import { Bucket } from "./lake/bucket";
import { StreamingQuery } from "./lake/streaming-query";
import { type CapturedTable, chosenTables, type Platform, platformOf } from "./platform";
import { jsonReport, obstacleReport, textReport } from "./report";
import { Obstacle, type VerifyRequest } from "./request";
import { connectSource } from "./source/connection";
import { lsnText } from "./source/lsn";
import { writeMarker } from "./source/marker";
import { Snapshot } from "./source/snapshot";
import { type TableShape, tableShape } from "./source/table-shape";
import type { ValueModes } from "./values/column-form";
import { rangeBits } from "./values/row-text";
import { type Pipeline, type Waiting, waitForLake } from "./wait";
import { Workspace } from "./workspace";

const EQUAL = 0;
const NOT_EQUAL = 1;
/** Debezium's default of `unavailable.value.placeholder`. */
const PLACEHOLDER = "__debezium_unavailable_value";

/** @returns the exit code */
export async function run(request: VerifyRequest): Promise<number> {
  const started = Date.now();
  // Progress never mixes with a result that is piped on.
  const say = (line: string) => console.error(`• ${line}`);
  try {
    const engine = await chooseEngine(request.engine, request.stack);
    const platform = platformOf(await engine.outputs(request.stack, true), request.stack);
    const { chosen, unknown } = chosenTables(platform, request);
    if (unknown.length > 0) {
      throw new Obstacle(
        `${unknown.join(", ")} ${unknown.length > 1 ? "are" : "is"} not captured; captured are ${platform.capturedTables.join(", ")}.`,
        'Name one of those, or add it to "table.include.list" and run `npm run up`.',
      );
    }
    const outcome = await verify(platform, chosen, request, say);
    const seconds = (Date.now() - started) / 1000;
    console.log(request.json ? jsonReport(outcome, seconds) : textReport(outcome, seconds));
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

export interface Outcome {
  /** Position in the source's log up to which it was compared. */
  readonly lsn: string;
  readonly tables: readonly TableResult[];
}

async function verify(
  platform: Platform,
  tables: readonly CapturedTable[],
  request: VerifyRequest,
  say: (line: string) => void,
): Promise<Outcome> {
  const open = new Cleanup();
  const workspace = await Workspace.open();
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
    const topics = new Topics(platform.kafkaBootstrapServers);
    open.add(() => topics.close());
    const bucket = Bucket.of(platform);
    const connect = impatientClient(platform.kafkaConnectUrl, usualPacing);
    const query = await StreamingQuery.of(bucket, platform.streamingJobCheckpoint, await topics.clusterId());
    const pipeline: Pipeline = { platform, connect, topics, query };
    const waiting: Waiting = { deadline: Date.now() + request.timeout, say };
    const names = tables.map(({ topic }) => topic);

    const modes = (await connect.readConfig(platform.connectorName)) ?? {};
    const shapes = await shapesOf(source, tables, modes);
    // A first time before the snapshot: a long wait would keep PostgreSQL from cleaning up what the snapshot sees.
    say(
      `Waiting until the lake has what is committed in ${tables.map(({ name }) => name).join(", ")} by now`,
    );
    await waitForLake(pipeline, names, await writeMarker(source), waiting);
    const topicsBefore = await topics.committedEnds(names);
    const snapshot = await Snapshot.take(platform.postgresqlUrl);
    open.add(() => snapshot.close());
    const marker = await writeMarker(source);
    say(`Comparing at ${lsnText(marker)}`);
    const sides: SourceSide[] = [];
    for (const table of tables) {
      const shape = shapes.get(table.name) as TableShape;
      const bits = rangeBits(shape.estimatedRows);
      sides.push({ table, shape, bits, sums: await snapshot.rangeSums(table, shape, bits) });
    }
    const position = await waitForLake(pipeline, names, marker, waiting);
    const moment: Moment = { snapshot, topicsBefore, position };
    const placeholder = modes["unavailable.value.placeholder"] ?? PLACEHOLDER;
    const tools: Tools = { workspace, bucket, topics, placeholder, listed: request.listed, say };
    const results: TableResult[] = [];
    for (const side of sides) results.push(await compareTable(side, moment, tools));
    return { lsn: lsnText(marker), tables: results };
  } finally {
    await open.run();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

async function shapesOf(
  source: Client,
  tables: readonly CapturedTable[],
  modes: ValueModes,
): Promise<Map<string, TableShape>> {
  const shapes = new Map<string, TableShape>();
  for (const table of tables) {
    const shape = await tableShape(source, table, modes);
    if (!shape) {
      throw new Obstacle(
        `The source has no table ${table.name}.`,
        'Create it, or take it out of "table.include.list" and run `npm run up`.',
      );
    }
    const lost = shape.key.filter((column) => !shape.compared.some(({ name }) => name === column));
    if (lost.length > 0) {
      throw new Obstacle(
        `The key of ${table.name} cannot be compared: column ${lost.join(", ")} (${shape.notCompared.find(({ name }) => name === lost[0])?.reason}).`,
        "Leave the table out: name the others with --table.",
      );
    }
    shapes.set(table.name, shape);
  }
  return shapes;
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
