import { expect, it } from "vitest";
import { notesShape } from "../../../readers/lake/table-notes";
import { examplesOf } from "../../../tools/proof/examples";
import { reasonNotProven } from "../../../tools/proof/reasons";

const reason = (notes: object, configuration: Record<string, string> = {}) =>
  reasonNotProven("public.a", notesShape.parse(notes), configuration);

it("a table with nothing noted is compared", () => {
  expect(reason({})).toBeUndefined();
});

it.each([
  [
    { setAside: { reason: "file x is missing", since: "2026", offsets: {} } },
    {},
    /set it aside: file x is missing/,
  ],
  [
    { needsRows: "messages were lost" },
    {},
    /messages were lost; `npm run resnapshot -- public\.a` reads them/,
  ],
  [{}, { "cdc.needsRows": "a topic was deleted" }, /needs its rows again: a topic was deleted/],
  [{}, { "cdc.resnapshot": "{}", "cdc.needsRows": "x" }, /being read again/],
  [{ resnapshot: { id: "r" } }, {}, /being read again/],
  [{ noKey: { columns: [], reason: "no key: only its change log" } }, {}, /no key: only its change log/],
])("a table noted as %o %o is named with the reason", (notes, configuration, expected) => {
  expect(reason(notes, configuration)).toMatch(expected);
});

it("examples name keys and columns, and no other value", () => {
  const row = { source: { id: "3", city: "Izmir" }, lake: { id: "3", city: "secret" } };
  const examples = examplesOf([
    { key: { id: "3" }, findings: [{ kind: "different", columns: ["city"] }], ...row },
    { key: { id: "4" }, findings: [{ kind: "doubled row", side: "lake", times: 2 }], ...row },
    { key: { id: "5" }, findings: [{ kind: "missing" }], source: row.source, lake: undefined },
    { key: { id: "6" }, findings: [{ kind: "extra" }], source: undefined, lake: row.lake },
  ]);
  expect(examples).toEqual([
    'id "3": other values in city',
    'id "4": 2 rows in the lake',
    'id "5": missing in the lake',
    'id "6": only in the lake',
  ]);
});
