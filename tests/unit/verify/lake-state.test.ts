/** What the lake's events add up to, on the real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countEvents, lakeRanges, makeLakeKeys } from "../../../tools/verify/compare/lake-state";
import { removeLaterChanges } from "../../../tools/verify/compare/later-changes";
import { differingRanges } from "../../../tools/verify/compare/ranges";
import { EVENT_COLUMNS, eventRows, messageSource } from "../../../tools/verify/lake/event-sql";
import type { TableShape } from "../../../tools/verify/source/table-shape";
import { columnForm } from "../../../tools/verify/values/column-form";
import { literal, Workspace } from "../../../tools/verify/workspace";

type Row = { id: string; city: string | null } | null;

const form = columnForm({ name: "text", kind: "b", elementKind: null, modifier: -1 }, {});
if (!form) throw new Error("text is compared");
const keyed: TableShape = {
  compared: [
    { name: "id", form },
    { name: "city", form },
  ],
  notCompared: [],
  key: ["id"],
  fullImages: true,
  estimatedRows: 1,
};
const keyless: TableShape = { ...keyed, key: [] };
const PLACEHOLDER = "__debezium_unavailable_value";

let workspace: Workspace;
let place: number;

beforeAll(async () => {
  workspace = await Workspace.open();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  place = 0;
  for (const table of ["messages", "later_messages"]) {
    await workspace.run(`CREATE OR REPLACE TABLE ${table} (number BIGINT, payload VARCHAR)`);
  }
});

async function put(table: string, op: string, ts: number, before: Row, after: Row): Promise<void> {
  const payload = JSON.stringify({ op, ts_ms: ts, before, after });
  await workspace.run(`INSERT INTO ${table} VALUES (${place++}, ${literal(payload)})`);
}
const event = (op: string, ts: number, before: Row, after: Row) => put("messages", op, ts, before, after);
const row = (city: string | null): Row => ({ id: "1", city });

/** Rows and hash of the lake, next to those of a source that has these rows. */
async function compared(shape: TableShape, ...source: Row[]): Promise<boolean> {
  await workspace.run(`CREATE OR REPLACE TABLE events (${EVENT_COLUMNS})`);
  await workspace.run(`INSERT INTO events ${eventRows(messageSource("messages"), shape, PLACEHOLDER)}`);
  await removeLaterChanges(workspace, shape, PLACEHOLDER);
  await makeLakeKeys(workspace, shape);
  const lake = await lakeRanges(workspace, shape, 0);
  await workspace.run("DELETE FROM messages");
  for (const one of source) await event("c", 0, null, one);
  await workspace.run(`CREATE OR REPLACE TABLE events (${EVENT_COLUMNS})`);
  await workspace.run(`INSERT INTO events ${eventRows(messageSource("messages"), shape, PLACEHOLDER)}`);
  const [sum] = await workspace.rows<{ rows: bigint; hash: bigint }>(
    "SELECT count(ha)::HUGEINT AS rows, coalesce(sum(ha), 0)::HUGEINT AS hash FROM events",
  );
  return differingRanges([{ range: 0, rows: sum?.rows ?? 0n, hash: sum?.hash ?? 0n }], lake).length === 0;
}

describe("events with the row before them", () => {
  beforeEach(async () => {
    await event("c", 1, null, row("A"));
    await event("u", 2, row("A"), row(null));
    await event("u", 3, row(null), row("C"));
  });

  it("add up to the row", async () => {
    expect(await compared(keyed, row("C"))).toBe(true);
  });

  it.each([
    ["another value", [row("D")]],
    ["no row", []],
    ["an empty text for NULL", [{ id: "1", city: "" }]],
    ["one more row", [row("C"), { id: "2", city: "C" }]],
  ])("differ from a source with %s", async (_, source) => {
    expect(await compared(keyed, ...(source as Row[]))).toBe(false);
  });

  it("do not hide a doubled event behind a later one", async () => {
    await event("u", 2, row("A"), row(null));
    await event("d", 4, row("C"), null);
    expect(await compared(keyed)).toBe(false);
  });

  it("do not hide a missing event behind a later one", async () => {
    await event("u", 5, row("X"), row("Y"));
    expect(await compared(keyed, row("Y"))).toBe(false);
  });

  it("count without those that the snapshot does not see, each taken out once", async () => {
    await event("u", 4, row("C"), row("D"));
    await event("d", 5, row("D"), null);
    await put("later_messages", "u", 4, row("C"), row("D"));
    await put("later_messages", "d", 5, row("D"), null);
    await put("later_messages", "c", 6, null, row("not in the lake yet"));
    expect(await compared(keyed, row("C"))).toBe(true);
  });

  it("show a later event that is there twice", async () => {
    await event("u", 4, row("C"), row("D"));
    await event("u", 4, row("C"), row("D"));
    await put("later_messages", "u", 4, row("C"), row("D"));
    expect(await compared(keyed, row("C"))).toBe(false);
  });
});

describe("a snapshot", () => {
  it("counts with what came after it, in whatever order the files have it", async () => {
    await event("u", 9, row("S"), row("T"));
    await event("r", 5, null, row("S"));
    await event("c", 1, null, row("old, and the update after it was lost"));
    expect(await compared(keyed, row("T"))).toBe(true);
  });

  it("shows an event that is there twice", async () => {
    await event("r", 5, null, row("S"));
    await event("r", 5, null, row("S"));
    expect(await compared(keyed, row("S"))).toBe(false);
  });
});

describe("events without the row before them", () => {
  const shape = { ...keyed, fullImages: false };

  it("count by the last of a key", async () => {
    await event("c", 1, null, row("A"));
    await event("u", 3, null, row("C"));
    await event("u", 2, null, row("B"));
    expect(await compared(shape, row("C"))).toBe(true);
    await event("d", 4, { id: "1", city: null }, null);
    expect(await compared(shape)).toBe(true);
  });

  it("leave a value that PostgreSQL did not log to a closer look", async () => {
    await event("u", 3, null, row(PLACEHOLDER));
    expect(await compared(shape, row(PLACEHOLDER))).toBe(false);
  });
});

describe("a table without a key", () => {
  beforeEach(async () => {
    await event("c", 1, null, row("A"));
    await event("c", 1, null, row("A"));
    await event("u", 2, row("A"), row("B"));
    await event("c", 3, null, row("C"));
    await event("d", 4, row("C"), null);
  });

  it.each([
    ["equals one with the same rows", [row("A"), row("B")], true],
    ["differs from one with a row less", [row("A")], false],
    ["differs from one with a row twice", [row("A"), row("A"), row("B")], false],
    ["differs from one with as many other rows", [row("B"), row("B")], false],
  ])("%s", async (_, source, equal) => {
    expect(await compared(keyless, ...source)).toBe(equal);
  });
});

describe("rows that are no change events", () => {
  it("are counted", async () => {
    await event("c", 1, null, row("A"));
    await event("?", 1, null, row("A"));
    await event("c", 1, null, null);
    await workspace.run(`CREATE OR REPLACE TABLE events (${EVENT_COLUMNS})`);
    await workspace.run(`INSERT INTO events ${eventRows(messageSource("messages"), keyed, PLACEHOLDER)}`);
    expect(await countEvents(workspace, keyed)).toMatchObject({ events: 3n, bad: 2n, firstBad: "-1:1:?" });
  });
});
