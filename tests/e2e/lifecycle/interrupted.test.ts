/** Runs cut off in the middle of a step: the next one carries on, and at the end all is there, or nothing. */
import { setTimeout as pause } from "node:timers/promises";
import execa from "execa";
import { describe, expect, it } from "vitest";
import { kindOf, managedResources } from "./resources";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run, comesBack, leavesNothing } = standingStack();
const resources = await managedResources(stack);
const all = resources.map(({ name }) => name);
const oneOfEachKind = resources
  .filter((resource, index) => resources.findIndex((other) => kindOf(other) === kindOf(resource)) === index)
  .map(({ name }) => name);

type Cut = "SIGKILL" | "SIGINT twice";

/** A step that was begun, as both engines say it. */
const isBegun = (name: string, printed: string) =>
  new RegExp(`${name}\\b.*(creating|updating|replacing|deleting)`).test(printed);

/**
 * Runs a verb and ends it, with all that it started, as soon as it has begun a step with one of these resources.
 *
 * @returns which one; undefined when the run came to its end
 */
async function cutOff(
  cut: Cut,
  names: readonly string[],
  verb: string,
  ...args: string[]
): Promise<string | undefined> {
  const child = execa("node", ["cli/launch.mjs", verb, "--stack", stack.name, ...args], {
    ...{ all: true, reject: false, detached: true, stdin: "ignore" },
  });
  const end = (signal: NodeJS.Signals) => child.exitCode === null && process.kill(-(child.pid ?? 0), signal);
  let printed = "";
  let begun: string | undefined;
  child.all?.on("data", async (chunk) => {
    printed += chunk;
    if (begun) return;
    begun = names.find((name) => isBegun(name, printed));
    if (!begun) return;
    end(cut === "SIGKILL" ? "SIGKILL" : "SIGINT");
    await pause(500);
    if (cut !== "SIGKILL") end("SIGINT");
  });
  const { exitCode } = await child;
  if (!begun) expect(exitCode, printed).toBe(0);
  return begun;
}

/** Cuts a verb off again and again, at another resource each time, until it comes to its end. @returns at which ones */
async function cutOffAtEach(cut: Cut, names: readonly string[], verb: string): Promise<string[]> {
  const cuts: string[] = [];
  for (;;) {
    const name = await cutOff(
      cut,
      names.filter((each) => !cuts.includes(each)),
      verb,
    );
    if (!name) return cuts;
    cuts.push(name);
  }
}

describe("an up that was cut off", () => {
  it.each<Cut>(["SIGKILL", "SIGINT twice"])(
    "by %s while it made a broker anew is carried on by the next",
    async (cut) => {
      expect(await cutOff(cut, ["kafka-container"], "up", "--replace", "network-bridge")).toBeDefined();
      await comesBack();
      await isEqual(stack);
    },
  );

  it("again and again while it changed one thing after the other is carried on by the next", async () => {
    stack.configure({
      minioRootPassword: "another-root-password",
      topicConfig: { "*": { "retention.ms": 86_400_003 } },
      connectorOverrides: { "snapshot.fetch.size": 5_004 },
      triggerInterval: "5 seconds",
    });
    expect(await cutOffAtEach("SIGKILL", all, "up")).toContain("streaming-job-application");
    await comesBack();
    await isEqual(stack);
  });
});

describe("a destroy that was cut off", () => {
  it("again and again is carried on by the next, and leaves nothing", async () => {
    expect(await cutOffAtEach("SIGKILL", all, "destroy")).toContain("kafka-container");
    await leavesNothing();
  });
});

describe("a first up that was cut off", () => {
  it.each<[Cut, string, string[]]>([
    ["SIGKILL", "each resource", all],
    ["SIGINT twice", "one of each kind", oneOfEachKind],
  ])("again and again, by %s, while it made %s, is carried on by the next", async (cut, _what, names) => {
    stack.configure();
    expect(await cutOffAtEach(cut, names, "up")).toContain("streaming-job-application");
    await comesBack();
    await stack.sql(`insert into links ("customerId") select generate_series(1, 1000)`);
    await isEqual(stack);
    await run("destroy");
    await leavesNothing();
  });
});
