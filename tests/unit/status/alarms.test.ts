import { describe, expect, it } from "vitest";
import type { Position } from "../../../providers/kafka-connect/position";
import { alarmsOf, bytesOf } from "../../../tools/status/alarms";

const calm: Position = {
  status: "connector RUNNING, task 0 RUNNING",
  offsets: [],
  snapshot: [],
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

  it("is a slot that PostgreSQL gives up, or gave up", () => {
    expect(alarmsOf(withSlot({ walStatus: "unreserved" }), "1GB")[0]).toContain("cdc:maxSlotWalKeepSize");
    expect(alarmsOf(withSlot({ walStatus: "lost", retainedBytes: null }), "1GB")[0]).toContain(
      "changes are lost",
    );
  });

  it("is a failed task", () => {
    expect(alarmsOf({ ...calm, status: "connector RUNNING, task 0 FAILED" }, "1GB")).toHaveLength(1);
  });

  it("reads sizes as PostgreSQL does", () => {
    expect(bytesOf("500MB")).toBe(524_288_000);
    expect(() => bytesOf("much")).toThrow("much is no size");
  });
});
