/** How fast the rows that a table has already come: the connector begins from nothing. */
import { setTimeout as pause } from "node:timers/promises";
import { copyRows, customerRows } from "../load/customers";
import type { Measurement } from "../measurement";
import { PEAK_MEMORY, SNAPSHOT_INTO_KAFKA, SNAPSHOT_INTO_LAKE } from "../metrics";
import { DeltaLog } from "../observe/delta-log";
import { cpuPerRow, limitOf } from "../observe/usage";
import { perSecond } from "../statistics";
import { type Access, TABLE } from "../systems/system";
import type { Findings, Scene } from "./scenario";

const PARTS = 10;
const WITHIN = 900_000;
const STOPPED_WITHIN = 60_000;

/** Into Kafka with the streaming job stopped; ours then also with it running, into the lake. */
export async function snapshot(scene: Scene): Promise<Findings> {
  const { system, access, request, progress, ids } = scene;
  const toLake = system.name === "ours";
  const logs = toLake ? system.tables.map(({ folder }) => new DeltaLog(access.lake, folder)) : [];
  await system.stopJob();
  let rows: number;
  let intoKafka: Measurement[];
  try {
    await Promise.all(logs.map((log) => log.poll()));
    await forgetConnector(access);
    rows = await fill(access, request.rows, ids());
    progress.line(`snapshot into Kafka: ${rows.toLocaleString("en-US")} rows`);
    intoKafka = await measure(scene, rows, [], (kafka) => ({
      metric: SNAPSHOT_INTO_KAFKA,
      value: perSecond(rows, kafka.last - kafka.first),
    }));
  } finally {
    // The seed's job would take minutes to read it all.
    if (toLake) await system.startJob();
  }
  if (!toLake) return { measurements: intoKafka };

  await untilRead(logs, rows);
  await forgetConnector(access);
  progress.line(`snapshot into the lake: ${rows.toLocaleString("en-US")} rows`);
  const intoLake = await measure(scene, rows, logs, (kafka, readable) => ({
    metric: SNAPSHOT_INTO_LAKE,
    value: perSecond(rows, readable - kafka.first),
  }));
  return { measurements: [...intoKafka, ...intoLake] };
}

/** @param logs of the tables to wait for */
async function measure(
  { system, access, sampler, progress }: Scene,
  rows: number,
  logs: DeltaLog[],
  figure: (kafka: { first: number; last: number }, readable: number) => { metric: string; value: number },
): Promise<Measurement[]> {
  const topic = access.topic();
  const from = await topic.end();
  const watched = await sampler().start();
  const resumedAt = Date.now();
  await connect(access, "PUT", "resume");
  try {
    const [kafka, readable] = await Promise.all([
      topic.watch(from, rows, resumedAt + WITHIN, (messages) =>
        progress.now(`snapshot: ${messages} messages in Kafka`),
      ),
      untilRead(logs, rows),
    ]);
    const usage = await watched.stop();
    const { metric, value } = figure(kafka, readable);
    const shared = { scenario: "snapshot", system: system.name };
    const rate = {
      ...shared,
      metric,
      value,
      unit: "rows/s",
      limitedBy: limitOf(usage),
      detail: `${rows.toLocaleString("en-US")} rows; the first message came ${((kafka.first - resumedAt) / 1000).toFixed(1)} s after the connector began`,
    };
    const intoLake = logs.length > 0;
    const leg = intoLake ? "into the lake" : "into Kafka";
    return [
      rate,
      // Of the platform at work: without its job it would be no peak.
      ...(intoLake ? [{ ...rate, metric: PEAK_MEMORY, value: usage.memory.peak, unit: "MB" }] : []),
      ...cpuPerRow(usage, rows, `an existing row ${leg}`).map((cpu) => ({ ...shared, ...cpu })),
    ];
  } finally {
    await topic.close();
  }
}

/**
 * Waits for so many more events in the first of the tables, which gets a row for each; the others follow it closely.
 * @returns when they could be read
 */
async function untilRead(logs: DeltaLog[], events: number): Promise<number> {
  const deadline = Date.now() + WITHIN;
  const seen = await Promise.all(
    logs.map((log, index) => log.untilRows(log.table.rows + (index === 0 ? events : 0), deadline)),
  );
  return Math.max(0, ...seen);
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

/**
 * Adds what the table lacks of so many rows; throughput may have left some.
 * @returns how many rows the table then has
 */
async function fill({ database }: Access, rows: number, firstId: number): Promise<number> {
  const count = async (): Promise<number> =>
    (await database.query(`SELECT count(*)::int AS n FROM public.${TABLE}`)).rows[0].n;
  const lacking = rows - (await count());
  if (lacking > 0) {
    for (const part of customerRows(firstId, lacking, PARTS)) await copyRows(database, TABLE, part);
  }
  return count();
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
