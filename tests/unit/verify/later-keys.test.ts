/** What the current state should have for keys that changed after the snapshot, on the real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Lane, literal, Workspace } from "../../../readers/workspace";
import type { CapturedTable } from "../../../stack/platform";
import { makeLaterKeys } from "../../../tools/verify/compare/later-changes";
import type { Plan, SideColumn } from "../../../tools/verify/compare/plan";
import type { SourceReader } from "../../../tools/verify/source/snapshot";
import { columnForm } from "../../../tools/verify/values/column-form";
import { registerFunctions } from "../../../tools/verify/values/functions";
import { hashLake, keyLake, rowText } from "../../../tools/verify/values/row-text";

type Row = Record<string, string | null> | null;
const EXACT = { converters: "x", "x.type": "cdc.connect.ExactValues" };
const UNLOGGED = ['"\\u0000"'];
const NONE = "\u0000";

const { log, ...form } = columnForm({ name: "text", kind: "b", elementKind: null, modifier: -1 }, EXACT);
const columns = ["id", "large"].map(
  (name): SideColumn => ({ name, lakeName: name, form: { ...form, log: log as never } }),
);
const plan = {
  key: ["id"],
  shape: { fullImages: false, compared: columns },
  state: { columns },
} as unknown as Plan;

let workspace: Workspace;
let lane: Lane;
let place = 0;
let source: Row[];

beforeAll(async () => {
  workspace = await Workspace.open(registerFunctions);
  lane = await workspace.lane();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  source = [];
  await lane.run("CREATE OR REPLACE TABLE later_messages (part INTEGER, pos BIGINT, payload VARCHAR)");
  await lane.run(
    "CREATE OR REPLACE TABLE state_keys (k UUID, n BIGINT, h HUGEINT, hole BOOLEAN, ok BOOLEAN)",
  );
});

async function change(op: string, before: Row, after: Row, lsn: number | null = place): Promise<void> {
  const payload = JSON.stringify({ op, ts_ms: 1, source: { lsn, txId: 7 }, before, after });
  await lane.run(`INSERT INTO later_messages VALUES (0, ${place++}, ${literal(payload)})`);
}

const row = (id: string, large: string | null): Row => ({ id, large });
const evaluated = async <T>(expression: string) => (await lane.row<{ v: T }>(`SELECT ${expression} AS v`)).v;
const text = (values: (string | null)[]) =>
  rowText(
    values.map((value) => (value === null ? "NULL::VARCHAR" : literal(value))),
    "strlen",
  );
const keyOf = (id: string) => evaluated<string>(`${keyLake(text([id]))}::VARCHAR`);
const hashOf = (one: Row) => evaluated<bigint>(hashLake(text(Object.values(one ?? {}))));

/** Key → the hash that its row should have, `absent`, or `unknown`. */
async function expected(): Promise<Map<string, bigint | string>> {
  const reader = {
    rows: async (_table: unknown, _plan: unknown, keys: readonly string[]) => {
      const found = await Promise.all(
        source.map(async (one) => ({ key: await keyOf(one?.id ?? ""), texts: one })),
      );
      return found.filter(({ key }) => keys.includes(key));
    },
  } as unknown as SourceReader;
  await makeLaterKeys(lane, plan, UNLOGGED, reader, {} as CapturedTable);
  const rows = await lane.rows("SELECT k::VARCHAR AS k, present, h, skip FROM later_keys");
  return new Map(rows.map(({ k, present, h, skip }) => [k, skip ? "unknown" : present ? h : "absent"]));
}

describe("the row of a key that changed later", () => {
  it("is that of its last change", async () => {
    await change("c", null, row("1", "a"));
    await change("u", null, row("1", "b"));
    await change("d", row("2", null), null);
    const keys = await expected();
    expect(keys.get(await keyOf("1"))).toBe(await hashOf(row("1", "b")));
    expect(keys.get(await keyOf("2"))).toBe("absent");
    expect(keys.size).toBe(2);
  });

  it.each([["short"], ["x".repeat(2000)]])(
    "keeps a value that PostgreSQL did not log from the source's row: %#",
    async (large) => {
      source = [row("1", large)];
      await change("u", null, row("1", NONE));
      expect((await expected()).get(await keyOf("1"))).toBe(await hashOf(row("1", large)));
    },
  );

  it("keeps it from an earlier later change, and takes it along to another key", async () => {
    source = [row("1", "old"), row("5", "other")];
    await change("u", null, row("1", "new"));
    await change("u", null, row("1", NONE));
    const at = place;
    await change("d", row("1", null), null, at);
    await change("c", null, row("2", NONE), at);
    await change("u", null, row("2", NONE));
    const keys = await expected();
    expect(keys.get(await keyOf("1"))).toBe("absent");
    expect(keys.get(await keyOf("2"))).toBe(await hashOf(row("2", "new")));
  });

  it("is not known where a snapshot read it meanwhile", async () => {
    await change("r", null, row("1", "a"), null);
    expect((await expected()).get(await keyOf("1"))).toBe("unknown");
  });

  it("is gone after a TRUNCATE, also of keys that did not change", async () => {
    await lane.run(`INSERT INTO state_keys VALUES (${literal(await keyOf("9"))}::UUID, 1, 1, false, true)`);
    await change("c", null, row("1", "a"));
    await change("t", null, null);
    await change("c", null, row("2", "b"));
    const keys = await expected();
    expect(keys.get(await keyOf("9"))).toBe("absent");
    expect(keys.get(await keyOf("1")) ?? "absent").toBe("absent");
    expect(keys.get(await keyOf("2"))).toBe(await hashOf(row("2", "b")));
  });
});
