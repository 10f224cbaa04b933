import { ConnectBusy, ConnectError, type ConnectorStatus, ConnectUnreachable } from "./api";
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
 * Makes the connector as wanted, or changes the one that is there, and waits until it runs.
 * @throws ConnectorNotRunning when it is there but does not run; an Error when Connect or the database refused it.
 */
export async function deploy(
  inputs: ConnectorInputs,
  step: "create" | "update",
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
  try {
    await requireTables(inputs, pacing, captured);
    const slotBefore = await slotOf(inputs, pacing, captured);
    let before = await connect.readStatus(name);
    let isHalted = before !== undefined && ["PAUSED", "STOPPED"].includes(before.connector.state);
    isAsked = true;
    if (step === "create" && slotBefore?.exists === false) {
      // Offsets without their slot are left over, and would lead past the snapshot.
      await rewind(connect, name, config, pacing);
      isThere = true;
      isHalted = true;
      before = await connect.readStatus(name);
    }
    const live = await connect.readConfig(name);
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
    return outputsOf(inputs, status);
  } catch (error) {
    const reasons = (await reasonsOf(error, connect, inputs)).map(hide);
    if (error instanceof NotRunning) status = error.status;
    const problem = [`connector ${name}:`, ...reasons].join(reasons.length > 1 ? "\n  " : " ");
    // Without a clear no from Connect, the connector may have been made.
    const mayBeThere = isAsked && (error instanceof ConnectUnreachable || error instanceof ConnectBusy);
    if (isThere || mayBeThere) throw new ConnectorNotRunning(name, outputsOf(inputs, status), [problem]);
    throw new Error(problem);
  }
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
