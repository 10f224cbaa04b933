import { describe, expect, it } from "vitest";
import {
  afterRound,
  afterStart,
  findingOf,
  type Instant,
  type Ledger,
  newLedger,
  nextTable,
  type Outcome,
  tableIn,
  withOutcome,
} from "../../../tools/proof/ledger";

const TABLES = [{ name: "public.a" }, { name: "public.b" }];
const NAMES = TABLES.map(({ name }) => name);
const start = newLedger("2026-01-01T00:00:00.000Z");
const at = (minute: number): Instant => ({
  ...{ at: `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`, lsn: `0/${minute}0` },
});
const WRONG = { keys: 1, examples: ["id 3: missing in the lake"] };

const part = (
  minute: number,
  below: string | null,
  found: typeof WRONG | null = null,
  from: string | null = null,
): Outcome => ({
  ...{ kind: "compared", at: at(minute), found },
  range: { column: "id", from, below },
});
const whole = (minute: number, found: typeof WRONG | null = null): Outcome => ({
  ...{ kind: "compared", at: at(minute), found, range: undefined },
});
const found = (ledger: Ledger, table: string) => findingOf(tableIn(ledger, table));
const played = (ledger: Ledger, ...steps: [string, Outcome][]) =>
  steps.reduce((before, [table, outcome]) => withOutcome(before, table, outcome), ledger);

describe("a round", () => {
  it("takes each table to its end, in their order, and then begins anew", () => {
    expect(nextTable(start, TABLES)?.name).toBe("public.a");
    const half = played(start, ["public.a", part(1, "100")]);
    expect(nextTable(half, TABLES)?.name).toBe("public.a");
    expect(tableIn(half, "public.a").pass?.next).toBe("100");
    const first = played(half, ["public.a", part(2, null)]);
    expect(nextTable(first, TABLES)?.name).toBe("public.b");
    const both = played(first, ["public.b", whole(3)]);
    expect(nextTable(both, TABLES)).toBeUndefined();
    const next = afterRound(both, NAMES, "2026-01-01T00:04:00.000Z");
    expect(next).toMatchObject({ round: 2, lastRoundSeconds: 240 });
    expect(nextTable(next, TABLES)?.name).toBe("public.a");
  });

  it("goes on where it was after a restart, also when a table was added", () => {
    const half = played(start, ["public.b", part(1, "100")]);
    const again = JSON.parse(JSON.stringify(half)) as Ledger;
    expect(nextTable(again, [{ name: "public.new" }, ...TABLES])?.name).toBe("public.b");
  });

  it("forgets tables that are no longer captured", () => {
    const done = played(start, ["public.a", whole(1)], ["public.b", whole(2)]);
    expect(Object.keys(afterRound(done, ["public.b"], "2026-01-01T00:03:00.000Z").tables)).toEqual([
      "public.b",
    ]);
  });
});

describe("a start", () => {
  it("goes on as if nothing had been, and past a table over which the process was killed", () => {
    expect(afterStart(start)).toBe(start);
    const killed = afterStart({ ...start, trying: "public.a" });
    expect(tableIn(killed, "public.a").notProven).toMatch(/killed.*npm run verify -- --table public\.a/);
    expect(killed.trying).toBeNull();
    expect(nextTable(killed, TABLES)?.name).toBe("public.b");
  });
});

describe("a table", () => {
  it("is proven up to the moment of its first range, once the last one is equal", () => {
    const half = played(start, ["public.a", part(1, "100")]);
    expect(tableIn(half, "public.a").verifiedThrough).toBeNull();
    expect(tableIn(played(half, ["public.a", part(5, null)]), "public.a").verifiedThrough).toEqual(at(1));
  });

  it("is different at once, and equal again at once when its range is, but proven by a whole pass only", () => {
    const proven = afterRound(played(start, ["public.a", whole(1)]), NAMES, at(2).at);
    const seen = played(proven, ["public.a", part(3, "100", WRONG)]);
    const finding = { since: at(3), equalAt: at(1), ...WRONG };
    expect(found(seen, "public.a")).toEqual(finding);
    const ended = played(seen, ["public.a", part(4, null, null, "100")]);
    expect(found(ended, "public.a")).toEqual(finding);
    expect(tableIn(ended, "public.a")).toMatchObject({ verifiedThrough: at(1), pass: null });
    const half = played(afterRound(ended, NAMES, at(5).at), ["public.a", part(6, "100")]);
    expect(found(half, "public.a")).toBeNull();
    expect(tableIn(half, "public.a").verifiedThrough).toEqual(at(1));
    const mended = played(half, ["public.a", part(7, null, null, "100")]);
    expect(tableIn(mended, "public.a").verifiedThrough).toEqual(at(6));
  });

  it("has what was found in all its ranges, each until it is compared again, also where ranges begin elsewhere", () => {
    const other = { keys: 2, examples: ["id 150: missing in the lake", "id 151: missing in the lake"] };
    const one = played(
      start,
      ["public.a", part(1, "100", WRONG)],
      ["public.a", part(2, "200", other, "100")],
      ["public.a", part(3, null, null, "200")],
    );
    expect(found(one, "public.a")).toEqual({
      ...{ since: at(1), equalAt: null, keys: 3, examples: [...WRONG.examples, ...other.examples] },
    });
    const two = played(afterRound(one, NAMES, at(4).at), ["public.a", part(5, "90", WRONG)]);
    expect(found(two, "public.a")?.keys).toBe(3);
    expect(found(played(two, ["public.a", part(6, "210", null, "90")]), "public.a")).toMatchObject({
      ...{ keys: 1, since: at(1) },
    });
  });

  it("of which nothing can be said has the reason, does not hold up the round, and keeps what was found", () => {
    const seen = afterRound(played(start, ["public.a", whole(1, WRONG)]), NAMES, at(2).at);
    const reading = played(seen, ["public.a", { kind: "not proven", reason: "it is set aside" }]);
    expect(tableIn(reading, "public.a").notProven).toBe("it is set aside");
    expect(found(reading, "public.a")).toMatchObject(WRONG);
    expect(nextTable(reading, TABLES)?.name).toBe("public.b");
    const again = played(afterRound(reading, NAMES, at(3).at), ["public.a", whole(4)]);
    expect(tableIn(again, "public.a")).toMatchObject({
      notProven: null,
      verifiedThrough: at(4),
    });
    expect(found(again, "public.a")).toBeNull();
  });
});
