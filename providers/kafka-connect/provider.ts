import type * as pulumi from "@pulumi/pulumi";
import { capturedBefore } from "./captured-tables";
import { impatientClient } from "./client";
import { normaliseConfig } from "./config";
import { replicationOf } from "./debezium-postgres";
import { deploy, say } from "./deploy";
import { differenceOf, otherCluster } from "./difference";
import { addressOf } from "./import-id";
import { type ConnectorInputs, type ConnectorOutputs, checkInputs } from "./inputs";
import { liveConfig } from "./live-config";
import { describeRequest, isNewRequest } from "./offsets";
import { outputsOf } from "./outputs";
import { type Pacing, usualPacing } from "./pacing";
import { redactor } from "./redaction";
import { remove } from "./remove";
import { type CapturedDatabase, postgresql } from "./replication";
import { readSettledStatus } from "./running";
import { validate } from "./validation";

/** State of a connector that was deleted by hand, but whose replication slot is still there. */
const MISSING = "MISSING";
/** Set to 1 in the environment, it lets a delete go through that leaves things behind. */
const LEAVE_BEHIND = "CDC_LEAVE_BEHIND";
const WAY_OUT =
  "Run destroy again when that is done or reachable. To go on all the same and leave it there: " +
  `${LEAVE_BEHIND}=1 npm run destroy`;

export type ConnectorProvider = Required<Omit<pulumi.dynamic.ResourceProvider, "configure">>;

/**
 * The provider of the connector resource. Reports that are no errors (progress, what a delete had to leave behind) go to
 * standard error, which the engine shows.
 */
export function createProvider(
  pacing: Pacing = usualPacing,
  captured: CapturedDatabase = postgresql,
): ConnectorProvider {
  return {
    async check(olds: Partial<ConnectorInputs>, news) {
      const { inputs, failures } = checkInputs(news);
      if (failures.length > 0) return { inputs, failures };
      const wanted = inputs as unknown as ConnectorInputs;
      const hide = redactor(wanted);
      const verdict = await validate(olds, wanted, pacing, captured);
      const findings = verdict.findings.map((finding) => ({
        ...finding,
        text: hide(finding.text),
      }));
      for (const { property, text } of findings.filter(({ severity }) => severity === "warning")) {
        console.error(`warning: connector ${wanted.name}: ${property}: ${text}`);
      }
      const errors = findings.filter(({ severity }) => severity === "error");
      return {
        inputs: { ...inputs, config: verdict.config },
        failures: errors.map(({ property, text }) => ({ property, reason: text })),
      };
    },

    async diff(_id, olds: ConnectorOutputs, news: ConnectorInputs) {
      const warning = otherCluster(olds, news);
      if (warning) console.error(`warning: ${warning}`);
      if (isNewRequest(olds.offsets, news.offsets)) console.error(describeRequest(olds.name, news.offsets));
      return differenceOf(olds, news);
    },

    async create(inputs: ConnectorInputs) {
      return { id: inputs.name, outs: await deploy(inputs, undefined, pacing, captured) };
    },

    async update(_id, olds: ConnectorOutputs, news: ConnectorInputs) {
      return { outs: await deploy(news, olds, pacing, captured) };
    },

    async read(id, properties: ConnectorOutputs) {
      const known = properties.connectUrl ? properties : { ...properties, ...addressOf(id) };
      const { name } = known;
      const connect = impatientClient(known.connectUrl, pacing);
      const live = await connect.readConfig(name);
      if (!live && !(await leavesSomething(known, pacing, captured))) return { id: "", props: {} };
      const status = live && (await readSettledStatus(connect, name, pacing));
      const config = live ? liveConfig(live, known.config) : normaliseConfig(known.config);
      const { inputs, recorded } = separated({ ...known, name, config });
      const capturedTables = live
        ? capturedBefore({ recorded: recorded.capturedTables, live })
        : recorded.capturedTables;
      const props = outputsOf(inputs, status, { ...recorded, capturedTables });
      return { id, inputs, props: live ? props : { ...props, state: MISSING } };
    },

    async delete(_id, properties: ConnectorOutputs) {
      const hide = redactor(properties);
      const { notes, failures } = await remove(properties, pacing, captured);
      for (const note of notes) say(hide(note));
      if (failures.length === 0) return;
      if (process.env[LEAVE_BEHIND] === "1") for (const failure of failures) say(hide(failure));
      else throw new Error(hide([...failures, WAY_OUT].join("\n  ")));
    },
  };
}

/** Whether the database still has something of a connector that Connect does not have any more. */
async function leavesSomething(
  { config, database }: ConnectorOutputs,
  pacing: Pacing,
  captured: CapturedDatabase,
): Promise<boolean> {
  const replication = config && replicationOf(config);
  if (!replication) return false;
  if (!database) return true;
  const slot = await captured.readSlot(database, replication.slot, pacing).catch(() => undefined);
  return slot?.exists ?? true;
}

/** The properties of a resource that it was given, and those that it has noted about itself. */
function separated(properties: ConnectorOutputs) {
  const {
    state: _state,
    tasks: _tasks,
    type: _type,
    capturedTables,
    madeSignalTable,
    ...inputs
  } = properties;
  return {
    inputs,
    recorded: { capturedTables, madeSignalTable },
  };
}

/** What `ModuleProvider("kafka-connect")` calls. */
export const provider = createProvider();
