import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { box, StackUnderTest } from "./stack-under-test";

let stack: StackUnderTest;
beforeEach(() => {
  stack = new StackUnderTest();
});
afterEach(() => stack.remove());

describe("creating", () => {
  test("a resource is created after what it is computed from and what it depends on", async () => {
    const { failed } = await stack.up([
      box("cloth", { delay: 30 }),
      box("table", { label: { $ref: "cloth.path" } }),
      box("chair", {}, { dependsOn: ["table"] }),
    ]);
    expect(failed).toEqual([]);
    expect(await stack.log()).toEqual([
      "create cloth begins",
      "create cloth ends",
      "create table begins",
      "create table ends",
      "create chair begins",
      "create chair ends",
    ]);
    expect((await stack.box("table")).label).toContain("cloth.box");
  });

  test("independent resources are created side by side, as many as allowed", async () => {
    const boxes = ["a", "b", "c"].map((name) => box(name, { delay: 60 }));
    await stack.up(boxes, { parallel: 2 });
    const log = await stack.log();
    expect(log.slice(0, 2).every((line) => line.endsWith("begins"))).toBe(true);
    expect(log[2]).toMatch(/ends$/);
  });

  test("outputs of the stack are returned and recorded", async () => {
    const scenario = { resources: [box("a")], outputs: { where: { $ref: "a.path" } } };
    const { outputs } = await stack.run("up", scenario);
    expect(outputs.where).toContain("a.box");
    const root = (await stack.recorded())["shop-test"];
    expect(root?.outputs).toEqual(outputs);
  });

  test("a second up changes nothing and says so", async () => {
    const boxes = [box("a", { label: "x" }), box("b", { label: { $ref: "a.path" } })];
    await stack.up(boxes);
    await stack.clearLog();
    const { summary, lines } = await stack.up(boxes);
    expect(summary).toEqual({ same: 3 });
    expect(lines.at(-1)).toMatch(/^No changes/);
    expect(await stack.log()).toEqual([]);
  });

  test("a resource that somebody else made is read, and survives destroy", async () => {
    await stack.setBox("theirs", { label: "x" });
    const resources = [
      { kind: "found" as const, name: "found", inputs: { id: "theirs" } },
      box("a", { label: { $ref: "found.label" } }),
    ];
    const { summary } = await stack.up(resources);
    expect(summary).toEqual({ read: 1, create: 2 });
    expect((await stack.box("a")).label).toBe("x");
    expect((await stack.recorded()).found?.external).toBe(true);
    await stack.run("destroy");
    expect(await stack.boxNames()).toEqual(["theirs"]);
  });

  test("two resources with one name are refused", async () => {
    const { failed } = await stack.up([box("a"), box("a")]);
    expect(failed[0]?.message).toContain("two resources of type box:index:Box with the name 'a'");
  });

  test("inputs that the provider refuses fail with property and reason, and nothing is created", async () => {
    const { failed } = await stack.up([box("a", { content: "forbidden" })]);
    expect(failed).toEqual([
      { urn: expect.stringContaining("::a"), message: "property 'content': is forbidden" },
    ]);
    expect(await stack.boxNames()).toEqual([]);
  });

  test("a type that is not carried is refused by name", async () => {
    const { failed } = await stack.up([{ kind: "alien", name: "x" }]);
    expect(failed[0]?.message).toContain("aliens:index:Alien");
    expect(failed[0]?.message).toContain("Pulumi CLI");
  });

  test("an explicit provider is configured with its inputs, and the state says who made what", async () => {
    await stack.up([
      { kind: "provider", name: "shop", inputs: { shop: "corner" } },
      box("a", {}, { provider: "shop" }),
    ]);
    expect(await stack.log()).toContain("configured for corner");
    const { a, shop } = await stack.recorded();
    expect(a?.provider).toBe(`${shop?.urn}::${shop?.id}`);
  });
});

describe("changing", () => {
  test("a change that can be made in place updates, and dependents see the new outputs", async () => {
    await stack.up([box("a", { label: "x" }), box("b", { label: { $ref: "a.label" } })]);
    await stack.clearLog();
    const { summary } = await stack.up([box("a", { label: "y" }), box("b", { label: { $ref: "a.label" } })]);
    expect(summary).toEqual({ update: 2, same: 1 });
    expect((await stack.box("b")).label).toBe("y");
  });

  test("a change that cannot be made in place replaces: the new one first, the old one at the end", async () => {
    await stack.up([box("a", { name: "one" }), box("b", { label: { $ref: "a.path" } })]);
    await stack.clearLog();
    const { summary } = await stack.up([box("a", { name: "two" }), box("b", { label: { $ref: "a.path" } })]);
    expect(summary).toEqual({ replace: 1, update: 1, same: 1 });
    expect(await stack.log()).toEqual([
      "create a begins",
      "create a ends",
      "update b begins",
      "update b ends",
      "delete a begins",
      "delete a ends",
    ]);
    expect(await stack.boxNames()).toEqual(["b", "two"]);
  });

  test("where the old one has to go first, dependents that cannot survive that go before it and come back", async () => {
    const boxes = (name: string) => [
      box("a", { name, fixed: true }),
      box("holder", { name: "holder", holder: { $ref: "a.serial" }, fixed: true }),
      box("onlooker", { label: { $ref: "a.path" } }),
      box("follower", {}, { dependsOn: ["a"] }),
    ];
    await stack.up(boxes("one"));
    await stack.clearLog();
    const { summary, failed } = await stack.up(boxes("two"));
    expect(failed).toEqual([]);
    expect(summary).toEqual({ replace: 2, update: 1, same: 2 });
    const log = (await stack.log()).filter((line) => line.endsWith("ends"));
    expect(log.slice(0, 3)).toEqual(["delete holder ends", "delete a ends", "create a ends"]);
    expect(log).toContain("create holder ends");
    expect(log).toContain("update onlooker ends");
    expect(log.join()).not.toContain("follower");
  });

  test("deleteBeforeReplace and replaceOnChanges of the program are obeyed", async () => {
    const options = { deleteBeforeReplace: true, replaceOnChanges: ["label"] };
    await stack.up([box("a", { label: "x" }, options)]);
    await stack.clearLog();
    const { summary } = await stack.up([box("a", { label: "y" }, options)]);
    expect(summary.replace).toBe(1);
    expect((await stack.log())[0]).toBe("delete a begins");
  });

  test("ignored changes are no changes", async () => {
    await stack.up([box("a", { label: "x" })]);
    const { summary } = await stack.up([box("a", { label: "y" }, { ignoreChanges: ["label"] })]);
    expect(summary).toEqual({ same: 2 });
  });

  test("a resource with a former name is the same resource", async () => {
    await stack.up([box("old", { name: "thing" })]);
    const alias = "urn:pulumi:test::shop::box:index:Box::old";
    const { summary } = await stack.up([box("new", { name: "thing" }, { aliases: [alias] })]);
    expect(summary).toEqual({ same: 2 });
    expect(Object.keys(await stack.recorded())).not.toContain("old");
  });
});

describe("removing", () => {
  test("what the program no longer has is deleted, dependents first", async () => {
    await stack.up([
      box("a"),
      box("b", { label: { $ref: "a.path" } }),
      box("c", {}, { dependsOn: ["b"] }),
      box("d"),
    ]);
    await stack.clearLog();
    const { summary } = await stack.up([box("d")]);
    expect(summary).toEqual({ delete: 3, same: 2 });
    expect((await stack.log()).filter((line) => line.endsWith("begins"))).toEqual([
      "delete c begins",
      "delete b begins",
      "delete a begins",
    ]);
    expect(await stack.boxNames()).toEqual(["d"]);
  });

  test("destroy deletes everything in reverse, side by side where it can, and leaves an empty state", async () => {
    await stack.up([
      { kind: "shelf", name: "s" },
      box("a", { delay: 50 }, { parent: "s" }),
      box("b", { delay: 50 }),
      box("c", {}, { dependsOn: ["a", "b"] }),
    ]);
    await stack.clearLog();
    const { summary } = await stack.run("destroy");
    expect(summary).toEqual({ delete: 5 });
    const log = await stack.log();
    expect(log.slice(0, 2)).toEqual(["delete c begins", "delete c ends"]);
    expect(log.slice(2, 4).every((line) => line.endsWith("begins"))).toBe(true);
    expect((await stack.state()).deployment.resources).toEqual([]);
  });

  test("what is deleted together with something else is not deleted by itself", async () => {
    await stack.up([box("server"), box("table", {}, { dependsOn: ["server"], deletedWith: "server" })]);
    await stack.clearLog();
    await stack.run("destroy");
    expect((await stack.log()).join()).not.toContain("delete table");
  });

  test("retainOnDelete leaves the thing and forgets it", async () => {
    await stack.up([box("a", {}, { retainOnDelete: true })]);
    await stack.run("destroy");
    expect(await stack.boxNames()).toEqual(["a"]);
    expect((await stack.state()).deployment.resources).toEqual([]);
  });

  test("destroy refuses to begin when a resource is protected", async () => {
    await stack.up([box("a"), box("b", {}, { protect: true })]);
    const { failed } = await stack.run("destroy");
    expect(failed).toEqual([
      { urn: expect.stringContaining("::b"), message: expect.stringContaining("protect: false") },
    ]);
    expect(await stack.boxNames()).toEqual(["a", "b"]);
  });

  test("a protected resource that left the program, or would be replaced, stays", async () => {
    await stack.up([box("a", { name: "one" }, { protect: true })]);
    const replaced = await stack.up([box("a", { name: "two" }, { protect: true })]);
    expect(replaced.failed[0]?.message).toContain("protected");
    const removed = await stack.up([]);
    expect(removed.failed[0]?.message).toContain("protected");
    expect(await stack.boxNames()).toEqual(["one"]);
  });
});

describe("a resource that is to be replaced, whatever it is", () => {
  test("is made anew, the old one first when the program says so, with what is deleted with it", async () => {
    const stack = new StackUnderTest();
    const boxes = [
      box("a", {}, { deleteBeforeReplace: true }),
      box("inside", {}, { deletedWith: "a", dependsOn: ["a"] }),
      box("beside", {}),
    ];
    await stack.up(boxes);
    await stack.clearLog();
    const planned = await stack.run("preview", { resources: boxes }, { replace: ["a"] });
    expect(planned.text).toContain("(asked for)");
    const { summary } = await stack.up(boxes, { replace: ["a"] });
    expect(summary).toMatchObject({ replace: 2, same: 2 });
    const log = (await stack.log()).filter((line) => line.endsWith("ends"));
    expect(log).toEqual(["delete inside ends", "delete a ends", "create a ends", "create inside ends"]);
  });

  test("takes along what is replaced with it", async () => {
    const stack = new StackUnderTest();
    const boxes = (deleteBeforeReplace: boolean) => [
      box("a", {}, { deleteBeforeReplace }),
      box("b", {}, { replaceWith: "a", deleteBeforeReplace }),
      box("beside", {}),
    ];
    await stack.up(boxes(true));
    for (const first of [true, false]) {
      const { summary } = await stack.run("preview", { resources: boxes(first) }, { replace: ["a"] });
      expect(summary).toEqual({ replace: 2, same: 2 });
    }
    const { summary } = await stack.up(boxes(true), { replace: ["a"] });
    expect(summary).toEqual({ replace: 2, same: 2 });
    expect(await stack.boxNames()).toEqual(["a", "b", "beside"]);
    expect((await stack.up(boxes(true))).summary).toEqual({ same: 4 });
  });

  test("has to be one of the program's", async () => {
    const stack = new StackUnderTest();
    const { failed } = await stack.up([box("a")], { replace: ["b"] });
    expect(failed).toEqual([{ urn: "", message: "the stack has no resource b to replace" }]);
  });
});
