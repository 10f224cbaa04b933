/** How long a single committed change takes until it can be read in the lake, and where that time goes. */
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import type { Measurement } from "../measurement";
import { LATENCY } from "../metrics";
import { DeltaLog } from "../observe/delta-log";
import type { Arrival } from "../observe/kafka-topic";
import { type MicroBatch, MicroBatches } from "../observe/micro-batches";
import { limitOf } from "../observe/usage";
import { median, percentile } from "../statistics";
import { TABLE, TOPIC } from "../systems/system";
import type { Findings, Scene } from "./scenario";

const CHANGES = 60;
/** The JVMs of a driver need about so many micro-batches until they are as fast as they get. */
const WARM_MICRO_BATCHES = 100;
/** Milliseconds, after which the next phase begins with what there is. */
const WARM_UP_WITHIN = 150_000;
const CHANGES_WITHIN = 420_000;
/** Milliseconds, after which a change is lost. */
const READABLE_WITHIN = 120_000;

/** What became of one change. Times are milliseconds since 1970. */
interface Trace {
  readonly committedAt: number;
  readonly arrivedAt?: number;
  readonly batchStartedAt?: number;
  /** By table, in the system's order. */
  readonly readableAt: readonly number[];
}

export async function latency({ system, access, progress, sampler, ids }: Scene): Promise<Findings> {
  const logs = system.tables.map(({ folder }) => new DeltaLog(access.lake, folder));
  await Promise.all(logs.map((log) => log.poll()));
  const batches = new MicroBatches(access.lake, system.checkpoint);
  await batches.poll();
  const topic = access.topic();
  const arrivals: Arrival[] = [];
  const following = topic.follow((arrival) => arrivals.push(arrival)).catch(() => {});
  const changes = singleChanges(access.database, ids());

  const trace = async (): Promise<Trace> => {
    arrivals.length = 0;
    const committedAt = Date.now();
    await changes.next();
    const deadline = committedAt + READABLE_WITHIN;
    const commits = await Promise.all(logs.map((log) => log.nextChange(deadline)));
    const [arrival] = arrivals;
    const started = await batches.poll();
    const batch = arrival && started.find(({ ends }) => (ends.get(TOPIC) ?? 0) > arrival.offset);
    return traceOf(
      committedAt,
      arrival,
      batch,
      commits.map(({ seenAt }) => seenAt),
    );
  };

  try {
    const warmUp = await repeat(WARM_UP_WITHIN, Number.POSITIVE_INFINITY, trace, ({ length }) => {
      progress.now(`latency: warming up, ${length} changes, micro-batch ${batches.number}`);
      return batches.number >= WARM_MICRO_BATCHES;
    });
    const watched = await sampler().start();
    const traces = await repeat(CHANGES_WITHIN, CHANGES, async () => {
      await pause(500 + Math.random() * 1000);
      const found = await trace();
      progress.now(
        `latency: last change readable after ${(found.readableAt[0] ?? 0) - found.committedAt} ms`,
      );
      return found;
    });
    const limitedBy = limitOf(await watched.stop());
    const detail = `${traces.length} single changes, after ${warmUp.length} to warm up (micro-batch ${batches.number - traces.length})`;
    const shared = { scenario: "latency", system: system.name, unit: "ms", limitedBy, detail };
    return { measurements: [...tables(system.tables, traces, shared), ...hops(traces, shared)] };
  } finally {
    await topic.close();
    await following;
  }
}

function traceOf(
  committedAt: number,
  arrival: Arrival | undefined,
  batch: MicroBatch | undefined,
  readableAt: number[],
): Trace {
  return { committedAt, arrivedAt: arrival?.at, batchStartedAt: batch?.startedAt, readableAt };
}

type Shared = Pick<Measurement, "scenario" | "system" | "unit" | "limitedBy" | "detail">;

function tables(of: Scene["system"]["tables"], traces: readonly Trace[], shared: Shared): Measurement[] {
  return of.flatMap(({ title }, index) => {
    const times = traces.map(
      ({ committedAt, readableAt }) => (readableAt[index] ?? Number.NaN) - committedAt,
    );
    return [
      { ...shared, metric: LATENCY.median(title), value: median(times) },
      { ...shared, metric: LATENCY.p95(title), value: percentile(times, 0.95) },
      { ...shared, metric: LATENCY.max(title), value: percentile(times, 1) },
    ];
  });
}

/** The parts of the way to the first table. */
function hops(traces: readonly Trace[], shared: Shared): Measurement[] {
  const parts: [string, (trace: Trace) => number | undefined][] = [
    [
      "hop commit → message readable in Kafka, median",
      ({ committedAt, arrivedAt }) => arrivedAt && arrivedAt - committedAt,
    ],
    [
      "hop message in Kafka → micro-batch begins, median",
      ({ arrivedAt, batchStartedAt }) => arrivedAt && batchStartedAt && batchStartedAt - arrivedAt,
    ],
    [
      "hop micro-batch begins → flattened table readable, median",
      ({ batchStartedAt, readableAt }) => batchStartedAt && (readableAt[0] ?? 0) - batchStartedAt,
    ],
  ];
  return parts.flatMap(([metric, part]) => {
    const times = traces.map(part).filter((time) => time !== undefined);
    return times.length > 0 ? [{ ...shared, metric, value: median(times) }] : [];
  });
}

/** Until there are so many, the time is over, or it is enough. */
async function repeat<T>(
  within: number,
  times: number,
  work: () => Promise<T>,
  isEnough: (done: readonly T[]) => boolean = () => false,
): Promise<T[]> {
  const done: T[] = [];
  const deadline = Date.now() + within;
  while (done.length < times && Date.now() < deadline && !isEnough(done)) done.push(await work());
  return done;
}

/** One change after the other, each its own commit: a customer comes, changes, goes. */
function singleChanges(database: Client, firstId: number): { next: () => Promise<unknown> } {
  const statements = [
    `INSERT INTO public.${TABLE} VALUES ($1, 'Ada', 'Byron', 'ada@example.com', 'x', '1 Hill', 'Caguas', 'PR', 725)`,
    `UPDATE public.${TABLE} SET "customerCity" = 'Ponce' WHERE "customerId" = $1`,
    `DELETE FROM public.${TABLE} WHERE "customerId" = $1`,
  ];
  let count = 0;
  return {
    next: () => {
      const statement = statements[count % statements.length] as string;
      const id = firstId + Math.floor(count / statements.length);
      count++;
      return database.query(statement, [id]);
    },
  };
}
