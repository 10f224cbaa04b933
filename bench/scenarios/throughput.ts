/** How many inserted rows a second go all the way into the lake, and on each part of the way. */

import { copyRows, customerRows } from "../load/customers";
import { END_TO_END, FROM_KAFKA, INTO_KAFKA, PEAK_MEMORY } from "../metrics";
import { DeltaLog } from "../observe/delta-log";
import { cpuPerRow, limitOf } from "../observe/usage";
import { perSecond } from "../statistics";
import { TABLE } from "../systems/system";
import type { Findings, Scene } from "./scenario";

const TRANSACTIONS = 10;
const WITHIN = 900_000;
/** The seed's way is several times slower; its rate does not depend on the number of rows. */
const SEEDS_SHARE = 5;

export async function throughput({
  system,
  access,
  request,
  progress,
  sampler,
  ids,
}: Scene): Promise<Findings> {
  const rows = system.name === "seed" ? Math.ceil(request.rows / SEEDS_SHARE) : request.rows;
  progress.line(`throughput: ${rows.toLocaleString("en-US")} rows`);
  const parts = customerRows(ids(), rows, TRANSACTIONS);
  const logs = system.tables.map(({ folder }) => new DeltaLog(access.lake, folder));
  await Promise.all(logs.map((log) => log.poll()));
  const topic = access.topic();
  const from = await topic.end();
  const watched = await sampler().start();

  let firstCommit = 0;
  const load = async () => {
    for (const part of parts) {
      await copyRows(access.database, TABLE, part);
      firstCommit ||= Date.now();
    }
    return Date.now();
  };
  const deadline = Date.now() + WITHIN;
  let inKafka = 0;
  const tell = (readable: number) =>
    progress.now(`throughput: ${inKafka} messages in Kafka, ${readable} rows in the lake`);
  try {
    const [loaded, kafka, ...readable] = await Promise.all([
      load(),
      topic.watch(from, rows, deadline, (messages) => {
        inKafka = messages;
      }),
      ...logs.map((log) => {
        const before = log.table.rows;
        return log.untilRows(before + rows, deadline, (now) => tell(now - before));
      }),
    ]);
    const usage = await watched.stop();
    const shared = {
      scenario: "throughput",
      system: system.name,
      unit: "rows/s",
      limitedBy: limitOf(usage),
      detail: `${rows.toLocaleString("en-US")} rows in ${TRANSACTIONS} transactions, written within ${((loaded - firstCommit) / 1000).toFixed(0)} s after the first`,
    };
    const [memory] = [{ ...shared, metric: PEAK_MEMORY, value: usage.memory.peak, unit: "MB" }];
    return {
      measurements: [
        { ...shared, metric: END_TO_END, value: perSecond(rows, Math.max(...readable) - firstCommit) },
        { ...shared, metric: INTO_KAFKA, value: perSecond(rows, kafka.last - firstCommit) },
        { ...shared, metric: FROM_KAFKA, value: perSecond(rows, Math.max(...readable) - kafka.first) },
        memory,
        { ...memory, metric: "memory of all containers, mean", value: usage.memory.mean },
        ...cpuPerRow(usage, rows).map(({ of, microseconds }) => ({
          scenario: shared.scenario,
          system: system.name,
          metric: `CPU time of ${of}, an inserted row`,
          value: microseconds,
          unit: "µs",
        })),
      ],
    };
  } finally {
    await topic.close();
  }
}
