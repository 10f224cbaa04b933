import { describe, expect, it } from "vitest";
import { snapshotOf } from "../../../bench/peer/iceberg-metadata";

const snapshot = (id: string, records: number) => `{"sequence-number": 1, "snapshot-id": ${id},
  "summary": {"operation": "append", "total-records": "${records}", "total-data-files": "3"}}`;

describe("snapshotOf", () => {
  it("takes the current snapshot, also when ids differ only beyond JavaScript's numbers", () => {
    const metadata = `{"format-version": 2, "current-snapshot-id": 9007199254740993, "snapshots": [
      ${snapshot("9007199254740992", 1)}, ${snapshot("9007199254740993", 2)}, ${snapshot("9007199254740994", 3)}]}`;
    expect(snapshotOf(metadata)).toEqual({ records: 2, dataFiles: 3 });
  });

  it("is empty before the first snapshot", () => {
    expect(snapshotOf('{"current-snapshot-id": -1, "snapshots": []}')).toEqual({ records: 0, dataFiles: 0 });
    expect(snapshotOf('{"current-snapshot-id": null}')).toEqual({ records: 0, dataFiles: 0 });
  });
});
