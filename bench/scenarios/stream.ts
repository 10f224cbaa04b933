/** A long stream of inserts, updates and deletes: does the lake keep up, and does memory stay flat? */
import { setTimeout as pause } from "node:timers/promises";
import { ChangeStream, timeWritten } from "../load/change-stream";
import type { Measurement } from "../measurement";
import {
  lag,
  lagThird,
  MEMORY_FIRST_THIRD,
  MEMORY_LAST_THIRD,
  PEAK_MEMORY,
  streamScenario,
} from "../metrics";
import { DeltaLog } from "../observe/delta-log";
import { lagBySecond, type Seen } from "../observe/freshness";
import { parquetColumn } from "../observe/parquet-column";
import { limitOf } from "../observe/usage";
import type { Series } from "../report/series";
import { median, outerThirds, percentile } from "../statistics";
import { type LakeTable, TABLE } from "../systems/system";
import type { Findings, Scene } from "./scenario";

export const RATES = [1000, 5000] as const;
const ROWS_BEFORE = 10_000;
const POLL = 100;
/** Milliseconds that the lake may take after the stream has ended. */
const DRAINED_WITHIN = 600_000;

export async function stream(scene: Scene): Promise<Findings> {
  const measurements: Measurement[] = [];
  const series: Series[] = [];
  for (const rate of RATES) {
    const found = await oneStream(scene, rate);
    measurements.push(...found.measurements);
    series.push(...(found.series ?? []));
  }
  return { measurements, series };
}

async function oneStream(
  { system, access, request, progress, sampler, ids }: Scene,
  rate: number,
): Promise<Findings> {
  const seconds = request.streamMinutes * 60;
  const scenario = streamScenario(rate);
  progress.line(`${scenario} for ${request.streamMinutes} minutes`);
  const followers = system.tables.map(
    (table) => new Follower(table, new DeltaLog(access.lake, table.folder)),
  );
  await Promise.all(followers.map((follower) => follower.begin()));
  const changes = new ChangeStream(access.database, ids());
  await changes.begin(ROWS_BEFORE);
  await Promise.all(followers.map((follower) => follower.untilTime(1, Date.now() + DRAINED_WITHIN)));

  const watched = await sampler().start();
  const started = Date.now();
  const running = { value: true };
  const following = Promise.all(followers.map((follower) => follower.follow(() => running.value)));
  const reached = await changes.run(rate, seconds, (made) => {
    const behind = followers.map(
      ({ table, newest }) => `${table.title} ${((Date.now() - newest) / 1000).toFixed(1)} s`,
    );
    progress.now(`${scenario}: ${made.toLocaleString("en-US")} changes; behind: ${behind.join(", ")}`);
  });
  const ended = Date.now();
  running.value = false;
  await following;
  const deadline = Date.now() + DRAINED_WITHIN;
  await Promise.all(followers.map((follower) => follower.untilTime(reached.lastTime, deadline)));
  const drained = Date.now() - ended;
  const usage = await watched.stop();

  const counted = await access.database.query(`SELECT count(*)::int AS n FROM public.${TABLE}`);
  const shared = { scenario, system: system.name, limitedBy: limitOf(usage) };
  const series: Series[] = [];
  const measurements: Measurement[] = [
    {
      ...shared,
      metric: "changes made",
      value: reached.changes / reached.seconds,
      unit: "changes/s",
      detail: `${reached.changes.toLocaleString("en-US")} changes in ${reached.seconds.toFixed(0)} s: 40 % inserts, 40 % updates, 20 % deletes, ten transactions a second`,
    },
  ];
  for (const { table, seen, log } of followers) {
    const lags = lagBySecond(seen, started, ended);
    const values = lags.map(([, value]) => value);
    const thirds = outerThirds(values);
    series.push({
      title: `lag of the ${table.title} table at ${rate.toLocaleString("en-US")} changes/s`,
      unit: "s",
      points: lags.map(([second, value]) => [second, value / 1000] as const),
    });
    const ofLag = { ...shared, unit: "ms", detail: "age of the newest change readable, each second" };
    measurements.push(
      { ...ofLag, metric: lag(table.title, "median"), value: median(values) },
      { ...ofLag, metric: lag(table.title, "p95"), value: percentile(values, 0.95) },
      { ...ofLag, metric: lag(table.title, "max"), value: percentile(values, 1) },
      { ...ofLag, metric: lagThird(table.title, "first"), value: median(thirds.first) },
      { ...ofLag, metric: lagThird(table.title, "last"), value: median(thirds.last) },
      { ...shared, metric: `data files of the ${table.title} table`, value: log.table.count, unit: "files" },
      {
        ...shared,
        metric: `versions of the ${table.title} table`,
        value: log.version + 1,
        unit: "versions",
        detail: `since the stack was made; ${await log.logObjects()} objects in its log`,
      },
    );
  }
  const state = followers.find(({ table }) => table.title === "current state");
  measurements.push(
    { ...shared, metric: "from the last change to everything readable", value: drained, unit: "ms" },
    {
      ...shared,
      metric: "rows of the current state table less those of the source",
      value: (state?.log.table.rows ?? Number.NaN) - counted.rows[0].n,
      unit: "rows",
    },
    { ...shared, metric: PEAK_MEMORY, value: usage.memory.peak, unit: "MB" },
    { ...shared, metric: MEMORY_FIRST_THIRD, value: usage.memory.firstThird, unit: "MB" },
    { ...shared, metric: MEMORY_LAST_THIRD, value: usage.memory.lastThird, unit: "MB" },
  );
  return { measurements, series };
}

/** Reads from each new data file of a table how new its newest change is. */
class Follower {
  readonly seen: Seen[] = [];
  newest = 0;

  constructor(
    readonly table: LakeTable,
    readonly log: DeltaLog,
  ) {}

  /** From what is there on. */
  async begin(): Promise<void> {
    await this.log.poll();
  }

  async follow(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.read();
      await pause(POLL);
    }
  }

  /** @throws Error after the deadline */
  async untilTime(time: number, deadline: number): Promise<void> {
    while (this.newest < time) {
      if (Date.now() > deadline) throw new Error(`${this.log.folder}: the last changes did not come in time`);
      await this.read();
      await pause(POLL);
    }
  }

  private async read(): Promise<void> {
    for (const commit of await this.log.poll()) {
      // One that is there before and after has only lost rows.
      const fresh = commit.adds.filter(
        ({ path, dataChange }) => dataChange && !commit.removes.includes(path),
      );
      for (const add of fresh) {
        const times = await parquetColumn(await this.log.file(add), this.table.timeColumn);
        const time = times.reduce<number>((most, value) => Math.max(most, timeWritten(value) ?? 0), 0);
        this.newest = Math.max(this.newest, time);
        if (time > 0) this.seen.push({ at: commit.seenAt, time: this.newest });
      }
    }
  }
}
