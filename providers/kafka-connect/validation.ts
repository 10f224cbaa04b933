import { setTimeout as pause } from "node:timers/promises";
import { UNKNOWN } from "../unknown";
import { ConnectClient } from "./client";
import { localSchema } from "./connector-schema";
import { replicationOf } from "./debezium-postgres";
import type { Finding } from "./finding";
import type { ConnectorInputs } from "./inputs";
import type { Pacing } from "./pacing";
import { judgeDatabase, questionOf } from "./preflight";
import { type CapturedDatabase, DatabaseRefuses, DatabaseUnreachable } from "./replication";
import { checkAgainstSchema } from "./schema-check";
import { checkOnWorker } from "./worker-check";

/**
 * What is wrong with inputs of the right shape, found before anything is done: by the worker where there is one, else by
 * the schema kept here; and by the database. Something that this deployment is about to make or change has an address that
 * is not known yet, and is not asked. Comes back within a few seconds.
 */
export async function validate(
  olds: Partial<ConnectorInputs>,
  inputs: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<Finding[]> {
  if ((inputs.config as unknown) === UNKNOWN) return [];
  const hasted = { ...pacing, call: pacing.check, validatingCall: pacing.check };
  const connect = isKnown(inputs.connectUrl)
    ? new ConnectClient({ url: inputs.connectUrl, deadline: Date.now(), pacing: hasted })
    : undefined;
  const [config, database] = await Promise.all([
    checkConfig(connect, inputs),
    checkDatabase(connect, olds, inputs, hasted, captured),
  ]);
  return [...config, ...database];
}

async function checkConfig(connect: ConnectClient | undefined, inputs: ConnectorInputs): Promise<Finding[]> {
  const { name, config, database } = inputs;
  const findings = await (connect &&
    checkOnWorker(connect, name, config, database !== undefined && isKnown(database)));
  if (findings) return findings;
  const schema = localSchema(config["connector.class"] ?? "");
  return schema ? checkAgainstSchema(config, schema) : [];
}

async function checkDatabase(
  connect: ConnectClient | undefined,
  olds: Partial<ConnectorInputs>,
  { name, config, database }: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<Finding[]> {
  const question = isKnown(config) ? questionOf(config) : undefined;
  if (!question || !database || !isKnown(database)) return [];
  try {
    let facts = await captured.inspect(database, question, pacing);
    if (facts.database !== (config["database.dbname"] ?? facts.database)) return [];
    const isSlotOurs = facts.slot?.reader ? await readsSlot(connect, olds, name, question.slot) : undefined;
    if (isSlotOurs === false) {
      // A connector that has just gone holds its slot for a moment.
      await pause(pacing.slotRelease);
      facts = await captured.inspect(database, question, pacing);
    }
    return judgeDatabase(config, question, facts, isSlotOurs);
  } catch (error) {
    // Whether the worker reaches it is for the worker to say.
    if (error instanceof DatabaseUnreachable) return [];
    if (!(error instanceof DatabaseRefuses)) throw error;
    return [{ severity: "error", property: "database", text: error.message }];
  }
}

/** Whether the connector of this name is the one that reads the slot; undefined when that cannot be told. */
async function readsSlot(
  connect: ConnectClient | undefined,
  olds: Partial<ConnectorInputs>,
  name: string,
  slot: string,
): Promise<boolean | undefined> {
  if (olds.config && replicationOf(olds.config)?.slot === slot) return true;
  if (!connect) return undefined;
  try {
    const live = await connect.readConfig(name);
    return live !== undefined && replicationOf(live)?.slot === slot;
  } catch {
    return undefined;
  }
}

function isKnown(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.values(value).every(isKnown)
    : value !== UNKNOWN;
}
