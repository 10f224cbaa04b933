import { afterEach, beforeEach, expect, test } from "vitest";
import { box, StackUnderTest } from "./stack-under-test";

let stack: StackUnderTest;
beforeEach(() => {
  stack = new StackUnderTest();
});
afterEach(() => stack.remove());

test("a preview of a new stack lists what would be created and touches nothing", async () => {
  const { summary, lines, outputs } = await stack.run("preview", {
    resources: [box("a"), box("b", { label: { $ref: "a.path" } })],
    outputs: { where: { $ref: "b.path" }, label: { $ref: "b.label" } },
  });
  expect(summary).toEqual({ create: 3 });
  expect(lines).toContain("+  box:Box b  create");
  expect(lines.at(-1)).toBe("Resources: 3 to create");
  expect(outputs).toEqual({ where: "<unknown until up>", label: "<unknown until up>" });
  expect(await stack.boxNames()).toEqual([]);
  await expect(stack.state()).rejects.toThrow("ENOENT");
});

test("a preview shows old and new values, and what is unknown until up", async () => {
  const boxes = (name: string, size: number) => [
    box("a", { name, shape: { size, colour: "red" } }),
    box("b", { label: { $ref: "a.serial" } }),
  ];
  await stack.up(boxes("one", 1));
  const before = await stack.state();
  const { lines, summary } = await stack.preview(boxes("two", 2));
  expect(summary).toEqual({ replace: 1, update: 1, same: 1 });
  expect(lines.map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      "+- box:Box a  replace",
      'name: "one" → "two"',
      "shape.size: 1 → 2",
      "~  box:Box b  update",
      "label: 1 → <unknown until up>",
    ]),
  );
  expect(await stack.state()).toEqual(before);
  expect(await stack.boxNames()).toEqual(["b", "one"]);
});

test("a preview announces deletions, and that dependents have to go along with a replacement", async () => {
  const boxes = (name: string) => [
    box("a", { name, fixed: true }),
    box("holder", { name: "holder", holder: { $ref: "a.serial" } }),
  ];
  await stack.up([...boxes("one"), box("gone")]);
  const { summary, lines } = await stack.preview(boxes("two"));
  expect(summary).toEqual({ replace: 2, delete: 1, same: 1 });
  expect(lines).toContain("-  box:Box gone  delete");
});

test("a preview of nothing new says that nothing changes", async () => {
  await stack.up([box("a")]);
  const { lines } = await stack.preview([box("a")]);
  expect(lines.at(-1)).toBe("No changes: 2 resources are as the program wants them.");
});

test("secrets are not shown, neither old nor new", async () => {
  await stack.up([box("a", { label: { $secret: "hunter2" }, nested: { key: { $secret: "hunter4" } } })]);
  const { text } = await stack.preview([
    box("a", { label: { $secret: "hunter3" }, nested: { key: { $secret: "hunter5" } } }),
  ]);
  expect(text).toContain("label: [secret] → [secret]");
  expect(text).toContain("nested.key: [secret] → [secret]");
  expect(text).not.toContain("hunter");
});
