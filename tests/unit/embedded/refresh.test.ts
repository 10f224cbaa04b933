import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { box, StackUnderTest } from "./stack-under-test";

let stack: StackUnderTest;
beforeEach(() => {
  stack = new StackUnderTest();
});
afterEach(() => stack.remove());

test("refresh reports drift by property, and the next up repairs it", async () => {
  const boxes = [box("a", { label: "right" }), box("b")];
  await stack.up(boxes);
  await stack.setBox("a", { label: "wrong" });

  const { summary, lines } = await stack.run("refresh");
  expect(summary).toEqual({ refresh: 1, same: 1 });
  expect(lines.map((line) => line.trim())).toContain('label: "right" → "wrong"');

  const repair = await stack.up(boxes);
  expect(repair.summary).toEqual({ update: 1, same: 2 });
  expect((await stack.box("a")).label).toBe("right");
});

test("refresh forgets what is gone, and the next up makes it again", async () => {
  await stack.up([box("a"), box("b")]);
  await rm(join(stack.boxes, "a.box"));
  const { summary, text } = await stack.run("refresh");
  expect(summary).toEqual({ delete: 1, same: 1 });
  expect(text).toContain("box:Box a  is gone");
  const again = await stack.up([box("a"), box("b")]);
  expect(again.summary).toEqual({ create: 1, same: 2 });
});

test("refresh of a stack without drift changes nothing; secrets stay secret", async () => {
  await stack.up([box("a", { label: { $secret: "hunter2" } })]);
  const before = (await stack.state()).deployment.resources;
  const { lines } = await stack.run("refresh");
  expect(lines.at(-1)).toMatch(/^No changes/);
  expect((await stack.state()).deployment.resources).toEqual(before);

  await stack.setBox("a", { label: "hunter3" });
  const { text } = await stack.run("refresh");
  expect(text).toContain("label: [secret] → [secret]");
  expect(JSON.stringify(await stack.state())).not.toContain("hunter");
});
