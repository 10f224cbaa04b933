/** How fast PostgreSQL hands out the changes of a table: pg_recvlogical with pgoutput into nothing. */
import { setTimeout as pause } from "node:timers/promises";
import type { Measurement } from "../measurement";
import { type RunningStack, sql } from "../running-stack";
import { median, perSecond } from "../statistics";

const NAME = "bench_limit";
const ROWS = 300_000;
const RUNS = 3;
/** Milliseconds the connector gets to read past the rows, which it decodes too, though it does not capture them. */
const OTHERS_WITHIN = 60_000;

const SLOTS = Array.from({ length: RUNS }, (_, run) => `${NAME}_${run}`);
const OWN_SLOTS = SLOTS.map((slot) => `'${slot}'`).join(", ");

export async function logicalDrain(stack: RunningStack): Promise<Measurement[]> {
  await remove(stack);
  try {
    await sql(
      stack,
      `CREATE TABLE public.${NAME} (LIKE public.customers1 INCLUDING ALL);
       ALTER TABLE public.${NAME} REPLICA IDENTITY FULL;
       CREATE PUBLICATION ${NAME} FOR TABLE public.${NAME};`,
    );
    for (const slot of SLOTS)
      await sql(stack, `SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
    await sql(
      stack,
      `INSERT INTO public.${NAME}
       SELECT n, 'Grace', 'Hopper', 'grace.hopper' || n || '@example.com', md5(n::text), n % 9999 || ' Silver Pond Lane',
              'Caguas', 'PR', 725
       FROM generate_series(1, ${ROWS}) AS n`,
    );
    const end = (await sql(stack, "SELECT pg_current_wal_flush_lsn()")).trim();
    await othersPassed(stack, end);
    const times: number[] = [];
    for (const slot of SLOTS) times.push(await drain(stack, slot, end));
    return [
      {
        scenario: "throughput",
        system: "limit",
        metric: "pg_recvlogical alone, inserted rows",
        value: perSecond(ROWS, median(times)),
        unit: "rows/s",
        limitedBy: "one core: PostgreSQL decodes a slot in one process",
        detail: `pgoutput to /dev/null, ${ROWS.toLocaleString("en-US")} rows in one transaction, median of ${RUNS}`,
      },
    ];
  } finally {
    await remove(stack);
  }
}

/** Milliseconds, measured inside the container. */
async function drain(stack: RunningStack, slot: string, end: string): Promise<number> {
  const command = `pg_recvlogical -U postgres -d postgres --slot ${slot} --start --no-loop --endpos ${end} -f /dev/null \
    -o proto_version=1 -o publication_names=${NAME}`;
  const timed = `date +%s%N; timeout 120 ${command} >&2; date +%s%N`;
  const [begin, done] = (await stack.exec("postgresql", ["sh", "-ec", timed])).trim().split("\n");
  return Number(BigInt(done ?? 0) - BigInt(begin ?? 0)) / 1e6;
}

async function othersPassed(stack: RunningStack, end: string): Promise<void> {
  const deadline = Date.now() + OTHERS_WITHIN;
  const behind = `SELECT count(*) FROM pg_replication_slots
    WHERE active AND slot_name NOT IN (${OWN_SLOTS}) AND confirmed_flush_lsn < '${end}'`;
  while (Number(await sql(stack, behind)) > 0 && Date.now() < deadline) await pause(500);
}

async function remove(stack: RunningStack): Promise<void> {
  await sql(
    stack,
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name IN (${OWN_SLOTS});
     DROP PUBLICATION IF EXISTS ${NAME};
     DROP TABLE IF EXISTS public.${NAME};`,
  );
}
