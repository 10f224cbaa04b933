/** What the change log's events come to, on the real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Lane, literal, Workspace } from "../../../readers/workspace";
import { countEvents, makeLogKeys, noteDoubled } from "../../../tools/verify/compare/log-keys";
import type { SideColumn } from "../../../tools/verify/compare/plan";
import { differingRanges, lakeRanges } from "../../../tools/verify/compare/ranges";
import {
  EVENT_COLUMNS,
  type EventShape,
  eventRows,
  messageSource,
} from "../../../tools/verify/lake/event-sql";
import { columnForm } from "../../../tools/verify/values/column-form";
import { registerFunctions } from "../../../tools/verify/values/functions";

type Row = { id: string; city: string | null } | null;
interface Place {
  lsn?: number | null;
  part?: number;
  txId?: number | null;
}

const { log: text, ...form } = columnForm({ name: "text", kind: "b", elementKind: null, modifier: -1 }, {});
const column = (name: string): SideColumn => ({
  name,
  lakeName: name,
  form: { ...form, log: text as never },
});
const keyed: EventShape = { columns: [column("id"), column("city")], key: ["id"], fullImages: true };
const keyless: EventShape = { ...keyed, key: [] };
const partial: EventShape = { ...keyed, fullImages: false };
const SOURCE = messageSource("messages", ['"?"']);

let workspace: Workspace;
let lane: Lane;
let place: number;

beforeAll(async () => {
  workspace = await Workspace.open(registerFunctions);
  lane = await workspace.lane();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  place = 0;
  await lane.run("CREATE OR REPLACE TABLE messages (part INTEGER, pos BIGINT, payload VARCHAR)");
});

async function event(op: string, before: Row, after: Row, { lsn, part, txId }: Place = {}): Promise<void> {
  const at = place++;
  const source = { lsn: lsn === undefined ? at : lsn, txId: txId === undefined ? 7 : txId };
  const payload = JSON.stringify({ op, ts_ms: at, source, before, after });
  await lane.run(`INSERT INTO messages VALUES (${part ?? 0}, ${at}, ${literal(payload)})`);
}
const again = (pos: number) => lane.run(`INSERT INTO messages SELECT * FROM messages WHERE pos = ${pos}`);
const row = (city: string | null, id = "1"): Row => ({ id, city });

async function load(shape: EventShape): Promise<void> {
  await lane.run(`CREATE OR REPLACE TABLE events (${EVENT_COLUMNS})`);
  await lane.run(`INSERT INTO events ${eventRows(SOURCE, shape)}`);
}

/** Whether the change log equals a source that has these rows. */
async function equals(shape: EventShape, ...source: Row[]): Promise<boolean> {
  await load(shape);
  await noteDoubled(lane);
  await makeLogKeys(lane, shape.key.length > 0);
  const lake = await lakeRanges(lane, "log_keys", 0);
  await lane.run("DELETE FROM messages");
  for (const one of source) await event("c", null, one);
  await load(shape);
  const sum = await lane.row<{ rows: bigint; hash: bigint }>(
    "SELECT count(ha)::HUGEINT AS rows, coalesce(sum(ha), 0)::HUGEINT AS hash FROM events",
  );
  return differingRanges([{ range: 0, ...sum }], lake).length === 0;
}

describe("events with the row before them", () => {
  beforeEach(async () => {
    await event("c", null, row("A"));
    await event("u", row("A"), row(null));
    await event("u", row(null), row("C"));
  });

  it("add up to the row", async () => {
    expect(await equals(keyed, row("C"))).toBe(true);
  });

  it.each([
    ["another value", [row("D")]],
    ["no row", []],
    ["an empty text for NULL", [row("")]],
    ["one more row", [row("C"), row("C", "2")]],
  ])("differ from a source with %s", async (_, source) => {
    expect(await equals(keyed, ...(source as Row[]))).toBe(false);
  });

  it("do not hide a doubled event behind a later one", async () => {
    await again(1);
    await event("d", row("C"), null);
    expect(await equals(keyed)).toBe(false);
  });

  it("do not hide a missing event behind a later one", async () => {
    await event("u", row("X"), row("Y"));
    expect(await equals(keyed, row("Y"))).toBe(false);
  });

  it("show a missing delete", async () => {
    await event("c", null, row("C"));
    expect(await equals(keyed, row("C"))).toBe(false);
  });

  it("follow a key that an update changes", async () => {
    await event("u", row("C"), row("C", "2"));
    expect(await equals(keyed, row("C", "2"))).toBe(true);
  });

  it("show a key that an update should have left", async () => {
    await event("u", row("C"), row("C", "2"));
    expect(await equals(keyed, row("C"), row("C", "2"))).toBe(false);
  });

  it("count only from the last TRUNCATE on", async () => {
    await event("t", null, null);
    expect(await equals(keyed)).toBe(true);
  });

  it("show a row from after a TRUNCATE that is not there", async () => {
    await event("t", null, null);
    await event("c", null, row("N"));
    expect(await equals(keyed)).toBe(false);
  });

  it("are void by their place in the log where the TRUNCATE is in another partition", async () => {
    await event("t", null, null, { part: 1, lsn: 2 });
    await event("c", null, row("N", "2"), { part: 1, lsn: 3 });
    // Of before the TRUNCATE are those with the positions 0 and 1; the third has 2.
    await lane.run("DELETE FROM messages WHERE pos = 2");
    expect(await equals(keyed, row("N", "2"))).toBe(true);
  });
});

describe("a snapshot", () => {
  it("counts with what came after it", async () => {
    await event("c", null, row("old, and the update after it was lost"));
    await event("r", null, row("S"), { lsn: null });
    await event("u", row("S"), row("T"));
    expect(await equals(keyed, row("T"))).toBe(true);
  });

  it("shows an event that is there twice", async () => {
    await event("r", null, row("S"));
    await again(0);
    expect(await equals(keyed, row("S"))).toBe(false);
  });

  it("may leave out a row that changed while it went on", async () => {
    await event("u", row("A"), row("B"));
    await event("d", row("gone", "2"), null);
    await event("r", null, row("S", "3"), { lsn: null });
    expect(await equals(keyed, row("B"), row("S", "3"))).toBe(true);
  });

  it("does not excuse a change that comes after it", async () => {
    await event("r", null, row("S", "3"), { lsn: null });
    await event("u", row("A"), row("B"));
    expect(await equals(keyed, row("B"), row("S", "3"))).toBe(false);
  });
});

describe("reading a table again", () => {
  it("voids what was before it, also changes that Debezium tells of later", async () => {
    await event("c", null, row("A"), { lsn: 10 });
    await event("t", null, null, { lsn: 100, txId: null });
    await event("u", row("lost"), row("late"), { lsn: 90 });
    await event("d", row("gone", "2"), null, { lsn: 91 });
    await event("u", row("B"), row("C"), { lsn: 110 });
    await event("r", null, row("S", "3"), { lsn: null });
    expect(await equals(keyed, row("C"), row("S", "3"))).toBe(true);
  });

  it("may send no row at all, where all of them changed meanwhile", async () => {
    await event("t", null, null, { lsn: 100, txId: null });
    await event("u", row("B"), row("C"), { lsn: 110 });
    expect(await equals(keyed, row("C"))).toBe(true);
  });
});

describe("events without the row before them", () => {
  it("count by the last of a key", async () => {
    await event("c", null, row("A"));
    await event("u", null, row("B"));
    await event("u", null, row("C"));
    expect(await equals(partial, row("C"))).toBe(true);
  });

  it("show a delete or an insert that is missing", async () => {
    await event("c", null, row("A"));
    await event("d", { id: "1", city: null }, null);
    await event("u", null, row("B"));
    expect(await equals(partial, row("B"))).toBe(false);
  });

  it("show an event that is there twice", async () => {
    await event("c", null, row("A"));
    await event("u", null, row("B"));
    await event("u", null, row("C"));
    await again(1);
    expect(await equals(partial, row("C"))).toBe(false);
  });

  it("may have the columns of another index before them", async () => {
    await event("c", null, row("A"));
    await event("u", { id: "1", city: null }, row("B"));
    expect(await equals(partial, row("B"))).toBe(true);
  });

  it("leave a value that PostgreSQL did not log to a closer look", async () => {
    await event("c", null, row("A"));
    await event("u", null, row("?"));
    expect(await equals(partial, row("A"))).toBe(false);
  });
});

describe("a table without a key", () => {
  beforeEach(async () => {
    await event("c", null, row("A"));
    await event("c", null, row("A"));
    await event("u", row("A"), row("B"));
    await event("c", null, row("C"));
    await event("d", row("C"), null);
  });

  it.each([
    ["equals one with the same rows", [row("A"), row("B")], true],
    ["differs from one with a row less", [row("A")], false],
    ["differs from one with a row twice", [row("A"), row("A"), row("B")], false],
    ["differs from one with as many other rows", [row("B"), row("B")], false],
  ])("%s", async (_, source, equal) => {
    expect(await equals(keyless, ...source)).toBe(equal);
  });

  it("has nothing after a TRUNCATE", async () => {
    await event("t", null, null);
    expect(await equals(keyless)).toBe(true);
  });
});

describe("columns that came later", () => {
  it("do not tell whether one event follows from another", async () => {
    await event("c", null, row(null));
    await event("u", row("the DEFAULT"), row("new"));
    const shape = { ...keyed, late: new Set(["city"]) };
    expect(await equals(shape, row("new"))).toBe(true);
  });

  it("still have to have their last value", async () => {
    await event("c", null, row(null));
    await event("u", row("the DEFAULT"), row("new"));
    expect(await equals({ ...keyed, late: new Set(["city"]) }, row("other"))).toBe(false);
  });
});

describe("rows that are no change events", () => {
  it("are counted", async () => {
    await event("c", null, row("A"));
    await event("?", null, row("A"));
    await event("c", null, null);
    await load(keyed);
    expect(await countEvents(lane)).toMatchObject({ events: 3n, bad: 2n, firstBad: "0:0:?" });
  });
});
