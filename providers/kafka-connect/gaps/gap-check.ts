import { type CapturedDatabase, DatabaseRefuses, DatabaseUnreachable } from "../database/replication";
import type { GapNote } from "../database/signalling";
import type { SourceFacts } from "../database/source-facts";
import { literalTables, replicationOf } from "../debezium/postgres";
import type { DatabaseAccess } from "../inputs";
import type { Pacing } from "../pacing";
import type { ConnectorConfig } from "../rest/api";
import { listing } from "../text/listing";
import { findGaps, type Gap, gapQuestion } from "./gaps";
import type { SourceIdentity } from "./source-identity";

/** What is looked at. */
export interface CheckedConnector {
  readonly config: ConnectorConfig;
  readonly database: DatabaseAccess | undefined;
  /** What was captured when that was complete; undefined: nobody wrote it down. */
  readonly recorded: SourceIdentity | undefined;
  /** The tables that are captured already; undefined: those listed. */
  readonly captured: readonly string[] | undefined;
  /** How far it had read, in bytes of log; undefined: not known. Asked before the database is. */
  readonly position: number | undefined;
}

export interface GapCheck {
  readonly gaps: readonly Gap[];
  /** Tables that somebody was told about and that were not read again since. */
  readonly notes: readonly GapNote[];
  /** What could not be looked at, and why. */
  readonly notLookedAt: readonly string[];
  /** Undefined when the database could not be asked. */
  readonly facts: SourceFacts | undefined;
}

const NOTHING: GapCheck = { gaps: [], notes: [], notLookedAt: [], facts: undefined };

/** Compares the source with what was captured. Changes nothing. */
export async function checkGaps(
  { config, database, recorded, captured, position }: CheckedConnector,
  source: CapturedDatabase,
  pacing: Pacing,
): Promise<GapCheck> {
  const question = gapQuestion(config, recorded);
  if (!question) return NOTHING;
  if (!database) return { ...NOTHING, notLookedAt: ["the source: no `database` was given"] };
  try {
    const facts = await source.readSource(database, question, pacing);
    const signals = replicationOf(config)?.signalTable;
    const notes = signals ? await source.readGapNotes(database, signals, pacing) : [];
    const listed = literalTables(config);
    return {
      gaps: findGaps(config, recorded, captured ?? listed, facts, position),
      notes: notes.filter(({ table }) => listed.includes(table)),
      notLookedAt: facts.notLookedAt,
      facts,
    };
  } catch (error) {
    if (!(error instanceof DatabaseUnreachable || error instanceof DatabaseRefuses)) throw error;
    return { ...NOTHING, notLookedAt: [`the source: ${error.message}`] };
  }
}

/** What an update would do something about, one sentence each. */
export function actionable({ gaps, notes }: Pick<GapCheck, "gaps" | "notes">): string[] {
  const mended = gaps.filter(({ cure }) => cure !== "person");
  const named = mended.flatMap(({ tables }) => tables);
  const more = notes.filter(({ table }) => !named.includes(table));
  return [
    ...mended.map(({ text }) => text),
    ...notesByText(more).map(([text, tables]) => `${listing(tables)} not read again since: ${text}`),
  ];
}

/** The tables of each text that notes have. */
export function notesByText(notes: readonly GapNote[]): [text: string, tables: string[]][] {
  const tables = new Map<string, string[]>();
  for (const { table, text } of notes) tables.set(text, [...(tables.get(text) ?? []), table]);
  return [...tables];
}
