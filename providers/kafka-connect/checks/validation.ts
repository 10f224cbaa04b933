import { setTimeout as pause } from "node:timers/promises";
import { UNKNOWN } from "../../unknown";
import { type CapturedDatabase, DatabaseRefuses, DatabaseUnreachable } from "../database/replication";
import { localSchema } from "../debezium/connector-schema";
import { replicationOf } from "../debezium/postgres";
import type { ConnectorInputs } from "../inputs";
import type { Pacing } from "../pacing";
import type { ConnectorConfig } from "../rest/api";
import { ConnectClient } from "../rest/client";
import { withGeneratedAsBefore, withoutGenerated } from "./column-findings";
import type { Finding } from "./finding";
import { judgeDatabase, questionOf } from "./preflight";
import { checkAgainstSchema } from "./schema-check";
import { checkOnWorker } from "./worker-check";

/** What is known about inputs before anything is done. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** The config that will do: that of the inputs, with generated columns left out. */
  readonly config: ConnectorConfig;
}

/**
 * What is wrong with inputs of the right shape, found before anything is done: by the worker where there is one, else by
 * the schema kept here; and by the database. What this deployment is about to make has an address that is not known yet, and
 * is not asked; a database in which it is about to change tables is, but what it lacks is a warning then. Comes back within
 * a few seconds.
 */
export async function validate(
  olds: Partial<ConnectorInputs>,
  inputs: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<Verdict> {
  if ((inputs.config as unknown) === UNKNOWN) return { findings: [], config: inputs.config };
  const hasted = { ...pacing, call: pacing.check, validatingCall: pacing.check };
  const connect = isKnown(inputs.connectUrl)
    ? new ConnectClient({ url: inputs.connectUrl, deadline: Date.now(), pacing: hasted })
    : undefined;
  const [onConfig, onDatabase] = await Promise.all([
    checkConfig(connect, inputs),
    checkDatabase(connect, olds, inputs, hasted, captured),
  ]);
  return { findings: [...onConfig, ...onDatabase.findings], config: onDatabase.config };
}

/** Whether the database is as it will be when the connector is made or changed. */
function isReady({ database, checks }: ConnectorInputs): boolean {
  return database !== undefined && isKnown(database) && isKnown(checks?.after ?? "");
}

async function checkConfig(connect: ConnectClient | undefined, inputs: ConnectorInputs): Promise<Finding[]> {
  const { name, config } = inputs;
  const findings = await (connect && checkOnWorker(connect, name, config, isReady(inputs)));
  if (findings) return findings;
  const schema = localSchema(config["connector.class"] ?? "");
  return schema ? checkAgainstSchema(config, schema) : [];
}

async function checkDatabase(
  connect: ConnectClient | undefined,
  olds: Partial<ConnectorInputs>,
  inputs: ConnectorInputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<Verdict> {
  const { name, config, database, checks } = inputs;
  const nothing = { findings: [], config: withGeneratedAsBefore(config, olds.config) };
  const question = isKnown(config) ? questionOf(config, checks?.keys, olds.config) : undefined;
  if (!question || !database || !isKnown(database)) return nothing;
  try {
    let facts = await captured.inspect(database, question, pacing);
    if (facts.database !== (config["database.dbname"] ?? facts.database)) return nothing;
    const isSlotOurs = facts.slot?.reader ? await readsSlot(connect, olds, name, question.slot) : undefined;
    if (isSlotOurs === false) {
      // A connector that has just gone holds its slot for a moment.
      await pause(pacing.slotRelease);
      facts = await captured.inspect(database, question, pacing);
    }
    const findings = judgeDatabase(config, question, facts, isSlotOurs);
    return {
      findings: isReady(inputs) ? findings : findings.map(asOfNow),
      config: withoutGenerated(config, facts),
    };
  } catch (error) {
    // Whether the worker reaches it is for the worker to say.
    if (error instanceof DatabaseUnreachable) return nothing;
    if (!(error instanceof DatabaseRefuses)) throw error;
    const refusal: Finding = { severity: "error", property: "database", text: error.message };
    return { ...nothing, findings: [isReady(inputs) ? refusal : asOfNow(refusal)] };
  }
}

function asOfNow(finding: Finding): Finding {
  if (finding.severity === "warning") return finding;
  return {
    ...finding,
    severity: "warning",
    text: `${finding.text}. So it is now: SQL that may change it runs before`,
  };
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
