import { describe, expect, it } from "vitest";
import {
  eventFindings,
  type KeyEvent,
  type RowTexts,
  rowFindings,
} from "../../../tools/verify/compare/history";

const NONE: RowTexts = { id: null, city: null };
const row = (city: string): RowTexts => ({ id: "1", city });
let clock = 0n;
const c = (after: string): KeyEvent => event("c", NONE, row(after));
const u = (before: string, after: string): KeyEvent => event("u", row(before), row(after));
const d = (before: string): KeyEvent => event("d", row(before), NONE);
const r = (after: string): KeyEvent => event("r", NONE, row(after));
const partial = (one: KeyEvent): KeyEvent => ({ ...one, before: NONE, partial: true });

function event(op: KeyEvent["op"], before: RowTexts, after: RowTexts): KeyEvent {
  return { op, ts: ++clock, place: `0/${clock}`, before, after, partial: false };
}

const kinds = (events: KeyEvent[], source?: RowTexts) =>
  eventFindings(events, source).map(({ kind }) => kind);

describe("what is wrong with a row", () => {
  it("is that it is not there, only there, or another one", () => {
    expect(rowFindings(row("A"), row("A"))).toEqual([]);
    expect(rowFindings(undefined, row("A"))).toEqual([{ kind: "missing" }]);
    expect(rowFindings(row("A"), undefined)).toEqual([{ kind: "extra" }]);
    expect(rowFindings(row("A"), row("B"))).toEqual([{ kind: "different", columns: ["city"] }]);
    // A column that only the source has is said once for the whole table.
    expect(rowFindings(row("A"), { ...row("A"), fresh: "1" })).toEqual([]);
  });
});

describe("what is wrong with a key", () => {
  it("a row that did not arrive, or was not deleted", () => {
    expect(kinds([], row("A"))).toEqual(["missing"]);
    expect(kinds([c("A"), d("A")], row("A"))).toEqual(["missing"]);
    expect(kinds([c("A")])).toEqual(["extra"]);
  });

  it("columns that differ", () => {
    expect(eventFindings([c("A")], row("B"))).toEqual([{ kind: "different", columns: ["city"] }]);
    expect(eventFindings([c("A")], { id: "1", city: null })).toEqual([
      { kind: "different", columns: ["city"] },
    ]);
  });

  it("a doubled event, also when a later one hides it", () => {
    const twice = u("A", "B");
    expect(kinds([c("A"), twice, { ...twice }], row("B"))).toEqual(["doubled event"]);
    expect(kinds([c("A"), twice, { ...twice }, d("B")])).toEqual(["doubled event"]);
    const insert = c("A");
    expect(kinds([insert, { ...insert }], row("A"))).toEqual(["doubled event"]);
    const read = r("A");
    expect(kinds([read, { ...read }], row("A"))).toEqual(["doubled event"]);
  });

  it("a missing event, with the columns that changed without one", () => {
    const next = u("B", "C");
    expect(eventFindings([c("A"), next], row("C"))).toEqual([
      { kind: "missing event", before: next, columns: ["city"] },
    ]);
    expect(kinds([u("A", "B")], row("B"))).toEqual(["missing event"]);
    expect(kinds([c("A"), c("B")], row("B"))).toEqual(["missing event"]);
  });

  it("nothing before a snapshot's row, and nothing void", () => {
    expect(kinds([u("X", "Y"), r("B"), u("B", "C")], row("C"))).toEqual(["unexplained"]);
    expect(kinds([{ ...u("X", "Y"), isVoid: true }, c("A")], row("A"))).toEqual(["unexplained"]);
    const twice = { ...u("X", "Y"), isVoid: true };
    expect(kinds([twice, twice, c("A")], row("A"))).toEqual(["doubled event"]);
  });

  it("nothing in a first change that stands for the snapshot's row", () => {
    expect(kinds([{ ...u("A", "B"), pardoned: true }, u("B", "C")], row("C"))).toEqual(["unexplained"]);
    expect(kinds([u("A", "B"), { ...u("C", "D"), pardoned: true }], row("D"))).toContain("missing event");
  });

  it("no missing event where a column came later with a DEFAULT", () => {
    const grown: KeyEvent = {
      ...u("A", "B"),
      before: { ...row("A"), grade: "1" },
      after: { ...row("B"), grade: "1" },
    };
    const first: KeyEvent = { ...c("A"), after: { ...row("A"), grade: null } };
    expect(eventFindings([first, grown], { ...row("B"), grade: "1" }, new Set(["grade"]))).toEqual([
      { kind: "unexplained" },
    ]);
    expect(eventFindings([first, grown], { ...row("B"), grade: "1" })).toMatchObject([
      { kind: "missing event", columns: ["grade"] },
    ]);
  });

  it("nothing that a second snapshot or an event without the row before it explains", () => {
    expect(kinds([c("A"), r("B")], row("B"))).toEqual(["unexplained"]);
    expect(kinds([c("A"), partial(u("?", "C"))], row("C"))).toEqual(["unexplained"]);
  });
});
