/** What to do about a connector, given what there is. */

import type { GapNote } from "../database/signalling";
import { addedTables, sendsEarlierRows } from "../debezium/captured-tables";
import { sameConfig } from "../debezium/config";
import { literalTables } from "../debezium/postgres";
import { type Gap, tablesToReadAgain } from "../gaps/gaps";
import type { ConnectorInputs, ConnectorOutputs } from "../inputs";
import { type TargetState, targetState } from "../rest/desired-state";
import { isNewRequest } from "../rest/offsets";
import type { DeploymentFacts } from "./facts";

export interface DeploymentPlan {
  readonly target: TargetState;
  /** Connect has this config already. */
  readonly isSame: boolean;
  /** It is stopped or paused on the way. */
  readonly halts: boolean;
  /** Its position is set as asked for. */
  readonly moves: boolean;
  /** It forgets its position, and takes a snapshot in the place of all that was sent before. */
  readonly startOver: boolean;
  /** Whether that is allowed when only its failure shows that nothing else helps. */
  readonly mayStartOver: boolean;
  /** The tables that are captured already. */
  readonly known: readonly string[] | undefined;
  /** Tables whose earlier rows have still to be sent. */
  readonly added: readonly string[];
  /** Tables taken off the list. */
  readonly removed: readonly string[];
  readonly gaps: readonly Gap[];
  /** Tables of which changes may be missing, whose rows are read again. */
  readonly readAgain: readonly string[];
  /** What is remembered until the rows have been read again. */
  readonly noted: readonly GapNote[];
}

export function planOf(
  inputs: ConnectorInputs,
  previous: ConnectorOutputs | undefined,
  { live, slot, known: before, check }: DeploymentFacts,
): DeploymentPlan {
  const { config, offsets } = inputs;
  const target = targetState(inputs.desiredState);
  const isRunning = target === "RUNNING";
  const isMoved = isNewRequest(previous?.offsets, offsets);
  const isReset = isMoved && previous !== undefined && "reset" in offsets;
  // Offsets without their slot are left over, and would lead past the snapshot.
  const isLeftOver = (!previous || !live) && slot?.exists === false;
  const takesSnapshot = sendsEarlierRows(config);
  const mayReadAgain = inputs.gaps !== "report" && takesSnapshot;
  const isLost = check.gaps.some(({ cure }) => cure === "start over");
  const startOver = isRunning && ((isReset && takesSnapshot) || isLeftOver || (isLost && mayReadAgain));
  const known = startOver || isReset || isLeftOver ? undefined : before;
  const readAgain = isRunning && mayReadAgain && !startOver ? toReadAgain(check) : [];
  return {
    target,
    isSame: live !== undefined && sameConfig(live, config),
    halts: isMoved || startOver || !isRunning,
    moves: isMoved && !startOver && (previous !== undefined || "set" in offsets),
    startOver,
    mayStartOver: mayReadAgain,
    known,
    added: addedTables(config, known),
    removed: removedTables(inputs, previous || live ? (before ?? []) : []),
    gaps: check.gaps,
    readAgain,
    noted: isRunning ? notesOf(check.gaps) : [],
  };
}

function toReadAgain({ gaps, notes }: DeploymentFacts["check"]): string[] {
  return [...new Set([...tablesToReadAgain(gaps), ...notes.map(({ table }) => table)])];
}

function notesOf(gaps: readonly Gap[]): GapNote[] {
  const missing = gaps.filter(({ cure }) => cure === "read again" || cure === "start over");
  return missing.flatMap(({ tables, text }) => tables.map((table) => ({ table, text })));
}

function removedTables({ config }: ConnectorInputs, known: readonly string[]): string[] {
  const listed = literalTables(config);
  if (listed.length === 0) return [];
  return known.filter((table) => !listed.includes(table) && table !== config["signal.data.collection"]);
}
