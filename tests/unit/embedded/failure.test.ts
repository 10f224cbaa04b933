import { afterEach, beforeEach, expect, test } from "vitest";
import { box, StackUnderTest } from "./stack-under-test";

let stack: StackUnderTest;
beforeEach(() => {
  stack = new StackUnderTest();
});
afterEach(() => stack.remove());

test("when a resource fails, its dependents are not attempted, what is under way finishes, and the cause is told", async () => {
  const { failed, lines } = await stack.up([
    box("slow", { delay: 100 }),
    box("broken", { fails: true }),
    box("dependent", { label: { $ref: "broken.path" } }),
    box("waiting", {}, { dependsOn: ["broken"] }),
  ]);
  expect(failed).toEqual([{ urn: expect.stringContaining("::broken"), message: "no room for broken" }]);
  expect(lines).toContain("  box:Box broken: no room for broken");
  expect(await stack.log()).toContain("create slow ends");
  expect(await stack.boxNames()).toEqual(["slow"]);
  expect(Object.keys(await stack.recorded())).toContain("slow");
});

test("the next run carries on where the failed one ended", async () => {
  const boxes = (fails: boolean) => [
    box("first"),
    box("broken", { fails, label: { $ref: "first.path" } }),
    box("last", {}, { dependsOn: ["broken"] }),
  ];
  await stack.up(boxes(true));
  const { summary, failed } = await stack.up(boxes(false));
  expect(failed).toEqual([]);
  expect(summary).toEqual({ create: 2, same: 2 });
});

test("a failed run deletes nothing", async () => {
  await stack.up([box("a"), box("b")]);
  await stack.up([box("a"), box("broken", { fails: true })]);
  expect(await stack.boxNames()).toEqual(["a", "b"]);
  await stack.run("up", { resources: [box("a")], throws: true });
  expect(await stack.boxNames()).toEqual(["a", "b"]);
});

test("a resource that came about but is not right is known, and updated by the next run", async () => {
  const { failed } = await stack.up([box("a", { unwell: true })]);
  expect(failed[0]?.message).toBe("a is unwell");
  expect((await stack.recorded()).a?.initErrors).toEqual(["a is unwell"]);
  const preview = await stack.preview([box("a", { unwell: true })]);
  expect(preview.text).toContain("a is unwell");
  const { summary } = await stack.up([box("a", { unwell: true })]);
  expect(summary).toEqual({ update: 1, same: 1 });
  expect((await stack.recorded()).a?.initErrors).toBeUndefined();
});

test("after a failure the outputs of the stack are those of the last good run", async () => {
  const scenario = (fails: boolean) => ({
    resources: [box("a", { label: "x", name: fails ? "two" : "one", fails })],
    outputs: { where: { $ref: "a.path" } },
  });
  const before = await stack.run("up", scenario(false));
  const after = await stack.run("up", scenario(true));
  expect(after.failed).toHaveLength(1);
  expect(after.outputs).toEqual(before.outputs);
});

test("a delete that fails keeps what it needs, and the rest is deleted", async () => {
  await stack.up([box("base"), box("stuck", { label: { $ref: "base.path" } }), box("free")]);
  await stack.setBox("stuck", { stuck: true });
  const { failed } = await stack.run("destroy");
  expect(failed).toEqual([{ urn: expect.stringContaining("::stuck"), message: "stuck is in use" }]);
  expect(await stack.boxNames()).toEqual(["base", "stuck"]);
  expect(Object.keys(await stack.recorded())).toEqual(expect.arrayContaining(["base", "stuck"]));
});
