/** What is looked at before a connector is made or changed. */

import { type CapturedDatabase, DatabaseUnreachable, type Slot } from "../database/replication";
import { capturedBefore } from "../debezium/captured-tables";
import { literalTables, replicationOf } from "../debezium/postgres";
import { topicOf } from "../debezium/table-topic-name";
import { checkGaps, type GapCheck } from "../gaps/gap-check";
import type { ConnectorInputs, ConnectorOutputs } from "../inputs";
import type { Pacing } from "../pacing";
import type { ConnectorConfig, ConnectorStatus } from "../rest/api";
import type { ConnectClient } from "../rest/client";
import { listing } from "../text/listing";
import type { TableTopics } from "./table-topics";

export interface DeploymentFacts {
  /** The connector's status in Connect; undefined when it is not there. */
  readonly before: ConnectorStatus | undefined;
  /** Its config in Connect. */
  readonly live: ConnectorConfig | undefined;
  /** Undefined when there is none, or it cannot be seen from here. */
  readonly slot: Slot | undefined;
  /** The tables whose earlier rows were sent already; undefined: it starts from nothing. */
  readonly known: readonly string[] | undefined;
  readonly check: GapCheck;
  /** Tables whose topic holds something already. */
  readonly topicsWithContent: readonly string[];
}

/** Whom to ask. */
export interface Parts {
  readonly inputs: ConnectorInputs;
  readonly pacing: Pacing;
  readonly captured: CapturedDatabase;
  readonly topics: TableTopics | undefined;
}

export async function gatherFacts(
  parts: Parts,
  connect: ConnectClient,
  previous: ConnectorOutputs | undefined,
): Promise<DeploymentFacts> {
  const { inputs, pacing, captured } = parts;
  const { name, config, database } = inputs;
  const slot = await slotOf(parts);
  const before = await connect.readStatus(name);
  const live = await connect.readConfig(name);
  const known = capturedBefore({
    recorded: previous?.capturedTables,
    live,
    published: previous || live ? undefined : await published(parts),
  });
  // The position first: the log has gone on when the database is asked.
  const position = live ? await positionOf(connect, name) : undefined;
  const recorded = previous?.source;
  const check = await checkGaps(
    { config, database, recorded, captured: previous || live ? (known ?? []) : [], position },
    captured,
    pacing,
  );
  return { before, live, slot, known, check, topicsWithContent: await topicsWithContent(parts) };
}

/** How far a connector has read, in bytes of log, as Connect has it; undefined before the first event. */
export async function positionOf(
  connect: Pick<ConnectClient, "readOffsets">,
  name: string,
): Promise<number | undefined> {
  const lsn = (await connect.readOffsets(name))[0]?.offset?.lsn;
  return typeof lsn === "number" ? lsn : undefined;
}

/** Debezium passes over a table that does not exist in silence. */
export async function requireTables({ inputs, pacing, captured }: Parts): Promise<void> {
  const { config, database } = inputs;
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
    `config["table.include.list"] names ${listing(missing)}, but database ${database.database} at ` +
      `${database.host}:${database.port} has no such ${one ? "table" : "tables"}: create ${one ? "it" : "them"} first, ` +
      `or take ${one ? "it" : "them"} off the list`,
  );
}

/** The connector's replication slot, as far as there is one and it can be seen from here. */
export async function slotOf({ inputs, pacing, captured }: Parts): Promise<Slot | undefined> {
  const replication = replicationOf(inputs.config);
  if (!replication || !inputs.database) return undefined;
  return captured.readSlot(inputs.database, replication.slot, pacing).catch(() => undefined);
}

/** The tables of the connector's publication, as far as that can be seen from here. */
async function published({ inputs, pacing, captured }: Parts): Promise<string[] | undefined> {
  const publication = replicationOf(inputs.config)?.publication;
  if (!inputs.database || !publication) return undefined;
  return captured.publishedTables(inputs.database, publication, pacing).catch(() => undefined);
}

async function topicsWithContent({ inputs, topics }: Parts): Promise<string[]> {
  const tables = literalTables(inputs.config);
  const names = tables.map((table) => topicOf(inputs.config, table));
  const ends = await topics?.ends(names.filter((name) => name !== undefined));
  return tables.filter((_, index) => ends?.get(names[index] ?? "")?.some((end) => end > 0n));
}
