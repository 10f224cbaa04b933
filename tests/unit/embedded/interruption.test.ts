import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Described } from "./described";
import { box, StackUnderTest } from "./stack-under-test";

let stack: StackUnderTest;
beforeEach(() => {
  stack = new StackUnderTest();
});
afterEach(() => stack.remove());

async function logged(line: string): Promise<void> {
  while (!(await stack.log()).includes(line)) {
    await sleep(10);
  }
}

/** Runs an engine of its own and ends it with SIGKILL in the middle of a step, such as `create a`. */
async function killDuring(step: string, command: "up" | "destroy", resources: Described[]): Promise<void> {
  const release = await stack.hold(step.split(" ")[1] ?? "");
  const engine = join(__dirname, "engine-process.ts");
  const args = ["--require", "tsx/cjs", engine, stack.directory, command, JSON.stringify(resources)];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const killed = once(child, "exit");
  await logged(`${step} begins`);
  const [action, name = ""] = step.split(" ");
  while (action === "create" && !(await stack.boxNames()).includes(name)) await sleep(10);
  child.kill("SIGKILL");
  await killed;
  await release();
}

test("Ctrl-C lets steps under way finish, begins nothing new, and the next run carries on", async () => {
  const boxes = [
    box("quick"),
    box("slow", { delay: 150 }),
    box("next", { label: { $ref: "slow.path" } }),
    box("last", {}, { dependsOn: ["next"] }),
  ];
  const interruption = new AbortController();
  const aborted = logged("create slow begins").then(() => interruption.abort());
  const { interrupted, failed, text } = await stack.up(boxes, { signal: interruption.signal });
  await aborted;
  expect(interrupted).toBe(true);
  expect(failed).toEqual([]);
  expect(text).toMatch(/Interrupted: \d steps under way finish first/);
  expect(await stack.boxNames()).toEqual(["quick", "slow"]);
  expect((await stack.state()).deployment.pending_operations).toEqual([]);

  const { summary } = await stack.up(boxes);
  expect(summary).toEqual({ create: 2, same: 3 });
});

test("Ctrl-C during destroy keeps what is left in the state", async () => {
  const boxes = [box("base"), box("top", { delay: 100 }, { dependsOn: ["base"] })];
  await stack.up(boxes);
  const interruption = new AbortController();
  const aborted = logged("delete top begins").then(() => interruption.abort());
  await stack.run("destroy", {}, { signal: interruption.signal });
  await aborted;
  expect(await stack.boxNames()).toEqual(["base"]);
  expect(Object.keys(await stack.recorded())).toContain("base");
  expect((await stack.run("destroy")).summary).toEqual({ delete: 2 });
});

test("killed in the middle of a create: the next up takes over what is there, nothing is lost or doubled", async () => {
  const boxes = [box("done"), box("half", { label: { $ref: "done.path" } })];
  await killDuring("create half", "up", boxes);
  expect((await stack.state()).deployment.pending_operations).toEqual([
    { type: "creating", resource: expect.objectContaining({ urn: expect.stringContaining("::half") }) },
  ]);
  const preview = await stack.preview(boxes);
  expect(preview.text).toContain("The last run was interrupted while creating box:Box half");

  const { summary, failed } = await stack.up(boxes);
  expect(failed).toEqual([]);
  expect(summary).toEqual({ create: 1, same: 2 });
  expect(await stack.boxNames()).toEqual(["done", "half"]);
  expect((await stack.state()).deployment.pending_operations).toEqual([]);
  expect((await stack.up(boxes)).summary).toEqual({ same: 3 });
});

test("killed in the middle of a create: destroy deletes what is there of it", async () => {
  await killDuring("create half", "up", [box("half")]);
  expect(await stack.boxNames()).toEqual(["half"]);
  expect((await stack.run("destroy")).summary).toEqual({ delete: 2 });
  expect(await stack.boxNames()).toEqual([]);
});

test("killed in the middle of a create that the program no longer asks for: up deletes what is there of it", async () => {
  await killDuring("create half", "up", [box("half")]);
  expect((await stack.up([])).failed).toEqual([]);
  expect(await stack.boxNames()).toEqual([]);
  expect((await stack.state()).deployment.pending_operations).toEqual([]);
});

test("an interrupted create that fails the next time is still not forgotten", async () => {
  await killDuring("create half", "up", [box("half")]);
  expect((await stack.up([box("half", { fails: true })])).failed).toHaveLength(1);
  expect((await stack.state()).deployment.pending_operations).toHaveLength(1);
  expect((await stack.up([box("half")])).summary).toEqual({ create: 1, same: 1 });
});

test("killed in the middle of an update: the next up repeats it, even with the old inputs", async () => {
  await stack.up([box("a", { label: "old" })]);
  await killDuring("update a", "up", [box("a", { label: "new" })]);
  const { summary } = await stack.up([box("a", { label: "old" })]);
  expect(summary).toEqual({ update: 1, same: 1 });
  expect((await stack.box("a")).label).toBe("old");
});

test("killed in the middle of a delete: the next run finishes it", async () => {
  const boxes = [box("base"), box("top", {}, { dependsOn: ["base"] })];
  await stack.up(boxes);
  await killDuring("delete top", "destroy", []);
  const { summary, text } = await stack.up(boxes);
  expect(text).toContain("interrupted while deleting box:Box top");
  expect(summary).toEqual({ create: 1, same: 2 });
  expect(await stack.boxNames()).toEqual(["base", "top"]);
});
