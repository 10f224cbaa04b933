import { describe, expect, it } from "vitest";
import { ageIn, topicAlarms, unreadOf } from "../../../tools/status/topics";

const topic = (table: string, end: number | null) => ({
  ...{ topic: `dbserver2.${table}`, table, end, behind: 0, behindSeconds: null },
});

describe("a topic", () => {
  it("is unread between where the job is and its end; from its beginning when it is another of that name", () => {
    const ends = new Map([
      [0, 10n],
      [1, 5n],
    ]);
    expect(unreadOf(ends, new Map([[0, 7n]]))).toEqual([
      { partition: 0, from: 7n, to: 10n },
      { partition: 1, from: 0n, to: 5n },
    ]);
    expect(unreadOf(ends, new Map([[0, 10n]]).set(1, 99n))).toEqual([{ partition: 1, from: 0n, to: 5n }]);
  });

  it("has changes of an age, where a message says when it was committed", () => {
    const value = (payload: object) => Buffer.from(JSON.stringify({ payload }));
    expect(ageIn(value({ source: { ts_ms: 10_000 } }), 12_550)).toBe(2.6);
    expect(ageIn(value({ source: { ts_ms: 10_000 } }), 9_000)).toBe(0);
    expect(ageIn(value({}), 1)).toBeNull();
    expect(ageIn(null, 1)).toBeNull();
    expect(ageIn(Buffer.from("no JSON"), 1)).toBeNull();
  });

  it("that is gone is an alarm, with what makes it again and reads its rows", () => {
    expect(topicAlarms([topic("public.a", 0), topic("public.b", 7)])).toEqual([]);
    expect(topicAlarms([topic("public.a", null), topic("public.b", 7)])[0]).toMatch(
      /^a topic is gone.*dbserver2\.public\.a\. `npm run refresh`, then `npm run up`.*`npm run resnapshot -- public\.a`/,
    );
  });
});
