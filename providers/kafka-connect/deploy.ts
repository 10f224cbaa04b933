import { sendEarlierRows } from "./added-tables";
import {
  ConnectBusy,
  ConnectError,
  type ConnectorConfig,
  type ConnectorStatus,
  ConnectUnreachable,
} from "./api";
import { addedTables, capturedBefore } from "./captured-tables";
import { ConnectClient } from "./client";
import { sameConfig } from "./config";
import { adviceFor, literalTables, replicationOf } from "./debezium-postgres";
import { targetState } from "./desired-state";
import { halt, waitUntilHalted } from "./halting";
import { type ConnectorInputs, type ConnectorOutputs, DEFAULT_TIMEOUT_SECONDS } from "./inputs";
import { isNewRequest, moveOffsets } from "./offsets";
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
 * Makes the connector as wanted, or changes the one that is there, and waits until it runs, or is paused or stopped. Tables
 * that it did not capture yet have their earlier rows sent.
 * @param previous what was there before; undefined for a new connector
 * @throws ConnectorNotRunning when it is there but does not run; an Error when Connect or the database refused it.
 */
export async function deploy(
  inputs: ConnectorInputs,
  previous: ConnectorOutputs | undefined,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<ConnectorOutputs> {
  const hide = redactor(inputs);
  const { name, config, offsets } = inputs;
  const target = targetState(inputs.desiredState);
  const deadline = Date.now() + (inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  const connect = new ConnectClient({ url: inputs.connectUrl, deadline, pacing });
  let isThere = false;
  let isAsked = false;
  let status: ConnectorStatus | undefined;
  let recorded: Recorded = {
    capturedTables: previous?.capturedTables,
    madeSignalTable: previous?.madeSignalTable,
  };
  try {
    await requireTables(inputs, pacing, captured);
    recorded = { ...recorded, ...(await prepareSignalTable(inputs, pacing, captured)) };
    const slotBefore = await slotOf(inputs, pacing, captured);
    let before = await connect.readStatus(name);
    let isHalted = before !== undefined && ["PAUSED", "STOPPED"].includes(before.connector.state);
    isAsked = true;
    const isMoved = isNewRequest(previous?.offsets, offsets);
    let live = await connect.readConfig(name);
    let known = capturedBefore({
      recorded: previous?.capturedTables,
      live,
      published: previous || live ? undefined : await published(inputs, pacing, captured),
    });
    const isReset = isMoved && previous !== undefined && "reset" in offsets;
    if (isReset) known = undefined;
    if ((!previous || !live) && slotBefore?.exists === false) {
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
    await noteRemoval(inputs, previous || live ? (known ?? []) : [], pacing, captured);
    const isSame = live !== undefined && sameConfig(live, config);
    // What Connect would refuse must not stop the connector that runs.
    if (live && !isSame && (isMoved || target !== "RUNNING")) await requireAcceptance(connect, name, config);
    if (isMoved) {
      const isNew = previous === undefined;
      if (!isNew || "set" in offsets) {
        await moveOffsets(connect, { name, config, isNew }, offsets, pacing).catch(async (error) => {
          if (before?.connector.state === "RUNNING") await connect.resume(name);
          throw error;
        });
        isThere = true;
        isHalted = true;
      }
    }
    if (target !== "RUNNING") {
      // A connector is halted before its config is changed, so that the new one does not start, and made halted.
      if (isThere || live || !(await connect.create(name, config, target))) await halt(connect, name, target);
      isThere = true;
      if (live && !isSame) await connect.writeConfig(name, config);
      status = await waitUntilHalted(connect, name, target, deadline, pacing);
      return outputsOf(inputs, status, recorded);
    }
    // Writing the same config again would restart the connector for nothing.
    if (!isSame) await connect.writeConfig(name, config);
    isThere = true;
    // A PUT leaves a paused or stopped connector as it is.
    if (isHalted) await connect.resume(name);
    const changed = live !== undefined && !isSame;
    const evidence = async (): Promise<Evidence> => {
      const slot = await slotOf(inputs, pacing, captured);
      if (!slot) return "none";
      if (!slot.exists) return "cannot read";
      // With another config the tasks start again, and read through another server process.
      const isOld = changed && slot.reader === slotBefore?.reader;
      return slot.reader !== undefined && !isOld ? "reads" : "not yet";
    };
    const report = (line: string) => say(hide(`connector ${name}: ${line}`));
    const written = { name, config, before, changed, evidence, deadline, report };
    status = await waitUntilRunning(connect, written, pacing);
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
  console.error(line);
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

/** @throws ConnectError as a PUT of the config would. */
async function requireAcceptance(
  connect: ConnectClient,
  name: string,
  config: ConnectorConfig,
): Promise<void> {
  const { errors } = await connect.validateConfig(name, config);
  if (errors.length > 0) throw new ConnectError("Connector configuration is invalid", 400);
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
    const errors = await connect.validateConfig(name, config).then(
      (validation) => validation.errors,
      () => [],
    );
    return ["Kafka Connect refuses the config", ...describeRejection(config, error.message, errors)];
  }
  if (error instanceof DatabaseRefuses) return [`${error.message} (check the resource's \`database\`)`];
  return [error instanceof Error ? error.message : String(error)];
}
