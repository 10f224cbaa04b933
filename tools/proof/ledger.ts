/** Pure: what is proven, what was found, and where the round is. Kept across restarts. */
import type { KeyRange } from "../verify/compare/key-range";

/** A moment of the source. */
export interface Instant {
  /** UTC. */
  readonly at: string;
  /** Position in PostgreSQL's log. */
  readonly lsn: string;
}

/** Rows of the lake that are not the source's. */
export interface Finding {
  /** When it was seen first. */
  readonly since: Instant;
  /** When the table was last proven before. */
  readonly equalAt: Instant | null;
  readonly keys: number;
  /** Some of the keys, each with what is wrong; what concerns no single key too. */
  readonly examples: readonly string[];
}

/** What one range has of it. */
interface FoundPart extends Pick<Finding, "keys" | "examples"> {
  /** Where the range begins; null: at the table's beginning. */
  readonly from: string | null;
}

export interface TableLedger {
  /** The lake had exactly the source's rows at this moment. */
  readonly verifiedThrough: Instant | null;
  /** Ranges that differ, until they are compared again. */
  readonly different: readonly FoundPart[];
  /** When the first of them was seen; null: there is none. */
  readonly differentSince: Instant | null;
  /** Why nothing can be said of it. */
  readonly notProven: string | null;
  /** The last round that has come to its end. */
  readonly round: number;
  /** The pass over its ranges that is under way. */
  readonly pass: Pass | null;
}

export interface Pass {
  /** Of its first range: all others were compared later. */
  readonly began: Instant;
  /** Where the next range begins. */
  readonly next: string;
  /** Whether all ranges so far are. */
  readonly equal: boolean;
}

export interface Ledger {
  readonly version: 1;
  /** The round that is under way; it begins with the first. */
  readonly round: number;
  /** UTC. */
  readonly roundBegan: string;
  /** Seconds that the round before took. */
  readonly lastRoundSeconds: number | null;
  /** Why nothing can be compared at present. */
  readonly stalled: string | null;
  /** The table that is being compared: still there after the process was killed. */
  readonly trying: string | null;
  readonly tables: Readonly<Record<string, TableLedger>>;
}

const NEW_TABLE: TableLedger = {
  ...{ verifiedThrough: null, different: [], differentSince: null },
  ...{ notProven: null, round: 0, pass: null },
};

export function newLedger(now: string): Ledger {
  return {
    version: 1,
    round: 1,
    roundBegan: now,
    lastRoundSeconds: null,
    stalled: null,
    trying: null,
    tables: {},
  };
}

export function tableIn(ledger: Ledger, table: string): TableLedger {
  return ledger.tables[table] ?? NEW_TABLE;
}

/** The table whose turn it is: the one that is under way, else the first that this round has not come to. */
export function nextTable<Table extends { readonly name: string }>(
  ledger: Ledger,
  tables: readonly Table[],
): Table | undefined {
  const due = tables.filter(({ name }) => tableIn(ledger, name).round < ledger.round);
  return due.find(({ name }) => tableIn(ledger, name).pass !== null) ?? due[0];
}

/** What comparing one part of a table came to. */
export type Outcome =
  | { readonly kind: "not proven"; readonly reason: string }
  | {
      readonly kind: "compared";
      readonly at: Instant;
      readonly range: KeyRange | undefined;
      /** null: it is equal. */
      readonly found: Pick<Finding, "keys" | "examples"> | null;
    };

/** How many examples of a table are told. */
const MOST_EXAMPLES = 20;

export function withOutcome(ledger: Ledger, table: string, outcome: Outcome): Ledger {
  const known = tableIn(ledger, table);
  const next =
    outcome.kind === "compared" ? afterPart(known, outcome, ledger.round) : unproven(known, outcome, ledger);
  return { ...ledger, stalled: null, trying: null, tables: { ...ledger.tables, [table]: next } };
}

function unproven(
  known: TableLedger,
  { reason }: { readonly reason: string },
  { round }: Ledger,
): TableLedger {
  return { ...known, notProven: reason, round, pass: null };
}

function afterPart(
  known: TableLedger,
  { at, range, found }: Extract<Outcome, { kind: "compared" }>,
  round: number,
): TableLedger {
  const { began, equal } = known.pass ?? { began: at, equal: true };
  const isEqual = equal && found === null;
  const elsewhere = known.different.filter(({ from }) => !isIn(from, range));
  const different = found ? [...elsewhere, { from: range?.from ?? null, ...found }] : elsewhere;
  const now = {
    different,
    differentSince: different.length > 0 ? (known.differentSince ?? at) : null,
    notProven: null,
  };
  return range && range.below !== null
    ? { ...known, ...now, pass: { began, next: range.below, equal: isEqual } }
    : { ...now, verifiedThrough: isEqual ? began : known.verifiedThrough, round, pass: null };
}

/** @param range undefined: the whole table */
function isIn(place: string | null, range: KeyRange | undefined): boolean {
  const { from = null, below = null } = range ?? {};
  if (place === null) return from === null;
  return (
    (from === null || BigInt(place) >= BigInt(from)) && (below === null || BigInt(place) < BigInt(below))
  );
}

/** @returns null: nothing differs */
export function findingOf({ different, differentSince, verifiedThrough }: TableLedger): Finding | null {
  if (differentSince === null) return null;
  return {
    since: differentSince,
    equalAt: verifiedThrough,
    keys: different.reduce((sum, { keys }) => sum + keys, 0),
    examples: different.flatMap(({ examples }) => examples).slice(0, MOST_EXAMPLES),
  };
}

/** What a start goes on with: a table over which the process was killed must not have it killed again and again. */
export function afterStart(ledger: Ledger): Ledger {
  const { trying } = ledger;
  if (trying === null) return ledger;
  const reason = `the service was killed while it compared it, so its rows may be too large for the service's memory: \`npm run verify -- --table ${trying}\` compares it`;
  return withOutcome(ledger, trying, { kind: "not proven", reason });
}

/** @param tables captured ones: of others nothing is kept */
export function afterRound(ledger: Ledger, tables: readonly string[], now: string): Ledger {
  const kept = Object.entries(ledger.tables).filter(([name]) => tables.includes(name));
  return {
    ...ledger,
    round: ledger.round + 1,
    roundBegan: now,
    lastRoundSeconds: Math.round((Date.parse(now) - Date.parse(ledger.roundBegan)) / 1000),
    tables: Object.fromEntries(kept),
  };
}
