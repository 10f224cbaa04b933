/** Resources made anew, and runs that were cut off while they did so. */
import { setTimeout as pause } from "node:timers/promises";
import execa from "execa";
import { describe, expect, it } from "vitest";
import { NO_CHANGES } from "../platform";
import { kindOf, managedResources } from "./resources";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run, comesBack } = standingStack();
const resources = await managedResources(stack);

describe("up --replace", () => {
  const once = ["connector", "application", "user", "topics", "command", "image"].flatMap(
    (kind) => resources.find((resource) => kindOf(resource) === kind)?.name ?? [],
  );

  it.each(once)(
    "of %s deletes the old one before the new one is made, which is there afterwards",
    async (name) => {
      const plan = await run("preview", "--replace", name);
      expect(plan).toMatch(new RegExp(`replace.*${name}|${name}.*replace`, "i"));
      await run("up", "--replace", name);
      expect(await run("up")).toMatch(NO_CHANGES);
    },
  );

  it("of the network makes every container anew, and loses no row", async () => {
    await run("up", "--replace", "network-bridge");
    expect(await run("up")).toMatch(NO_CHANGES);
    await isEqual(stack);
  });

  it("of what there is not is refused", async () => {
    const { exitCode, text } = await stack.npmRun("up", "--replace", "no-such-thing");
    expect(exitCode, text).toBe(1);
    expect(text).toMatch(/no-such-thing/);
  });
});

describe("an up that was cut off", () => {
  it.each(["SIGKILL", "SIGINT twice"])("by %s is carried on by the next", async (how) => {
    const child = execa(
      "node",
      ["cli/launch.mjs", "up", "--stack", stack.name, "--replace", "network-bridge"],
      {
        ...{ all: true, reject: false, detached: true, stdin: "ignore" },
      },
    );
    await pause(15_000);
    const group = -(child.pid ?? 0);
    process.kill(group, how === "SIGKILL" ? "SIGKILL" : "SIGINT");
    if (how !== "SIGKILL") {
      await pause(500);
      process.kill(group, "SIGINT");
    }
    await child;
    await comesBack();
    await isEqual(stack);
  });
});
