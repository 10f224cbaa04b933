/** How many inserted rows a second go all the way into the lake, and on each part of the way. */

import { copyRows, customerRows } from "../load/customers";
import { END_TO_END, FROM_KAFKA, INTO_KAFKA, PEAK_MEMORY } from "../metrics";
import { DeltaLog } from "../observe/delta-log";
import { cpuPerRow, limitOf, type Usage } from "../observe/usage";
import { perSecond } from "../statistics";
import { TABLE } from "../systems/system";
import type { Findings, Scene } from "./scenario";

const TRANSACTIONS = 10;
const WITHIN = 900_000;
/** The seed's way is several times slower; its rate does not depend on the number of rows. */
const SEEDS_SHARE = 5;

/** Of the rows, inserted before they are: every process is new, and compilers are busy at first. */
const WARM_UP_SHARE = 2;

export async function throughput(scene: Scene): Promise<Findings> {
  const { system, request } = scene;
  const rows = system.name === "seed" ? Math.ceil(request.rows / SEEDS_SHARE) : request.rows;
  const shared = { scenario: "throughput", system: system.name };
  const warmUp = await insert(scene, Math.ceil(rows / WARM_UP_SHARE), "warm-up");
  const { readable, kafka, firstCommit, usage, how } = await insert(scene, rows, "throughput");
  const rate = { ...shared, unit: "rows/s", limitedBy: limitOf(usage), detail: how };
  const memory = { ...rate, unit: "MB" };
  return {
    measurements: [
      { ...rate, metric: END_TO_END, value: perSecond(rows, readable - firstCommit) },
      { ...rate, metric: INTO_KAFKA, value: perSecond(rows, kafka.last - firstCommit) },
      { ...rate, metric: FROM_KAFKA, value: perSecond(rows, readable - kafka.first) },
      {
        ...rate,
        metric: `${END_TO_END}, before that in new processes`,
        value: perSecond(warmUp.rows, warmUp.readable - warmUp.firstCommit),
        limitedBy: limitOf(warmUp.usage),
        detail: warmUp.how,
      },
      { ...memory, metric: PEAK_MEMORY, value: Math.max(usage.memory.peak, warmUp.usage.memory.peak) },
      { ...memory, metric: "memory of all containers, mean", value: usage.memory.mean },
      ...cpuPerRow(usage, rows, "an inserted row").map((cpu) => ({ ...shared, ...cpu })),
    ],
  };
}

/** Inserts rows and waits until every table has them; times are milliseconds since 1970. */
async function insert(
  { system, access, progress, sampler, ids }: Scene,
  rows: number,
  called: string,
): Promise<{
  rows: number;
  firstCommit: number;
  kafka: { first: number; last: number };
  readable: number;
  usage: Usage;
  how: string;
}> {
  progress.line(`${called}: ${rows.toLocaleString("en-US")} rows`);
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
    progress.now(`${called}: ${inKafka} messages in Kafka, ${readable} rows in the lake`);
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
    return {
      rows,
      firstCommit,
      kafka,
      readable: Math.max(...readable),
      usage: await watched.stop(),
      how: `${rows.toLocaleString("en-US")} rows in ${TRANSACTIONS} transactions, written within ${((loaded - firstCommit) / 1000).toFixed(0)} s after the first`,
    };
  } finally {
    await topic.close();
  }
}
