import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { allEnded, mapConcurrently } from "../../../providers/concurrently";

it("gives the results in the order of the things, however long each takes", async () => {
  const results = await mapConcurrently([30, 1, 10], 2, async (milliseconds) => {
    await pause(milliseconds);
    return milliseconds * 2;
  });
  expect(results).toEqual([60, 2, 20]);
});

it("begins nothing more after an error, and throws it when all that ran has ended", async () => {
  const events: string[] = [];
  const work = async (name: string) => {
    events.push(`begin ${name}`);
    await pause(name === "slow" ? 50 : 1);
    if (name === "bad") throw new Error("bad");
    events.push(`end ${name}`);
  };
  await expect(mapConcurrently(["slow", "bad", "never"], 2, work)).rejects.toThrow("bad");
  expect(events).toEqual(["begin slow", "begin bad", "end slow"]);
});

it("has all ended when one of several fails", async () => {
  let ended = false;
  const slow = pause(30).then(() => {
    ended = true;
  });
  await expect(allEnded([Promise.reject(new Error("first")), slow])).rejects.toThrow("first");
  expect(ended).toBe(true);
  expect(await allEnded([Promise.resolve(1), Promise.resolve("two")])).toEqual([1, "two"]);
});
