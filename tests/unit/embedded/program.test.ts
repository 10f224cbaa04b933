/** The engine with the real SDK: program and dynamic providers in processes of their own. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Described } from "./described";
import { box, type Scenario, StackUnderTest } from "./stack-under-test";

/** Seconds on a quiet machine. */
const SDK_TIMEOUT = 180_000;

let stack: StackUnderTest;
beforeEach(() => {
  stack = new StackUnderTest();
});
afterEach(() => stack.remove());

const withSdk = (command: "up" | "preview", scenario: Scenario) =>
  stack.run(command, scenario, { startProgram: undefined });

test(
  "a program of the SDK goes through preview, up, no changes, drift and destroy",
  async () => {
    const note = join(stack.directory, "note");
    const scenario = (content: string): Scenario => ({
      resources: [
        { kind: "provider", name: "corner", inputs: { shop: "corner" } },
        { kind: "shelf", name: "shelf" },
        box("a", { label: { $secret: "hunter2" }, content }, { parent: "shelf", provider: "corner" }),
        {
          kind: "note",
          name: "n",
          inputs: { file: note, content: { $ref: "a.content" } },
          options: { protect: false },
        },
        box("b", { label: { $ref: "n.length" } }, { dependsOn: ["shelf"], replaceWith: "a" }),
        { kind: "found", name: "theirs", inputs: { id: "theirs" } },
      ],
      outputs: { length: { $ref: "n.length" }, password: { $ref: "a.label" } },
    });

    await stack.setBox("theirs", {});
    const preview = await withSdk("preview", scenario("one"));
    expect(preview.failed).toEqual([]);
    expect(preview.summary).toEqual({ create: 6, read: 1 });
    expect(preview.outputs).toEqual({ length: "<unknown until up>", password: "[secret]" });
    expect(existsSync(note)).toBe(false);

    const up = await withSdk("up", scenario("one"));
    expect(up.failed).toEqual([]);
    expect(up.summary).toEqual({ create: 6, read: 1 });
    expect(up.outputs).toEqual({ length: 3, password: "[secret]" });
    expect((await stack.recorded()).b?.replaceWith).toEqual([expect.stringContaining("::a")]);
    expect(await readFile(note, "utf8")).toBe("one");
    expect((await stack.box("b")).label).toBe(3);
    expect(JSON.stringify(await stack.state())).not.toContain("hunter2");
    expect((await stack.recorded()).b?.dependencies).toEqual(
      expect.arrayContaining([expect.stringContaining("::n"), expect.stringContaining("$box:index:Box::a")]),
    );

    expect((await withSdk("up", scenario("one"))).summary).toEqual({ same: 7 });

    await writeFile(note, "drifted");
    const refreshed = await stack.run("refresh");
    expect(refreshed.lines.map((line) => line.trim())).toContain('content: "one" → "drifted"');
    const changed = await withSdk("up", scenario("three"));
    expect(changed.summary).toEqual({ update: 3, same: 4 });
    expect(await readFile(note, "utf8")).toBe("three");
    expect(changed.outputs.length).toBe(5);

    await rm(note);
    expect((await stack.run("refresh")).text).toContain("shop:Note n  is gone");
    const destroyed = await stack.run("destroy");
    expect(destroyed.failed).toEqual([]);
    expect(await stack.boxNames()).toEqual(["theirs"]);
  },
  SDK_TIMEOUT,
);

test(
  "what is to be imported is refused, of a package and of the program's own, and nothing is made",
  async () => {
    const note = join(stack.directory, "note");
    await stack.setBox("theirs", {});
    const resources: Described[] = [
      box("a", {}, { import: "theirs" }),
      { kind: "note", name: "n", inputs: { file: note, content: "x" }, options: { import: note } },
    ];
    const { failed } = await withSdk("preview", { resources });
    const words = "the embedded engine does not carry import. Use the Pulumi CLI for this program.";
    expect(failed.map(({ message }) => message)).toEqual([words, words]);
    const up = await withSdk("up", { resources });
    expect(up.failed[0]?.message).toBe(words);
    expect(await stack.boxNames()).toEqual(["theirs"]);
    expect(existsSync(note)).toBe(false);
  },
  SDK_TIMEOUT,
);

test(
  "failures of the program's resources reach the program, and dynamic resources can be half right",
  async () => {
    const note = join(stack.directory, "note");
    const resources = (content: string): Described[] => [
      { kind: "note", name: "n", inputs: { file: note, content } },
      box("b", { label: { $ref: "n.length" } }),
    ];
    const failed = await withSdk("up", { resources: resources("unwell") });
    expect(failed.failed).toEqual([{ urn: expect.stringContaining("::n"), message: "it is unwell" }]);
    expect((await stack.recorded()).n?.initErrors).toEqual(["it is unwell"]);
    expect(await stack.boxNames()).toEqual([]);

    const mended = await withSdk("up", { resources: resources("well again") });
    expect(mended.failed).toEqual([]);
    expect((await stack.box("b")).label).toBe("well again".length);
    expect((await stack.recorded()).n?.initErrors).toBeUndefined();
  },
  SDK_TIMEOUT,
);

test(
  "a program that throws fails the run with its message, and deletes nothing",
  async () => {
    await stack.up([box("a")]);
    const { failed } = await withSdk("up", { resources: [], throws: true });
    expect(failed).toHaveLength(1);
    expect(failed[0]?.message).toContain("Error: the program is wrong");
    expect(await stack.boxNames()).toEqual(["a"]);
  },
  SDK_TIMEOUT,
);
