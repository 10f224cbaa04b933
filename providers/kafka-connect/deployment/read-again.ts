/** Has a running connector send the rows of tables: those of before a table was captured, or all rows once more. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { mapConcurrently } from "../../concurrently";
import type { CapturedDatabase } from "../database/replication";
import type { SnapshotType } from "../database/signal-sql";
import type { SourceFacts } from "../database/source-facts";
import { progressLine, snapshotProgress } from "../debezium/captured-tables";
import { replicationOf, type TableName } from "../debezium/postgres";
import { type SnapshotKind, snapshotKind } from "../debezium/snapshot-kind";
import { resnapshotCommand } from "../debezium/table-names";
import { topicOf } from "../debezium/table-topic-name";
import { publicationOf } from "../gaps/gaps";
import type { DatabaseAccess } from "../inputs";
import type { Pacing } from "../pacing";
import type { ConnectApi, ConnectorConfig } from "../rest/api";
import { judge } from "../rest/health";
import { NotRunning } from "../rest/running";
import { listing } from "../text/listing";
import { type Arrivals, missingRows } from "./arrivals";
import { type Replacement, writeControl } from "./start-over";
import type { Ends, TableTopics } from "./table-topics";

/** Debezium's default of `incremental.snapshot.chunk.size`. */
const CHUNK_SIZE = 1024;

/** Whom to talk to. */
export interface Pipeline {
  readonly connect: ConnectApi;
  readonly database: CapturedDatabase;
  /** Undefined: Kafka is not known here. Then nothing is counted, and no lake table has its old rows replaced. */
  readonly topics: TableTopics | undefined;
  readonly pacing: Pacing;
}

export interface WantedRows {
  readonly table: string;
  /** Whether they replace all that was sent of the table before; else they add to it. */
  readonly replace: boolean;
}

export interface RowsRequest {
  /** The connector's. */
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly access: DatabaseAccess;
  readonly wanted: readonly WantedRows[];
  /** Undefined: incremental where that works. */
  readonly type?: SnapshotType | undefined;
  /** Milliseconds without any progress after which it is given up. */
  readonly silence: number;
  /** Where what happens is told. */
  readonly say: (line: string) => void;
}

export interface RowsOutcome {
  readonly sent: readonly string[];
  /** Tables whose rows did not all come, and why, with what to do. */
  readonly failures: readonly { readonly table: string; readonly text: string }[];
}

/** A table on its way. */
interface Sending extends WantedRows {
  readonly kind: SnapshotKind;
  readonly id: string;
  readonly topic: string | undefined;
  /** Where its topic ended before; undefined: not to be known. */
  readonly from: Ends | undefined;
  /** Rows of the source before; undefined: not to be known. */
  readonly expected: number | undefined;
}

/**
 * One request for all tables that can be read in chunks, while changes go on being captured; then one for the others, for which
 * the changes of all tables wait. What has arrived in Kafka is counted against the source before a table counts as sent. A table
 * that fails does not keep the others from theirs.
 * @throws NotRunning when the connector fails meanwhile
 */
export async function sendRows(pipeline: Pipeline, request: RowsRequest): Promise<RowsOutcome> {
  const { database, topics, pacing } = pipeline;
  const { name, config, access, say } = request;
  const signals = replicationOf(config)?.signalTable;
  if (!signals) throw new Error('config["signal.data.collection"] names no table to ask for rows through');
  const { facts, failures } = await whenPublished(pipeline, request, signals);
  const possible = request.wanted.filter(({ table }) => !failures.some((failure) => failure.table === table));
  const sendings = await prepared(pipeline, request, possible, facts);
  if (topics) await writeControl(topics, "begin", replacementsOf(sendings, facts));

  const outcome: { sent: string[]; failures: { table: string; text: string }[] } = { sent: [], failures };
  let inChunks = sendings.filter(({ kind }) => kind.type === "incremental");
  let atOnce = sendings.filter(({ kind }) => kind.type === "blocking");
  if (inChunks.length > 0) {
    say(`connector ${name}: sending the rows of ${listOf(inChunks)}; changes are captured meanwhile`);
    const short = await sendAndCount(pipeline, request, signals, inChunks, "incremental", outcome);
    // Whatever kept Debezium from it, the other way may work.
    inChunks = inChunks.filter((sending) => !short.includes(sending));
    atOnce = [...atOnce, ...short.map((sending) => ({ ...sending, kind: ALL_AT_ONCE }))];
  }
  if (atOnce.length > 0) {
    for (const { table, kind } of atOnce) {
      say(`connector ${name}: ${table} is read all at once${kind.why ? `, since ${kind.why}` : ""}`);
    }
    say(`connector ${name}: sending the rows of ${listOf(atOnce)}; changes of all tables wait meanwhile`);
    await sendAndCount(pipeline, request, signals, atOnce, "blocking", outcome);
  }
  const complete = sendings.filter(({ table }) => outcome.sent.includes(table));
  if (topics) await writeControl(topics, "end", replacementsOf(complete, facts));
  if (outcome.sent.length > 0) await database.forgetGaps(access, signals, outcome.sent, pacing);
  return outcome;
}

const ALL_AT_ONCE: SnapshotKind = { type: "blocking", why: "not all of its rows came in chunks" };

/** A signal written before the connector has put the table into its publication would never reach it. */
async function whenPublished(
  { database, pacing }: Pipeline,
  { config, access, wanted, silence }: RowsRequest,
  signals: TableName,
): Promise<{ facts: SourceFacts; failures: { table: string; text: string }[] }> {
  const publication = publicationOf(config);
  const signalTable = `${signals.schema}.${signals.table}`;
  const tables = wanted.map(({ table }) => table);
  const question = {
    tables: [...tables, signalTable],
    publication,
    slot: replicationOf(config)?.slot ?? "",
    oids: [],
  };
  const isAddedByItself = replicationOf(config)?.publication !== undefined;
  const deadline = Date.now() + silence / 4;
  for (;;) {
    const facts = await database.readSource(access, question, pacing);
    const isReady = (table: string) => !publication || facts.tables[table]?.isPublished === true;
    if (question.tables.every(isReady)) return { facts, failures: [] };
    if (!isAddedByItself || Date.now() >= deadline) {
      const text = (table: string) =>
        !facts.tables[table]
          ? `${table} does not exist`
          : `publication ${publication} does not contain ${table}, so its rows cannot be asked for: ALTER PUBLICATION ${publication} ADD TABLE ${table}`;
      // Without the signal table nothing at all can be asked for.
      const failing = isReady(signalTable) ? tables.filter((table) => !isReady(table)) : tables;
      return {
        facts,
        failures: failing.map((table) => ({ table, text: text(isReady(table) ? signalTable : table) })),
      };
    }
    await pause(pacing.poll);
  }
}

/** Looks where the topics end and counts the rows, for all tables together: a thousand of them have to be sent soon. */
async function prepared(
  { database, topics, pacing }: Pipeline,
  { name, config, access, type, say }: RowsRequest,
  wanted: readonly WantedRows[],
  facts: SourceFacts,
): Promise<Sending[]> {
  const topicOfTable = new Map(wanted.map(({ table }) => [table, topicOf(config, table)]));
  const ends = await topics?.ends([...topicOfTable.values()].filter((topic) => topic !== undefined));
  const counts = await database
    .countRows(
      access,
      wanted.map(({ table }) => table),
      pacing,
    )
    .catch((error: Error) => new Map(wanted.map(({ table }) => [table, error])));
  return wanted.map((one) => {
    const { table } = one;
    const topic = topicOfTable.get(table);
    const from = topic && ends ? (ends.get(topic) ?? []) : undefined;
    const count = counts.get(table);
    if (count instanceof Error) {
      say(`connector ${name}: ${table}: its rows cannot be counted: ${count.message}`);
    }
    if (one.replace && (!topics || !topic)) {
      const why = topics ? "it has no topic of its own" : "no `kafka` was given";
      say(`connector ${name}: ${table}: rows that are gone from the source stay in the lake, as ${why}`);
    }
    const found = facts.tables[table];
    const kind = type ? { type } : found ? snapshotKind(table, found, config) : ALL_AT_ONCE;
    const expected = count instanceof Error ? undefined : count;
    return { ...one, kind, id: randomUUID(), topic, from, expected };
  });
}

/** The tables whose rows of before give way, as far as that can be said in their topics. */
function replacementsOf(sendings: readonly Sending[], { position = 0 }: SourceFacts): Replacement[] {
  return sendings.flatMap(({ table, topic, from, id, replace }) =>
    replace && topic && from ? [{ table, topic, id, partitions: from.length, position }] : [],
  );
}

/** @returns those whose rows did not all come in chunks; of a blocking snapshot they are failures */
async function sendAndCount(
  pipeline: Pipeline,
  request: RowsRequest,
  signals: TableName,
  sendings: readonly Sending[],
  type: SnapshotType,
  outcome: { sent: string[]; failures: { table: string; text: string }[] },
): Promise<Sending[]> {
  const { database, pacing } = pipeline;
  const { name, access, say } = request;
  const id = `snapshot ${randomUUID().slice(0, 13)}`;
  const tables = sendings.map(({ table }) => table);
  const position = await database.requestSnapshot(access, signals, { id, type, tables }, pacing);
  await watch(pipeline, request, signals, { id, type, position, sendings });
  await database.tidyUp(access, signals, id, pacing);
  const short: Sending[] = [];
  const sent: { table: string; rows: number; text: string }[] = [];
  const arrivals = await mapConcurrently(sendings, COUNTED_AT_ONCE, (sending) =>
    (type === "blocking" ? whenArrived : arrivalsOf)(pipeline, sending),
  );
  for (const [index, sending] of sendings.entries()) {
    const { table, topic, expected } = sending;
    const arrived = arrivals[index];
    const missing = arrived && expected !== undefined ? missingRows(expected, arrived) : 0;
    if (missing === 0) {
      outcome.sent.push(table);
      sent.push({ table, rows: expected ?? 0, text: sentInWords(arrived, expected) });
    } else if (type === "incremental") {
      short.push(sending);
    } else {
      const text =
        `${missing.toLocaleString("en")} of the ${expected?.toLocaleString("en")} rows of ${table} did not arrive in ${topic}: ` +
        `see the worker's log for ${table}, then \`${resnapshotCommand([table])}\``;
      outcome.failures.push({ table, text });
    }
  }
  if (sent.length <= LINES) for (const { table, text } of sent) say(`connector ${name}: ${table}: ${text}`);
  else {
    const rows = sent.reduce((sum, one) => sum + one.rows, 0).toLocaleString("en");
    say(`connector ${name}: all rows of ${listing(sent.map(({ table }) => table))} sent (${rows})`);
  }
  return short;
}

/** Topics of which the messages are counted side by side: each takes a few round trips. */
const COUNTED_AT_ONCE = 8;
/** Of more tables than these, one line says it. */
const LINES = 10;

/**
 * A blocking snapshot begins some time after the request was read, and an offset does not tell of it: what has come is complete
 * when it is as much as the source has, or when nothing more comes.
 */
async function whenArrived(pipeline: Pipeline, sending: Sending): Promise<Arrivals | undefined> {
  const { topics, pacing } = pipeline;
  let arrived = await arrivalsOf(pipeline, sending);
  let counted = await topicSizes(topics, [sending]);
  let size = counted;
  let since = Date.now();
  while (arrived && sending.expected !== undefined && missingRows(sending.expected, arrived) > 0) {
    if (Date.now() - since >= pacing.progress * NOTHING_MORE) break;
    await pause(pacing.poll);
    const now = await topicSizes(topics, [sending]);
    if (now !== size) since = Date.now();
    else if (now !== counted) {
      // Counted once they have stopped coming: to count is to read them all.
      arrived = await arrivalsOf(pipeline, sending);
      counted = now;
    }
    size = now;
  }
  return arrived;
}

/** So many progress lines' time without a new row: wide ones, on a busy machine, come half a minute apart. */
const NOTHING_MORE = 24;

async function arrivalsOf({ topics }: Pipeline, { topic, from }: Sending): Promise<Arrivals | undefined> {
  if (!topics || !topic || !from) return undefined;
  const to = (await topics.ends([topic])).get(topic) ?? [];
  return topics.arrivals(topic, from, to);
}

function sentInWords(arrived: Arrivals | undefined, expected: number | undefined): string {
  if (expected === 0) return "all rows sent (it had none)";
  if (!arrived || expected === undefined) return "rows sent; they could not be counted";
  return `all rows sent (${arrived.rows.toLocaleString("en")}; ${expected.toLocaleString("en")} in the source)`;
}

interface Watched {
  readonly id: string;
  readonly type: SnapshotType;
  /** From here on events come after the request. */
  readonly position: number;
  readonly sendings: readonly Sending[];
}

/**
 * Waits until the snapshot is over: a request is carried out in the thread that reads the log, so an offset behind it knows of
 * the snapshot, and is committed together with its rows.
 */
async function watch(
  pipeline: Pipeline,
  { name, config, access, silence, say }: RowsRequest,
  signals: TableName,
  { id, type, position, sendings }: Watched,
): Promise<void> {
  const { connect, database, topics, pacing } = pipeline;
  const names = sendings.map(({ table }) => table);
  const chunkSize = Number(config["incremental.snapshot.chunk.size"] ?? CHUNK_SIZE);
  let told = Date.now();
  let toldLine = "";
  let seen = "";
  let seenAt = Date.now();
  for (;;) {
    const progress = snapshotProgress(await connect.readOffsets(name));
    const waiting = names.filter((table) => progress.unfinished.includes(table));
    if (progress.position >= position && waiting.length === 0) return;
    const status = await connect.readStatus(name);
    const health = judge(status);
    if (health.verdict === "failed") throw new NotRunning(health.reasons, status);
    if (Date.now() - told >= pacing.progress) {
      told = Date.now();
      const chunks = await database.countChunks(access, signals, id, pacing);
      const arrived = topics ? await topicSizes(topics, sendings) : undefined;
      const sign = JSON.stringify([chunks, arrived, progress]);
      if (sign !== seen) seenAt = told;
      seen = sign;
      const expected = sendings.reduce((sum, sending) => sum + (sending.expected ?? 0), 0);
      const current = type === "blocking" || waiting.length === 0 ? listOf(sendings) : waiting[0];
      const about = arrived ?? chunks * chunkSize;
      const isRead = progress.position >= position || waiting.length > 0 || about > 0;
      const line = isRead
        ? progressLine(current ?? "", about, expected, names.length - waiting.length, names.length)
        : "waiting for the connector to read the request";
      if (line !== toldLine) say(`connector ${name}: ${line}`);
      toldLine = line;
    }
    // Unseen, rows that are read all at once come without a sign.
    const hasSigns = type === "incremental" || topics !== undefined;
    if (hasSigns && Date.now() - seenAt >= silence) {
      throw new Error(
        `nothing more has come of ${listing(waiting.length > 0 ? waiting : names)} for ${silence / 1000} s, and all that was asked for ` +
          `after it waits: restart the connector (POST /connectors/${name}/restart?includeTasks=true), see the worker's log, ` +
          `then \`${resnapshotCommand(names)}\``,
      );
    }
    await pause(pacing.poll);
  }
}

/** Messages in the topics since the request. */
async function topicSizes(topics: TableTopics | undefined, sendings: readonly Sending[]): Promise<number> {
  const names = sendings.flatMap(({ topic }) => topic ?? []);
  const ends = await topics?.ends(names);
  let size = 0n;
  for (const { topic, from } of sendings) {
    const to = (topic && ends?.get(topic)) || [];
    to.forEach((end, partition) => {
      size += end - (from?.[partition] ?? 0n);
    });
  }
  return Number(size);
}

function listOf(sendings: readonly Sending[]): string {
  const names = sendings.map(({ table }) => table);
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more tables` : shown;
}
