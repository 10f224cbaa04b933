import { describe, expect, it } from "vitest";
import { controlMessage } from "../../../../providers/kafka-connect/debezium/control-messages";
import {
  missingRows,
  NO_ARRIVALS,
  withMessage,
} from "../../../../providers/kafka-connect/deployment/arrivals";

const event = (op: string, row: object = {}) =>
  Buffer.from(
    JSON.stringify({
      schema: { type: "struct" },
      payload: { before: null, after: row, source: { lsn: 1 }, op, ts_ms: 1 },
    }),
  );
const counted = (...values: (Buffer | null)[]) => values.reduce(withMessage, NO_ARRIVALS);

describe("what arrived of a table", () => {
  it("is counted by the event's own operation, whatever is in its row", () => {
    const tricky = event("u", { op: "r", note: '"op":"r"' });
    expect(counted(event("r"), event("r"), tricky, event("c"), null)).toEqual({
      rows: 2,
      changes: 2,
      wasTruncated: false,
    });
  });

  it("is missing what neither came nor changed meanwhile", () => {
    expect(missingRows(5, counted(event("r"), event("d"), event("u")))).toBe(2);
    expect(missingRows(2, counted(event("r"), event("r"), event("c")))).toBe(0);
  });

  it("is missing nothing of a table that was emptied meanwhile, for which a begin of ours does not pass", () => {
    const begin = { table: "public.a", id: "1", partitions: 1, position: 7 };
    expect(missingRows(9, counted(event("t")))).toBe(0);
    expect(missingRows(9, counted(Buffer.from(controlMessage("begin", begin, 1))))).toBe(9);
  });
});

describe("a control message", () => {
  it("is an event without a row: a truncate that begins, a message that ends", () => {
    const again = { table: "public.My Orders", id: "u-1", partitions: 2, position: 77 };
    expect(JSON.parse(controlMessage("begin", again, 5)).payload).toEqual({
      before: null,
      after: null,
      op: "t",
      ts_ms: 5,
      source: { schema: "public", table: "My Orders", lsn: 77, ts_ms: 5 },
      resnapshot: { step: "begin", id: "u-1", partitions: 2 },
    });
    const end = JSON.parse(controlMessage("end", again, 5));
    expect(end.payload).toMatchObject({ op: "m", resnapshot: { step: "end" } });
    expect(end.schema.name).toBe("cdc.Control");
  });
});
