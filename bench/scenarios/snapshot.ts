/** How fast the rows that a table has already come: the connector begins from nothing. */
import { setTimeout as pause } from "node:timers/promises";
import { copyRows, customerRows } from "../load/customers";
import type { Measurement } from "../measurement";
import { SNAPSHOT_INTO_KAFKA, SNAPSHOT_INTO_LAKE } from "../metrics";
import { DeltaLog } from "../observe/delta-log";
import { limitOf } from "../observe/usage";
import { perSecond } from "../statistics";
import { type Access, TABLE } from "../systems/system";
import type { Findings, Scene } from "./scenario";

const PARTS = 10;
const WITHIN = 900_000;
const STOPPED_WITHIN = 60_000;

export async function snapshot({
  system,
  access,
  request,
  progress,
  sampler,
  ids,
}: Scene): Promise<Findings> {
  const intoLake = system.name === "ours";
  // The seed's way is measured into Kafka only: reading it all again would take its job minutes.
  if (!intoLake) await system.stopJob();
  await forgetConnector(access);
  const rows = await fill(access, request.rows, ids(), intoLake);
  progress.line(`snapshot: ${rows.toLocaleString("en-US")} rows`);

  const topic = access.topic();
  const from = await topic.end();
  const logs = intoLake ? system.tables.map(({ folder }) => new DeltaLog(access.lake, folder)) : [];
  await Promise.all(logs.map((log) => log.poll()));
  // Rows of the current state stay as many as the source's; the other table gets a row an event.
  const wanted = logs.map((log, index) => (index === 0 ? log.table.rows : 0) + rows);
  const watched = await sampler().start();
  const resumedAt = Date.now();
  await connect(access, "PUT", "resume");
  const deadline = Date.now() + WITHIN;
  try {
    const [kafka, ...readable] = await Promise.all([
      topic.watch(from, rows, deadline, (messages) =>
        progress.now(`snapshot: ${messages} messages in Kafka`),
      ),
      ...logs.map((log, index) => log.untilRows(wanted[index] ?? 0, deadline)),
    ]);
    const usage = await watched.stop();
    const shared = {
      scenario: "snapshot",
      system: system.name,
      unit: "rows/s",
      limitedBy: limitOf(usage),
      detail: `${rows.toLocaleString("en-US")} rows; the first message came ${((kafka.first - resumedAt) / 1000).toFixed(1)} s after the connector began`,
    };
    const measurements: Measurement[] = [
      { ...shared, metric: SNAPSHOT_INTO_KAFKA, value: perSecond(rows, kafka.last - kafka.first) },
    ];
    if (intoLake) {
      const value = perSecond(rows, Math.max(...readable) - kafka.first);
      measurements.push({ ...shared, metric: SNAPSHOT_INTO_LAKE, value });
    }
    return { measurements };
  } finally {
    await topic.close();
  }
}

/** As if it had never run: stopped, without offsets and slot. It is `resume` that makes it begin. */
async function forgetConnector(access: Access): Promise<void> {
  await connect(access, "PUT", "stop");
  const deadline = Date.now() + STOPPED_WITHIN;
  for (;;) {
    const answer = await connect(access, "DELETE", "offsets", true);
    if (answer.ok) break;
    if (Date.now() > deadline)
      throw new Error(`the connector's offsets cannot be deleted: ${await answer.text()}`);
    await pause(500);
  }
  const slot = access.outputs.replicationSlot;
  for (;;) {
    const dropped = await access.database
      .query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", [
        slot,
      ])
      .then(
        () => true,
        () => false,
      );
    if (dropped) return;
    if (Date.now() > deadline) throw new Error(`the replication slot ${slot} is still in use`);
    await pause(500);
  }
}

/** @returns how many rows the table then has */
async function fill({ database }: Access, rows: number, firstId: number, keep: boolean): Promise<number> {
  if (!keep) await database.query(`TRUNCATE public.${TABLE}`);
  for (const part of customerRows(firstId, rows, PARTS)) await copyRows(database, TABLE, part);
  const counted = await database.query(`SELECT count(*)::int AS n FROM public.${TABLE}`);
  return counted.rows[0].n;
}

/** Asks Kafka Connect. @throws Error when it refuses, unless that is `expected` */
async function connect(
  { outputs }: Access,
  method: "PUT" | "DELETE",
  path: string,
  expected = false,
): Promise<Response> {
  const answer = await fetch(`${outputs.kafkaConnectUrl}/connectors/${outputs.connectorName}/${path}`, {
    method,
  });
  if (!answer.ok && !expected) throw new Error(`Kafka Connect: ${method} ${path}: ${await answer.text()}`);
  return answer;
}
