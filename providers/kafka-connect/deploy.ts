import { sendEarlierRows } from "./added-tables";
import { ConnectBusy, ConnectError, type ConnectorStatus, ConnectUnreachable } from "./api";
import { addedTables, capturedBefore } from "./captured-tables";
import { ConnectClient } from "./client";
import { sameConfig } from "./config";
import { adviceFor, literalTables, replicationOf } from "./debezium-postgres";
import { type ConnectorInputs, type ConnectorOutputs, DEFAULT_TIMEOUT_SECONDS } from "./inputs";
import { outputsOf } from "./outputs";
import type { Pacing } from "./pacing";
import { redactor } from "./redaction";
import { describeRejection } from "./rejection";
import { type CapturedDatabase, DatabaseRefuses, DatabaseUnreachable, type Slot } from "./replication";
import { type Evidence, NotRunning, rewind, waitUntilRunning } from "./running";

/**
 * Thrown when the connector exists but does not run. The engine records it with these properties, so that a later run
 * repairs or deletes it, and shows the reasons.
 */
export class ConnectorNotRunning extends Error {
  constructor(
    readonly id: string,
    readonly properties: ConnectorOutputs,
    readonly reasons: string[],
  ) {
    super(reasons.join("\n"));
  }
}

/**
 * Makes the connector as wanted, or changes the one that is there, and waits until it runs. Tables that it captured not
 * yet have their rows sent.
 * @param olds what the last deployment recorded; undefined when the resource is new
 * @throws ConnectorNotRunning when it is there but does not run; an Error when Connect or the database refused it.
 */
export async function deploy(
  inputs: ConnectorInputs,
  olds: ConnectorOutputs | undefined,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<ConnectorOutputs> {
  const hide = redactor(inputs);
  const { name, config } = inputs;
  const deadline = Date.now() + (inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  const connect = new ConnectClient({ url: inputs.connectUrl, deadline, pacing });
  let isThere = false;
  let isAsked = false;
  let status: ConnectorStatus | undefined;
  let recorded: Recorded = {
    capturedTables: olds?.capturedTables,
    madeSignalTable: olds?.madeSignalTable,
  };
  try {
    await requireTables(inputs, pacing, captured);
    recorded = { ...recorded, ...(await prepareSignalTable(inputs, pacing, captured)) };
    const slotBefore = await slotOf(inputs, pacing, captured);
    let before = await connect.readStatus(name);
    let isHalted = before !== undefined && ["PAUSED", "STOPPED"].includes(before.connector.state);
    isAsked = true;
    let live = await connect.readConfig(name);
    let known = capturedBefore({
      recorded: olds?.capturedTables,
      live,
      published: olds || live ? undefined : await published(inputs, pacing, captured),
    });
    if ((!olds || !live) && slotBefore?.exists === false) {
      // Offsets without their slot are left over, and would lead past the snapshot.
      await rewind(connect, name, config, pacing);
      isThere = true;
      isHalted = true;
      before = await connect.readStatus(name);
      live = await connect.readConfig(name);
      known = undefined;
    }
    const listedBefore = live ? literalTables(live) : [];
    const wanted = literalTables(config);
    const added = addedTables(config, known);
    if (wanted.length > 0) {
      recorded = { ...recorded, capturedTables: wanted.filter((table) => !added.includes(table)) };
    }
    await noteRemoval(inputs, olds || live ? (known ?? []) : [], pacing, captured);
    const isSame = live !== undefined && sameConfig(live, config);
    // Writing the same config again would restart the connector for nothing.
    if (!isSame) await connect.writeConfig(name, config);
    isThere = true;
    // A PUT leaves a paused or stopped connector as it is.
    if (isHalted) await connect.resume(name);
    const changed = live !== undefined && !isSame;
    const evidence = async (): Promise<Evidence> => {
      const slot = await slotOf(inputs, pacing, captured);
      if (slot?.exists === false) return "cannot read";
      // With another config the tasks start again, and read through another server process.
      const isOld = changed && slot?.reader === slotBefore?.reader;
      return slot?.reader !== undefined && !isOld ? "reads" : "none";
    };
    status = await waitUntilRunning(connect, { name, config, before, changed, evidence, deadline }, pacing);
    if (added.length > 0) {
      const watchUntil = Date.now() + (inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
      const rows = { inputs, tables: added, listedBefore, deadline: watchUntil, say };
      const patient = new ConnectClient({ url: inputs.connectUrl, deadline: watchUntil, pacing });
      await sendEarlierRows(patient, captured, rows, pacing);
      recorded = { ...recorded, capturedTables: wanted };
    }
    return outputsOf(inputs, status, recorded);
  } catch (error) {
    const reasons = (await reasonsOf(error, connect, inputs)).map(hide);
    if (error instanceof NotRunning) status = error.status;
    const problem = [`connector ${name}:`, ...reasons].join(reasons.length > 1 ? "\n  " : " ");
    // Without a clear no from Connect, the connector may have been made.
    const mayBeThere = isAsked && (error instanceof ConnectUnreachable || error instanceof ConnectBusy);
    if (isThere || mayBeThere)
      throw new ConnectorNotRunning(name, outputsOf(inputs, status, recorded), [problem]);
    throw new Error(problem);
  }
}

type Recorded = Pick<ConnectorOutputs, "capturedTables" | "madeSignalTable">;

/** The engine shows what a provider prints. */
export function say(line: string): void {
  console.log(line);
}

/** The table must be there before the connector starts: only then is it in its publication. */
async function prepareSignalTable(
  { name, config, database }: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<Recorded> {
  const signals = replicationOf(config)?.signalTable;
  if (!database || !signals) return {};
  try {
    return { madeSignalTable: await captured.ensureSignalTable(database, signals, name, pacing) };
  } catch (error) {
    if (error instanceof DatabaseUnreachable) return {};
    throw error;
  }
}

/** The tables of the connector's publication, as far as that can be seen from here. */
async function published(
  { config, database }: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<string[] | undefined> {
  const publication = replicationOf(config)?.publication;
  if (!database || !publication) return undefined;
  return captured.publishedTables(database, publication, pacing).catch(() => undefined);
}

/** Says what becomes of tables that are taken off the list, and remembers it for when they come back. */
async function noteRemoval(
  { name, config, database }: ConnectorInputs,
  known: readonly string[],
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<void> {
  const signals = replicationOf(config)?.signalTable;
  const listed = literalTables(config);
  const removed = known.filter(
    (table) => !listed.includes(table) && table !== config["signal.data.collection"],
  );
  if (removed.length === 0 || listed.length === 0) return;
  say(`connector ${name}: ${removed.join(", ")} no longer captured; topics and lake tables stay as they are`);
  if (!database || !signals) return;
  await captured.noteRemoval(database, signals, removed, pacing).catch((error: unknown) => {
    if (!(error instanceof DatabaseUnreachable)) throw error;
  });
}

/** The connector's replication slot, as far as there is one and it can be seen from here. */
async function slotOf(
  { config, database }: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<Slot | undefined> {
  const replication = replicationOf(config);
  if (!replication || !database) return undefined;
  return captured.readSlot(database, replication.slot, pacing).catch(() => undefined);
}

/** Debezium passes over a table that does not exist in silence. */
async function requireTables(
  { config, database }: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<void> {
  const tables = literalTables(config);
  if (!database || !replicationOf(config) || tables.length === 0) return;
  const missing = await captured.missingTables(database, tables, pacing).catch((error: unknown) => {
    // Not reachable from here need not mean not reachable for Connect, which says so itself.
    if (error instanceof DatabaseUnreachable) return [];
    throw error;
  });
  if (missing.length === 0) return;
  const one = missing.length === 1;
  throw new Error(
    `config["table.include.list"] names ${missing.join(", ")}, but database ${database.database} at ` +
      `${database.host}:${database.port} has no such ${one ? "table" : "tables"}: create ${one ? "it" : "them"} first, ` +
      `or take ${one ? "it" : "them"} off the list`,
  );
}

async function reasonsOf(
  error: unknown,
  connect: ConnectClient,
  { connectUrl, name, config }: ConnectorInputs,
): Promise<string[]> {
  if (error instanceof NotRunning) return [...error.reasons, ...adviceFor(error.reasons, connectUrl, name)];
  if (error instanceof ConnectError && error.status === 400) {
    const validation = await connect.validateConfig(name, config).catch(() => []);
    return ["Kafka Connect refuses the config", ...describeRejection(config, error.message, validation)];
  }
  if (error instanceof DatabaseRefuses) return [`${error.message} (check the resource's \`database\`)`];
  return [error instanceof Error ? error.message : String(error)];
}
