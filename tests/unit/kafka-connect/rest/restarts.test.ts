import { describe, expect, it } from "vitest";
import { failureInShort, Restarts } from "../../../../providers/kafka-connect/rest/restarts";

const pacing = { restartPauses: [1_000, 2_000], staleFailure: 5_000 };

/** Times of the restarts and of giving up, of something that is seen FAILED every half second but for a moment after each restart. */
function history(restarts: Restarts, isOld: boolean): string[] {
  const seen: string[] = [];
  for (let now = 0; now < 60_000; now += 500) {
    const step = restarts.afterFailure(now, isOld);
    if (step !== "wait") seen.push(`${step} at ${now / 1000} s`);
    if (step === "restart") restarts.noFailure();
    if (step === "give up") break;
  }
  return seen;
}

describe("what keeps failing", () => {
  it("is told in one line: what, where, and the last cause", () => {
    const reason =
      "task 0 is FAILED on worker w:8083: a.B: stopped.\n  Caused by: a.C: no\n  Caused by: a.D: no table\n  Position: 13";
    expect(failureInShort(reason)).toBe("task 0 is FAILED on worker w:8083: a.D: no table");
    expect(failureInShort("task 0 is FAILED on worker w:8083: a.B: no")).toBe(
      "task 0 is FAILED on worker w:8083: a.B: no",
    );
  });

  it("is restarted after growing pauses, then given up", () => {
    const restarts = new Restarts(pacing);
    expect(history(restarts, false)).toEqual(["restart at 1 s", "restart at 3.5 s", "give up at 4 s"]);
    expect(restarts.appendedTo(["task 0 is FAILED"])).toEqual([
      "task 0 is FAILED\n  It was restarted 2 times",
    ]);
  });

  it("is restarted at once when it had failed before we came", () => {
    expect(history(new Restarts(pacing), true)[0]).toBe("restart at 0 s");
  });

  it("is not counted again while Connect still shows the failure that the restart was for", () => {
    const restarts = new Restarts(pacing);
    expect(restarts.afterFailure(0, true)).toBe("restart");
    expect(restarts.afterFailure(4_900, true)).toBe("wait");
    expect(restarts.afterFailure(5_000, true)).toBe("wait");
    expect(restarts.afterFailure(7_000, true)).toBe("restart");
  });
});
