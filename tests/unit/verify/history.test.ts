import { describe, expect, it } from "vitest";
import { findings, type KeyEvent, type RowTexts } from "../../../tools/verify/compare/history";

const NONE: RowTexts = { id: null, city: null };
const row = (city: string): RowTexts => ({ id: "1", city });
let clock = 0n;
const c = (after: string): KeyEvent => event("c", NONE, row(after));
const u = (before: string, after: string): KeyEvent => event("u", row(before), row(after));
const d = (before: string): KeyEvent => event("d", row(before), NONE);
const r = (after: string): KeyEvent => event("r", NONE, row(after));
const partial = (one: KeyEvent): KeyEvent => ({ ...one, before: NONE, partial: true });

function event(op: KeyEvent["op"], before: RowTexts, after: RowTexts): KeyEvent {
  return { op, ts: ++clock, before, after, partial: false };
}

const kinds = (events: KeyEvent[], source?: RowTexts) => findings(events, source).map(({ kind }) => kind);

describe("what is wrong with a key", () => {
  it("a row that did not arrive, or was not deleted", () => {
    expect(kinds([], row("A"))).toEqual(["missing"]);
    expect(kinds([c("A"), d("A")], row("A"))).toEqual(["missing"]);
    expect(kinds([c("A")])).toEqual(["extra"]);
  });

  it("columns that differ", () => {
    expect(findings([c("A")], row("B"))).toEqual([{ kind: "different", columns: ["city"] }]);
    expect(findings([c("A")], { id: "1", city: null })).toEqual([{ kind: "different", columns: ["city"] }]);
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
    expect(findings([c("A"), next], row("C"))).toEqual([
      { kind: "missing event", before: next, columns: ["city"] },
    ]);
    expect(kinds([u("A", "B")], row("B"))).toEqual(["missing event"]);
    expect(kinds([c("A"), c("B")], row("B"))).toEqual(["missing event"]);
  });

  it("nothing that a second snapshot or an event without the row before it explains", () => {
    expect(kinds([c("A"), r("B")], row("B"))).toEqual(["unexplained"]);
    expect(kinds([c("A"), partial(u("?", "C"))], row("C"))).toEqual(["unexplained"]);
  });
});
