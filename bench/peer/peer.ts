/** The same changes, taken into the lake by the Apache Iceberg sink for Kafka Connect. */
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import { Cleanup } from "../cleanup";
import { copyRows, customerRows } from "../load/customers";
import type { Measurement } from "../measurement";
import { END_TO_END, FROM_KAFKA, LATENCY, PEAK_MEMORY } from "../metrics";
import { ContainerSampler } from "../observe/containers";
import { KafkaTopic } from "../observe/kafka-topic";
import { limitOf } from "../observe/usage";
import type { Progress } from "../progress";
import type { RunningStack } from "../running-stack";
import { median, percentile, perSecond } from "../statistics";
import { TABLE, TOPIC } from "../systems/system";
import { IcebergTable } from "./iceberg-table";
import { VERSIONS } from "./peer-image";
import { sinkConfig } from "./peer-sink";
import {
  BUCKET,
  CATALOG_DATABASE,
  CONTROL_TOPIC,
  connect,
  convertersOf,
  isLakeLeg,
  makeBucket,
  makeDatabase,
  makeTopics,
  pauseLakeLeg,
  SINK_PREFIX,
} from "./peer-traces";
import { PeerWorker } from "./peer-worker";

export interface PeerOptions {
  /** Single changes whose latency is measured. */
  readonly changes: number;
  /** Single changes before them. */
  readonly warmUp: number;
  /** Rows inserted for the throughput. */
  readonly rows: number;
  /** Keys of what is inserted begin here; the rows are deleted in the end. */
  readonly firstId: number;
  /** The sink's commit interval, in milliseconds. */
  readonly commitIntervalMs: number;
  readonly progress: Progress;
  /** Gets to know what is to be cleared away if the run is interrupted: before the stack, whose network the worker is in. */
  readonly cleanup?: Cleanup;
}

const NAMESPACE = "peer";
/** What the peer's table is most like. */
const TITLE = "flattened";
const TRANSACTIONS = 10;
const CHANGE_WITHIN = 60_000;
const ROWS_WITHIN = 900_000;

/** A sink that runs, and the table that it writes. */
interface Leg {
  readonly table: IcebergTable;
  readonly check: () => Promise<void>;
  stop(): Promise<void>;
}

/**
 * Latency of single changes and throughput, of a stack that is up and idle. Removes all that it makes, but the image.
 *
 * @throws Error when the worker does not start, a sink fails, or rows do not come in time
 */
export async function measurePeer(stack: RunningStack, options: PeerOptions): Promise<Measurement[]> {
  const { progress } = options;
  const cleanup = new Cleanup(progress);
  const clearAway = options.cleanup?.add("peer: clearing away", () => cleanup.run()) ?? (() => cleanup.run());
  const outputs = await stack.outputs();
  try {
    const database = await connect(outputs);
    cleanup.add("peer: closing the connection to the database", () => database.end());
    await makeDatabase(stack, cleanup);
    const catalog = await connect(outputs, CATALOG_DATABASE);
    cleanup.add("peer: closing the connection to the catalog", () => catalog.end());
    const s3 = await makeBucket(outputs, cleanup);
    await makeTopics(stack, cleanup);
    const topic = new KafkaTopic(outputs.kafkaBootstrapServers, TOPIC);
    cleanup.add("peer: closing the connection to Kafka", () => topic.close());
    progress.line("peer: building the image and starting the worker");
    const worker = await PeerWorker.start(stack);
    cleanup.add("peer: removing the worker", () => worker.stop());
    await pauseLakeLeg(outputs, cleanup);
    cleanup.add("peer: deleting its rows", () => deleteRows(database, options));
    const converters = await convertersOf(outputs);

    const leg = async (name: string, offset: number): Promise<Leg> => {
      const sink = `${SINK_PREFIX}${name}`;
      const config = sinkConfig({
        topic: TOPIC,
        table: `${NAMESPACE}.${name}`,
        controlTopic: CONTROL_TOPIC,
        commitIntervalMs: options.commitIntervalMs,
        catalogDatabase: CATALOG_DATABASE,
        databasePassword: outputs.postgresqlPassword,
        bucket: BUCKET,
        accessKey: outputs.minioRootUser ?? "",
        secretKey: outputs.minioRootPassword ?? "",
        converters,
      });
      await worker.startSink(sink, config, TOPIC, offset);
      return {
        table: new IcebergTable(catalog, s3, BUCKET, NAMESPACE, name),
        check: () => worker.check(sink),
        stop: () => worker.removeSink(sink),
      };
    };
    // Without the platform's lake leg, in whose place the peer is.
    const containers = [...outputs.containerNames.filter((name) => !isLakeLeg(name)), worker.container];
    const sampler = () => new ContainerSampler(containers, `${stack.name}-`).start();

    const whole = await leg("changes", await topic.end());
    const measurements = await latency(database, whole, sampler, options);
    const from = await topic.end();
    measurements.push(...(await throughput(database, topic, whole, sampler, options)));
    await whole.stop();
    measurements.push(await backlog(() => leg("backlog", from), sampler, options));
    return measurements;
  } finally {
    await clearAway();
  }
}

type Sampler = () => Promise<ContainerSampler>;

function detail(options: PeerOptions, text: string): string {
  return `Iceberg sink ${VERSIONS.ICEBERG_VERSION}, commit interval ${options.commitIntervalMs} ms; ${text}`;
}

async function latency(
  database: Client,
  { table, check }: Leg,
  sampler: Sampler,
  { progress, ...options }: PeerOptions,
): Promise<Measurement[]> {
  const trace = async (number: number): Promise<number> => {
    const committedAt = Date.now();
    const wanted = table.records + 1;
    await singleChange(database, options.firstId, number);
    const { seenAt } = await table.untilRecords(wanted, committedAt + CHANGE_WITHIN, check);
    progress.now(`peer: change ${number} readable after ${seenAt - committedAt} ms`);
    return seenAt - committedAt;
  };
  progress.line(`peer: latency, ${options.warmUp} changes to warm up, ${options.changes} measured`);
  for (let number = 0; number < options.warmUp; number++) await trace(number);
  const watched = await sampler();
  const times: number[] = [];
  for (let number = 0; number < options.changes; number++) {
    // Changes come at any point of the sink's commit interval.
    await pause(500 + Math.random() * 1000);
    times.push(await trace(options.warmUp + number));
  }
  const usage = await watched.stop();
  const shared = {
    scenario: "latency",
    system: "peer" as const,
    unit: "ms",
    limitedBy: limitOf(usage),
    detail: detail({ progress, ...options }, `${times.length} single changes after ${options.warmUp}`),
  };
  return [
    { ...shared, metric: LATENCY.median(TITLE), value: median(times) },
    { ...shared, metric: LATENCY.p95(TITLE), value: percentile(times, 0.95) },
    { ...shared, metric: LATENCY.max(TITLE), value: percentile(times, 1) },
  ];
}

async function throughput(
  database: Client,
  topic: KafkaTopic,
  { table, check }: Leg,
  sampler: Sampler,
  options: PeerOptions,
): Promise<Measurement[]> {
  const { rows, progress } = options;
  progress.line(`peer: throughput, ${rows.toLocaleString("en-US")} rows end to end`);
  const parts = customerRows(options.firstId + options.warmUp + options.changes, rows, TRANSACTIONS);
  const from = await topic.end();
  const watched = await sampler();
  const deadline = Date.now() + ROWS_WITHIN;
  let firstCommit = 0;
  const load = async () => {
    for (const part of parts) {
      await copyRows(database, TABLE, part);
      firstCommit ||= Date.now();
    }
  };
  const [kafka, readable] = await Promise.all([
    topic.watch(from, rows, deadline),
    table.untilRecords(table.records + rows, deadline, check),
    load(),
  ]);
  const usage = await watched.stop();
  const shared = {
    scenario: "throughput",
    system: "peer" as const,
    unit: "rows/s",
    limitedBy: limitOf(usage),
    detail: detail(options, `${rows.toLocaleString("en-US")} rows in ${TRANSACTIONS} transactions`),
  };
  return [
    { ...shared, metric: END_TO_END, value: perSecond(rows, readable.seenAt - firstCommit) },
    { ...shared, metric: FROM_KAFKA, value: perSecond(rows, readable.seenAt - kafka.first) },
    { ...shared, metric: PEAK_MEMORY, value: usage.memory.peak, unit: "MB" },
  ];
}

/** All the rows are in the topic before the sink is made. */
async function backlog(
  start: () => Promise<Leg>,
  sampler: Sampler,
  options: PeerOptions,
): Promise<Measurement> {
  const { rows, progress } = options;
  progress.line(`peer: throughput, ${rows.toLocaleString("en-US")} rows that are in Kafka already`);
  const watched = await sampler();
  const { table, check, stop } = await start();
  const started = Date.now();
  const readable = await table.untilRecords(rows, started + ROWS_WITHIN, check);
  const usage = await watched.stop();
  await stop();
  if (readable.records !== rows)
    throw new Error(`The sink made ${readable.records} rows of ${rows} messages.`);
  return {
    scenario: "throughput",
    system: "peer",
    metric: "backlog in Kafka, sink runs → last row readable",
    value: perSecond(rows, readable.seenAt - started),
    unit: "rows/s",
    limitedBy: limitOf(usage),
    detail: detail(options, `${rows.toLocaleString("en-US")} rows, ${readable.dataFiles} data files`),
  };
}

/** In turn: a customer comes, changes, goes. */
async function singleChange(database: Client, firstId: number, number: number): Promise<void> {
  const statements = [
    `INSERT INTO public.${TABLE} VALUES ($1, 'Ada', 'Byron', 'ada@example.com', 'x', '1 Hill', 'Caguas', 'PR', 725)`,
    `UPDATE public.${TABLE} SET "customerCity" = 'Ponce' WHERE "customerId" = $1`,
    `DELETE FROM public.${TABLE} WHERE "customerId" = $1`,
  ];
  const id = firstId + Math.floor(number / statements.length);
  await database.query(statements[number % statements.length] as string, [id]);
}

async function deleteRows(database: Client, { firstId, changes, warmUp, rows }: PeerOptions): Promise<void> {
  const ids = [firstId, firstId + changes + warmUp + rows];
  await database.query(`DELETE FROM public.${TABLE} WHERE "customerId" >= $1 AND "customerId" < $2`, ids);
}
