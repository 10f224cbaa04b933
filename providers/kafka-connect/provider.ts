import type * as pulumi from "@pulumi/pulumi";
import { withoutValues } from "../check-failures";
import type { KafkaAccess } from "../kafka/access";
import { UNKNOWN } from "../unknown";
import { validate } from "./checks/validation";
import {
  type CapturedDatabase,
  DatabaseRefuses,
  DatabaseUnreachable,
  postgresql,
} from "./database/replication";
import { capturedBefore } from "./debezium/captured-tables";
import { normaliseConfig } from "./debezium/config";
import { laterText, notCapturedYet, openSelection } from "./debezium/lists/later";
import { replicationOf } from "./debezium/postgres";
import { deploy, say } from "./deployment/deploy";
import { differenceOf, otherCluster } from "./deployment/difference";
import { positionOf } from "./deployment/facts";
import { remove } from "./deployment/remove";
import type { TableTopics } from "./deployment/table-topics";
import { actionable, type CheckedConnector, checkGaps, type GapCheck } from "./gaps/gap-check";
import { identityOf } from "./gaps/source-identity";
import { addressOf } from "./import-id";
import { type ConnectorInputs, type ConnectorOutputs, checkInputs } from "./inputs";
import { outputsOf, type Recorded } from "./outputs";
import { type Pacing, usualPacing } from "./pacing";
import { ConnectBusy, type ConnectorConfig, ConnectUnreachable } from "./rest/api";
import { type ConnectClient, impatientClient } from "./rest/client";
import { judge } from "./rest/health";
import { liveConfig } from "./rest/live-config";
import { describeRequest, isNewRequest } from "./rest/offsets";
import { failureInShort } from "./rest/restarts";
import { readSettledStatus } from "./rest/running";
import { redactor } from "./text/redaction";

/** State of a connector that was deleted by hand, but whose replication slot is still there. */
const MISSING = "MISSING";
/** State of a connector whose worker does not answer: what it is doing nobody can say. */
const UNREACHABLE = "UNREACHABLE";
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
  openTopics: (access: KafkaAccess) => TableTopics = kafkaTopics,
): ConnectorProvider {
  /** Compares the source with what was captured, and says on the screen what only a person can mend. */
  async function lookForGaps(
    connector: Omit<CheckedConnector, "position">,
    name: string,
    connect: ConnectClient,
  ): Promise<GapCheck> {
    const position = await positionOf(connect, name).catch(() => undefined);
    const check = await checkGaps({ ...connector, position }, captured, pacing);
    for (const { cure, text } of check.gaps) {
      if (cure === "person") console.error(`warning: connector ${name}: ${text}`);
    }
    return check;
  }

  /** What an update would find missing, said on the screen as well; empty when the database cannot be asked now. */
  async function missingNow(olds: ConnectorOutputs, news: ConnectorInputs): Promise<string[]> {
    const { name, config, database, connectUrl } = news;
    const isKnown = ![name, config, connectUrl, ...Object.values(database ?? {})].some(
      (value) => value === UNKNOWN,
    );
    if (!isKnown || !database) return [];
    const before = { config: olds.config, database, recorded: olds.source, captured: olds.capturedTables };
    const check = await lookForGaps(before, olds.name, previewClient(connectUrl, pacing));
    const missing = actionable(news.gaps === "report" ? { gaps: check.gaps, notes: [] } : check);
    const hide = redactor(news);
    for (const text of missing) console.error(hide(`connector ${name}: ${text}`));
    return missing;
  }

  /** What is to run and has failed by now, said on the screen as well: no `up` is right while that is so. */
  async function failuresNow(olds: ConnectorOutputs, news: ConnectorInputs): Promise<string[]> {
    if (news.connectUrl !== olds.connectUrl || (news.desiredState ?? "running") !== "running") return [];
    const status = await previewClient(olds.connectUrl, pacing)
      .readStatus(olds.name)
      .catch(() => undefined);
    const health = judge(status);
    if (health.verdict !== "failed") return [];
    const failures = health.reasons.map((reason) => redactor(news)(failureInShort(reason)));
    for (const text of failures) console.error(`connector ${olds.name}: ${text}; it is started again`);
    return failures;
  }

  /** Tables that match the declared lists by now, and are not captured; none when the database cannot be asked. */
  async function matchingLater({ tableLists, database, config }: ConnectorInputs): Promise<string[]> {
    const selection = openSelection(tableLists);
    if (!selection || !database) return [];
    try {
      const { tables } = await captured.lookUpTables(database, selection, config, pacing);
      return notCapturedYet(config, tables);
    } catch (error) {
      if (error instanceof DatabaseUnreachable || error instanceof DatabaseRefuses) return [];
      throw error;
    }
  }

  /** What a refresh records of the source. */
  async function drifted(known: ConnectorInputs & Recorded, connect: ConnectClient): Promise<Recorded> {
    const { name, config, database, source, capturedTables } = known;
    const checked = { config, database, recorded: source, captured: capturedTables };
    const check = await lookForGaps(checked, name, connect);
    const later = await matchingLater(known);
    const drift = [
      ...actionable(known.gaps === "report" ? { gaps: check.gaps, notes: [] } : check),
      ...(later.length > 0 ? [laterText(later)] : []),
    ];
    const isUnchanged = check.facts !== undefined && check.gaps.length === 0;
    for (const text of drift) console.error(redactor(known)(`connector ${name}: ${text}`));
    return {
      drift,
      // Columns that came and went are nothing to remember.
      ...(isUnchanged && check.facts ? { source: identityOf(check.facts, capturedTables ?? []) } : {}),
    };
  }

  return {
    async check(olds: Partial<ConnectorInputs>, news) {
      const { inputs, failures } = checkInputs(news);
      if (failures.length > 0) return { inputs, failures: withoutValues(failures) };
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
        failures: withoutValues(errors.map(({ property, text }) => ({ property, reason: text }))),
      };
    },

    async diff(_id, olds: ConnectorOutputs, news: ConnectorInputs) {
      const warning = otherCluster(olds, news);
      if (warning) console.error(`warning: ${warning}`);
      if (isNewRequest(olds.offsets, news.offsets)) console.error(describeRequest(olds.name, news.offsets));
      const difference = differenceOf(olds, news);
      const found = [...(await missingNow(olds, news)), ...(await failuresNow(olds, news))];
      return found.length > 0 ? { ...difference, changes: true } : difference;
    },

    async create(inputs: ConnectorInputs) {
      return { id: inputs.name, outs: await deploy(inputs, undefined, pacing, captured, openTopics) };
    },

    async update(_id, olds: ConnectorOutputs, news: ConnectorInputs) {
      return { outs: await deploy(news, olds, pacing, captured, openTopics) };
    },

    async read(id, properties: ConnectorOutputs) {
      const known = properties.connectUrl ? properties : { ...properties, ...addressOf(id) };
      const { name } = known;
      const connect = impatientClient(known.connectUrl, pacing);
      const live = await configSeen(connect, known);
      if (live === UNREACHABLE)
        return { id, inputs: separated(known).inputs, props: { ...known, state: UNREACHABLE } };
      if (!live && !(await leavesSomething(known, pacing, captured))) return { id: "", props: {} };
      const status = live && (await readSettledStatus(connect, name, pacing));
      const config = live ? liveConfig(live, known.config) : normaliseConfig(known.config);
      const { inputs, recorded } = separated({ ...known, name, config });
      const capturedTables = live
        ? capturedBefore({ recorded: recorded.capturedTables, live })
        : recorded.capturedTables;
      const found = await drifted({ ...inputs, ...recorded, capturedTables }, connect);
      const props = outputsOf(inputs, status, { ...recorded, ...found, capturedTables });
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

/** Loads the Kafka client when it is needed: that takes longer than all the rest. */
function kafkaTopics(access: KafkaAccess): TableTopics {
  // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
  const { tableTopics }: typeof import("./deployment/table-topics") = require("./deployment/table-topics");
  return tableTopics(access);
}

/** A client that is worth no more than a look. */
function previewClient(connectUrl: string, pacing: Pacing): ConnectClient {
  return impatientClient(connectUrl, { ...pacing, readOrDelete: pacing.check, unreachable: 0 });
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

/** The config in Connect; that a connector of ours cannot be asked for is something to show, and no error. */
async function configSeen(
  connect: ConnectClient,
  { name, config }: ConnectorOutputs,
): Promise<ConnectorConfig | undefined | typeof UNREACHABLE> {
  try {
    return await connect.readConfig(name);
  } catch (error) {
    const isDown = error instanceof ConnectUnreachable || error instanceof ConnectBusy;
    // Without a config it is an import, of something that has to be there.
    if (!isDown || config === undefined) throw error;
    console.error(`warning: connector ${name}: ${error.message}`);
    return UNREACHABLE;
  }
}

/** The properties of a resource that it was given, and those that it has noted about itself. */
function separated(properties: ConnectorOutputs) {
  const {
    state: _state,
    tasks: _tasks,
    type: _type,
    capturedTables,
    madeSignalTable,
    source,
    drift: _drift,
    ...inputs
  } = properties;
  return {
    inputs,
    recorded: { capturedTables, madeSignalTable, source },
  };
}

/** What `ModuleProvider("kafka-connect")` calls. */
export const provider = createProvider();
