import { describe, expect, it } from "vitest";
import type { Position } from "../../../providers/kafka-connect/position";
import { alarmsOf, bytesOf, lakeAlarms, stateAlarms } from "../../../tools/status/alarms";

const calm: Position = {
  status: "connector RUNNING, task 0 RUNNING",
  offsets: [],
  snapshot: [],
  gaps: [],
  notReadAgain: [],
  notCapturedYet: [],
  notLookedAt: [],
  slot: {
    name: "cdc",
    isRead: true,
    confirmedLsn: "0/1",
    lagBytes: 0,
    retainedBytes: 1024 ** 3,
    walStatus: "reserved",
  },
};
const withSlot = (changes: object): Position => ({
  ...calm,
  slot: { ...(calm.slot as NonNullable<Position["slot"]>), ...changes },
});

describe("an alarm", () => {
  it("is a connector that somebody paused or stopped since the last up", () => {
    expect(stateAlarms(calm, "RUNNING")).toEqual([]);
    const paused = { ...calm, status: "connector PAUSED, task 0 PAUSED" };
    expect(stateAlarms(paused, "PAUSED")).toEqual([]);
    expect(stateAlarms(paused, "RUNNING")[0]).toMatch(/is PAUSED, and was RUNNING.*`npm run up`/);
    expect(stateAlarms({ ...calm, status: "connector STOPPED, no task yet" }, "RUNNING")).toHaveLength(1);
    expect(stateAlarms({ ...calm, status: "Connect shows no status for it yet" }, "RUNNING")).toEqual([]);
  });

  it("is none for a connector that delivers and a slot within its limit, or none at all", () => {
    expect(alarmsOf(calm, "1GB")).toEqual([]);
    const { slot: _slot, ...without } = calm;
    expect(alarmsOf(without, "1GB")).toEqual([]);
  });

  it("is a slot that holds back more than its limit, by name and number", () => {
    expect(alarmsOf(withSlot({ retainedBytes: 1024 ** 3 + 1 }), "1GB")).toEqual([
      "the replication slot cdc holds back 1,073,741,825 bytes of log, more than 1GB (cdc:slotLagAlarm)",
    ]);
  });

  it("is a slot that PostgreSQL is about to give up", () => {
    expect(alarmsOf(withSlot({ walStatus: "unreserved" }), "1GB")[0]).toContain("cdc:maxSlotWalKeepSize");
  });

  it("is each gap, with the tables and what to do", () => {
    const lost = {
      cure: "start over",
      tables: ["public.a"],
      text: "PostgreSQL gave up replication slot cdc",
    } as const;
    expect(alarmsOf({ ...calm, gaps: [lost] }, "1GB")[0]).toMatch(/^PostgreSQL gave up .* `npm run up`/);
    const table = {
      cure: "read again",
      tables: ["public.a"],
      text: "public.a was dropped and made again",
    } as const;
    expect(alarmsOf({ ...calm, gaps: [table] }, "1GB")[0]).toContain(
      "Changes of public.a may be missing: `npm run up`",
    );
  });

  it("is a table whose rows have to be read again, with the command, or that the job set aside", () => {
    const note = { table: "public.a", text: "public.a was dropped and made again" };
    expect(alarmsOf({ ...calm, notReadAgain: [note] }, "1GB")[0]).toContain("npm run resnapshot -- public.a");
    const totals = { changes: 0, written: 0, deleted: 0, skipped: 0, rejected: 0, schemaChanges: [] };
    const table = { table: "public.b", state: null, changes: null, deadLetters: 0 };
    const setAside = { reason: "disk full", since: "2026-01-01T00:00:00Z" };
    expect(
      lakeAlarms({ tables: [{ ...table, totals: { ...totals, needsRows: "a column was renamed" } }] }),
    ).toEqual(["public.b needs its rows again (a column was renamed): npm run resnapshot -- public.b"]);
    expect(lakeAlarms({ tables: [{ ...table, totals: { ...totals, setAside } }] })[0]).toContain("disk full");
    expect(lakeAlarms({ tables: [{ ...table, totals }] })).toEqual([]);
  });

  it("is a failed task", () => {
    expect(alarmsOf({ ...calm, status: "connector RUNNING, task 0 FAILED" }, "1GB")).toHaveLength(1);
  });

  it("reads sizes as PostgreSQL does", () => {
    expect(bytesOf("500MB")).toBe(524_288_000);
    expect(() => bytesOf("much")).toThrow("much is no size");
  });
});
