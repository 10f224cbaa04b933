import type { KafkaAccess } from "../../kafka/access";
import { type CapturedDatabase, DatabaseRefuses, DatabaseUnreachable } from "../database/replication";
import { sameConfig } from "../debezium/config";
import { adviceFor, isBeyondRepair, literalTables, replicationOf } from "../debezium/postgres";
import { resnapshotCommand } from "../debezium/table-names";
import { checkGaps } from "../gaps/gap-check";
import { publicationRepair } from "../gaps/publication-repair";
import { identityOf, keepingOld } from "../gaps/source-identity";
import { type ConnectorInputs, type ConnectorOutputs, DEFAULT_TIMEOUT_SECONDS } from "../inputs";
import { outputsOf, type Recorded } from "../outputs";
import type { Pacing } from "../pacing";
import { ConnectBusy, ConnectError, type ConnectorStatus, ConnectUnreachable } from "../rest/api";
import { ConnectClient } from "../rest/client";
import { halt, waitUntilHalted } from "../rest/halting";
import { moveOffsets } from "../rest/offsets";
import { describeRejection } from "../rest/rejection";
import { type Evidence, NotRunning, rewind, waitUntilRunning } from "../rest/running";
import { listing } from "../text/listing";
import { redactor } from "../text/redaction";
import { type DeploymentFacts, gatherFacts, type Parts, requireTables } from "./facts";
import { type DeploymentPlan, planOf } from "./plan";
import { type RowsOutcome, sendRows } from "./read-again";
import { beginReplacing, type Replacement, waitForSnapshot, writeControl } from "./start-over";
import type { TableTopics } from "./table-topics";

/**
 * Thrown when the connector exists but does not run, or rows of it are missing. The engine records it with these properties, so
 * that a later run repairs or deletes it, and shows the reasons.
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

/** The connector is as wanted, but rows of some tables are not in Kafka. */
class RowsMissing extends Error {
  constructor(
    readonly failures: RowsOutcome["failures"],
    readonly status: ConnectorStatus | undefined,
  ) {
    super(failures.map(({ text }) => text).join("\n"));
  }
}

/**
 * Makes the connector as wanted, or changes the one that is there, and waits until it runs, or is paused or stopped. Tables
 * that it did not capture yet have their earlier rows sent, and those whose changes may be missing all their rows.
 * @param previous what was there before; undefined for a new connector
 * @throws ConnectorNotRunning when it is there but does not run; an Error when Connect or the database refused it.
 */
export async function deploy(
  inputs: ConnectorInputs,
  previous: ConnectorOutputs | undefined,
  pacing: Pacing,
  captured: CapturedDatabase,
  openTopics: (access: KafkaAccess) => TableTopics,
): Promise<ConnectorOutputs> {
  const topics = inputs.kafka
    ? openTopics({ bootstrapServers: inputs.kafka, security: inputs.kafkaSecurity })
    : undefined;
  try {
    return await new Deployment(inputs, previous, pacing, captured, topics).run();
  } finally {
    await topics?.close();
  }
}

/** One run of `deploy`: what it looked at, what it has decided, and how far it has come. */
class Deployment {
  private readonly hide: (text: string) => string;
  private readonly deadline: number;
  private readonly connect: ConnectClient;
  private readonly parts: Parts;
  /** Whether the connector is there for sure. */
  private isThere = false;
  /** Whether Connect has been asked for anything. */
  private isAsked = false;
  private isHalted = false;
  private recorded: Recorded;

  constructor(
    private readonly inputs: ConnectorInputs,
    private readonly previous: ConnectorOutputs | undefined,
    private readonly pacing: Pacing,
    private readonly captured: CapturedDatabase,
    private readonly topics: TableTopics | undefined,
  ) {
    this.hide = redactor(inputs);
    this.deadline = Date.now() + this.timeout;
    this.connect = new ConnectClient({ url: inputs.connectUrl, deadline: this.deadline, pacing });
    this.parts = { inputs, pacing, captured, topics };
    this.recorded = {
      capturedTables: previous?.capturedTables,
      madeSignalTable: previous?.madeSignalTable,
      source: previous?.source,
    };
  }

  async run(): Promise<ConnectorOutputs> {
    let status: ConnectorStatus | undefined;
    try {
      await requireTables(this.parts);
      this.recorded = { ...this.recorded, ...(await this.prepareSignalTable()) };
      const facts = await gatherFacts(this.parts, this.connect, this.previous);
      this.isAsked = true;
      const plan = planOf(this.inputs, this.previous, facts);
      await this.tellAndNote(plan, facts);
      this.recorded = { ...this.recorded, ...this.capturedWithout(plan.added) };
      // What Connect would refuse must not stop the connector that runs.
      if (facts.live && !plan.isSame && plan.halts) await this.requireAcceptance();
      await this.repairPublication(plan, facts);
      status = plan.target === "RUNNING" ? await this.start(plan, facts) : await this.stop(plan, facts);
      return outputsOf(this.inputs, status, this.recorded);
    } catch (error) {
      throw await this.explained(error, status);
    }
  }

  private get timeout(): number {
    return (this.inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  }

  private readonly report = (line: string): void => say(this.hide(`connector ${this.inputs.name}: ${line}`));

  /** The table must be there before the connector starts: only then is it in its publication. */
  private async prepareSignalTable(): Promise<Recorded> {
    const { name, config, database } = this.inputs;
    const signals = replicationOf(config)?.signalTable;
    if (!database || !signals) return {};
    return unlessUnreachable<Recorded>(
      async () => ({
        madeSignalTable: await this.captured.ensureSignalTable(database, signals, name, this.pacing),
      }),
      {},
    );
  }

  /** Says what becomes of tables, and remembers what a later run, or `status`, has to know. */
  private async tellAndNote(
    { removed, gaps, readAgain, startOver, noted }: DeploymentPlan,
    facts: DeploymentFacts,
  ) {
    const { config, database } = this.inputs;
    const signals = replicationOf(config)?.signalTable;
    for (const sentence of facts.check.notLookedAt) this.report(`could not look at ${sentence}`);
    for (const { text } of gaps) this.report(text);
    if (removed.length > 0) {
      this.report(`${listing(removed)} no longer captured; topics and lake tables stay as they are`);
    }
    if (startOver) {
      // A new one has sent nothing before.
      if (this.previous || facts.live) {
        this.report("begins at the beginning: a new snapshot takes the place of all rows sent before");
      }
    } else if (noted.length > 0 && readAgain.length === 0) {
      const tables = [...new Set(noted.map(({ table }) => table))];
      this.report(
        `changes of ${listing(tables)} may be missing (cdc:gaps: report). To have the rows read again: ` +
          resnapshotCommand(tables),
      );
    }
    if (!database || !signals) return;
    await unlessUnreachable(async () => {
      if (removed.length > 0) await this.captured.noteRemoval(database, signals, removed, this.pacing);
      if (noted.length > 0) await this.captured.noteGaps(database, signals, noted, this.pacing);
    }, undefined);
  }

  private capturedWithout(added: readonly string[]): Recorded {
    const wanted = literalTables(this.inputs.config);
    return wanted.length > 0 ? { capturedTables: wanted.filter((table) => !added.includes(table)) } : {};
  }

  /** @throws ConnectError as a PUT of the config would. */
  private async requireAcceptance(): Promise<void> {
    const { errors } = await this.connect.validateConfig(this.inputs.name, this.inputs.config);
    if (errors.length > 0) throw new ConnectError("Connector configuration is invalid", 400);
  }

  private async repairPublication({ known }: DeploymentPlan, { check }: DeploymentFacts): Promise<void> {
    const { config, database } = this.inputs;
    if (!database || !check.facts) return;
    const statements = publicationRepair(config, known ?? [], check.facts);
    if (statements.length === 0) return;
    await this.captured.repairPublication(database, statements, this.pacing);
    this.report(`mended the publication: ${statements.join("; ")}`);
  }

  /** A connector is halted before its config is changed, so that the new one does not start, and made halted. */
  private async stop(
    { isSame, moves, target }: DeploymentPlan,
    facts: DeploymentFacts,
  ): Promise<ConnectorStatus> {
    const { name, config } = this.inputs;
    const state = target === "RUNNING" ? "STOPPED" : target;
    if (moves) await this.move(facts);
    if (this.isThere || facts.live || !(await this.connect.create(name, config, state))) {
      await halt(this.connect, name, state);
    }
    this.isThere = true;
    if (facts.live && !isSame) await this.connect.writeConfig(name, config);
    return waitUntilHalted(this.connect, name, state, this.deadline, this.pacing);
  }

  private async start(plan: DeploymentPlan, facts: DeploymentFacts): Promise<ConnectorStatus> {
    const { name, config } = this.inputs;
    this.isHalted =
      facts.before !== undefined && ["PAUSED", "STOPPED"].includes(facts.before.connector.state);
    let before = facts.before;
    let isSame = plan.isSame;
    let replacements: Replacement[] = [];
    if (plan.startOver) {
      replacements = await this.rewindAll(facts);
      before = await this.connect.readStatus(name);
      const live = await this.connect.readConfig(name);
      isSame = live !== undefined && sameConfig(live, config);
    } else if (plan.moves) {
      await this.move(facts);
    }
    // Writing the same config again would restart the connector for nothing.
    if (!isSame) await this.connect.writeConfig(name, config);
    this.isThere = true;
    // A PUT leaves a paused or stopped connector as it is.
    if (this.isHalted) await this.connect.resume(name);
    const changed = facts.live !== undefined && !isSame;
    const evidence = this.evidence(changed, facts);
    const written = { name, config, before, changed, evidence, deadline: this.deadline, report: this.report };
    let status: ConnectorStatus;
    try {
      status = await waitUntilRunning(this.connect, written, this.pacing);
    } catch (error) {
      const isHopeless = error instanceof NotRunning && isBeyondRepair(error.reasons) && !plan.startOver;
      if (!isHopeless || !plan.mayStartOver) throw error;
      this.report(
        `${error.reasons[0]?.split("\n").at(-1)?.trim()}: begins at the beginning, with a new snapshot of all tables`,
      );
      replacements = await this.rewindAll(facts);
      await this.connect.resume(name);
      const again = { ...written, before: undefined, changed: false, deadline: Date.now() + this.timeout };
      status = await waitUntilRunning(this.patient(), again, this.pacing);
      plan = { ...plan, startOver: true, readAgain: [] };
    }
    if (plan.startOver) await this.endSnapshot(replacements);
    await this.completeRows(plan, facts, status);
    return status;
  }

  /** What the database shows of the connector. */
  private evidence(
    changed: boolean,
    { slot: before }: DeploymentFacts,
  ): (hasFailed: boolean) => Promise<Evidence> {
    return async (hasFailed) => {
      const slot = await this.slotNow();
      if (!slot) return "none";
      if (!slot.exists) return "cannot read";
      // With another config the tasks start again, and read through another server process.
      const isOld = changed && slot.reader === before?.reader;
      if (slot.reader === undefined || isOld) return "not yet";
      const isBehind = (slot.confirmed ?? 0) < (before?.written ?? 0);
      return hasFailed && isBehind ? "behind" : "reads";
    };
  }

  private async slotNow() {
    const { config, database } = this.inputs;
    const replication = replicationOf(config);
    if (!replication || !database) return undefined;
    return this.captured.readSlot(database, replication.slot, this.pacing).catch(() => undefined);
  }

  private async move({ before }: DeploymentFacts): Promise<void> {
    const { name, config, offsets } = this.inputs;
    if (!offsets) return;
    const isNew = this.previous === undefined;
    await moveOffsets(this.connect, { name, config, isNew }, offsets, this.pacing).catch(async (error) => {
      if (before?.connector.state === "RUNNING") await this.connect.resume(name);
      throw error;
    });
    this.isThere = true;
    this.isHalted = true;
  }

  /** Leaves the connector stopped, without offsets and without its slot; says in the topics that all rows come again. */
  private async rewindAll({ before, slot, check }: DeploymentFacts): Promise<Replacement[]> {
    const { name, config, database } = this.inputs;
    const connect = this.patient();
    const replication = replicationOf(config);
    try {
      await rewind(connect, name, config, this.pacing);
      // One that is lost is of no use; any other would bring older changes after the snapshot.
      if (slot?.exists && database && replication) {
        await this.captured.dropSlot(database, replication.slot, this.pacing);
      }
    } catch (error) {
      if (before?.connector.state === "RUNNING") await connect.resume(name);
      throw error;
    }
    this.isThere = true;
    this.isHalted = true;
    if (!this.topics) {
      if (this.previous)
        this.report("rows that are gone from the source stay in the lake, as no `kafka` was given");
      return [];
    }
    return beginReplacing(this.topics, config, check.facts?.position ?? 0);
  }

  private async endSnapshot(replacements: readonly Replacement[]): Promise<void> {
    const { name, config, database } = this.inputs;
    const signals = replicationOf(config)?.signalTable;
    if (replacements.length > 0 && this.topics) {
      await waitForSnapshot(this.patient(), name, this.report, this.pacing);
      await writeControl(this.topics, "end", replacements);
      this.report(`all rows of ${listing(replacements.map(({ table }) => table))} sent again`);
    }
    if (!database || !signals) return;
    await unlessUnreachable(
      () => this.captured.forgetGaps(database, signals, literalTables(config), this.pacing),
      undefined,
    );
  }

  /** Has the rows sent that are missing, and records which tables are complete, and what they are. */
  private async completeRows(
    plan: DeploymentPlan,
    facts: DeploymentFacts,
    status: ConnectorStatus,
  ): Promise<void> {
    const outcome = await this.sendMissing(plan, facts);
    const failed = outcome.failures.map(({ table }) => table);
    this.recorded = {
      ...this.recorded,
      ...this.capturedWithout(plan.added.filter((table) => failed.includes(table))),
    };
    await this.recordSource(failed);
    if (failed.length > 0) throw new RowsMissing(outcome.failures, status);
  }

  private async sendMissing(plan: DeploymentPlan, facts: DeploymentFacts): Promise<RowsOutcome> {
    const { name, config, database } = this.inputs;
    const tables = [...new Set([...plan.added, ...plan.readAgain])];
    if (tables.length === 0) return { sent: [], failures: [] };
    const signals = replicationOf(config)?.signalTable;
    if (!database || !signals) {
      const why = database
        ? 'config["signal.data.collection"] names no table to ask for them through'
        : "no `database` was given";
      this.report(
        `the rows that ${listing(tables)} had before are not sent, only changes from now on: ${why}`,
      );
      return { sent: [], failures: [] };
    }
    const removedOnce = await this.captured.takeRemovalNotes(database, signals, plan.added, this.pacing);
    const wanted = tables.map((table) => ({
      table,
      replace:
        plan.readAgain.includes(table) ||
        removedOnce.includes(table) ||
        facts.topicsWithContent.includes(table),
    }));
    const { pacing, captured, topics } = this;
    const pipeline = { connect: this.patient(), database: captured, topics, pacing };
    const silence = this.timeout;
    return sendRows(pipeline, {
      name,
      config,
      access: database,
      wanted,
      silence,
      say: (line) => say(this.hide(line)),
    });
  }

  /** What is captured from now on; as before for tables that are not complete. */
  private async recordSource(incomplete: readonly string[]): Promise<void> {
    const { config, database } = this.inputs;
    const { facts } = await checkGaps(
      { config, database, recorded: undefined, captured: [], position: undefined },
      this.captured,
      this.pacing,
    );
    if (!facts) return;
    const now = identityOf(facts, literalTables(config));
    this.recorded = { ...this.recorded, source: keepingOld(now, this.previous?.source, incomplete) };
  }

  /** For what may take long: a client that goes on repeating calls that fail for a moment. */
  private patient(): ConnectClient {
    return new ConnectClient({
      url: this.inputs.connectUrl,
      deadline: Number.MAX_SAFE_INTEGER,
      unreachableAfter: this.timeout,
      pacing: this.pacing,
    });
  }

  private async explained(error: unknown, seen: ConnectorStatus | undefined): Promise<Error> {
    const { name } = this.inputs;
    let status = seen;
    if (error instanceof NotRunning || error instanceof RowsMissing) status = error.status;
    const reasons = (await this.reasonsOf(error)).map(this.hide);
    const problem = [`connector ${name}:`, ...reasons].join(reasons.length > 1 ? "\n  " : " ");
    // Without a clear no from Connect, the connector may have been made.
    const mayBeThere = this.isAsked && (error instanceof ConnectUnreachable || error instanceof ConnectBusy);
    if (!this.isThere && !mayBeThere) return new Error(problem);
    return new ConnectorNotRunning(name, outputsOf(this.inputs, status, this.recorded), [problem]);
  }

  private async reasonsOf(error: unknown): Promise<string[]> {
    const { name, config } = this.inputs;
    if (error instanceof RowsMissing) return error.failures.map(({ text }) => text);
    if (error instanceof NotRunning) {
      const traces = (error.status?.tasks ?? []).map(({ trace = "" }) => trace);
      return [...error.reasons, ...adviceFor([...error.reasons, ...traces], config)];
    }
    if (error instanceof ConnectError && error.status === 400) {
      const errors = await this.connect.validateConfig(name, config).then(
        (validation) => validation.errors,
        () => [],
      );
      return ["Kafka Connect refuses the config", ...describeRejection(config, error.message, errors)];
    }
    if (error instanceof DatabaseRefuses) return [`${error.message} (check the resource's \`database\`)`];
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** The engine shows what a provider prints. */
export function say(line: string): void {
  console.error(line);
}

/** Not reachable from here need not mean not reachable for Connect, which says so itself. */
async function unlessUnreachable<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  return work().catch((error: unknown) => {
    if (error instanceof DatabaseUnreachable) return otherwise;
    throw error;
  });
}
