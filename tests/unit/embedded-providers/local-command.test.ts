import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Properties } from "../../../embedded/provider";
import { localCommandProvider } from "../../../embedded/providers/command/local-command";

const provider = localCommandProvider();
const urn = "urn:pulumi:dev::cdc-platform::command:local:Command::topics";
const folder = mkdtempSync(`${tmpdir()}/local-command-`);
afterAll(() => rmSync(folder, { recursive: true }));

let said: string[] = [];
beforeEach(() => {
  said = [];
});
const progress = (message: string) => said.push(message);
const create = async (inputs: Properties) => (await provider.create({ urn, inputs, progress })).outputs;
const update = async (oldInputs: Properties, oldOutputs: Properties, inputs: Properties) =>
  (await provider.update({ urn, id: "x", inputs, oldInputs, oldOutputs, progress })).outputs;
const failure = (inputs: Properties) =>
  create(inputs).then(
    () => "it succeeded",
    (error: Error) => error.message,
  );

describe("a command", () => {
  test("runs in a shell with its folder, environment and input, and keeps what it printed", async () => {
    const outputs = await create({
      create: 'echo "$GREETING from $(pwd)"; cat; echo oops >&2',
      dir: folder,
      environment: { GREETING: "hello" },
      stdin: "and the input\n",
    });
    expect(outputs).toMatchObject({ stdout: `hello from ${folder}\nand the input`, stderr: "oops" });
    expect(said.sort()).toEqual(["and the input", `hello from ${folder}`, "oops"]);
  });

  test("may have another interpreter", async () => {
    expect(
      await create({ create: "process.stdout.write(String(6*7))", interpreter: ["node", "-e"] }),
    ).toMatchObject({
      stdout: "42",
    });
  });

  test("shows its output only as far as logging allows", async () => {
    const inputs = { create: "echo out; echo err >&2" };
    await create({ ...inputs, logging: "stderr" });
    expect(said).toEqual(["err"]);
    said = [];
    expect(await create({ ...inputs, logging: "none" })).toMatchObject({ stdout: "out", stderr: "err" });
    expect(said).toEqual([]);
  });

  test("fails with its exit code and the end of its stderr, never with its environment", async () => {
    const message = await failure({
      create: "echo progress; echo 'relation does not exist' >&2; exit 3",
      environment: { PGPASSWORD: "s3cret" },
    });
    expect(message).toBe("its create command ended with exit code 3:\n  relation does not exist");
  });

  test("that is not to be logged fails without its output", async () => {
    const message = await failure({ create: "echo s3cret >&2; exit 1", logging: "none" });
    expect(message).toContain("exit code 1");
    expect(message).not.toContain("s3cret");
  });

  test("that cannot be started or is killed says so", async () => {
    expect(await failure({ create: "true", dir: "/no/such/folder" })).toContain("in /no/such/folder");
    expect(await failure({ create: "kill -9 $$" })).toBe(
      "its create command was ended by SIGKILL and printed nothing",
    );
  });

  test("sees on update what it printed before, unless it asks not to", async () => {
    const inputs = {
      create: "echo first; echo warned >&2",
      update: "echo was $PULUMI_COMMAND_STDOUT, $PULUMI_COMMAND_STDERR",
    };
    const before = await create(inputs);
    expect(await update(inputs, before, { ...inputs, stdin: "x" })).toMatchObject({
      stdout: "was first, warned",
    });
    const without = { ...inputs, addPreviousOutputInEnv: false };
    expect(await update(inputs, before, without)).toMatchObject({ stdout: "was ," });
  });

  test("without update runs create again; with a changed trigger it is replaced; a no-op is one", async () => {
    const inputs: Properties = { create: "echo created", triggers: [1] };
    const before = await create(inputs);
    expect(await update(inputs, before, { ...inputs, environment: { A: "1" } })).toMatchObject({
      stdout: "created",
    });
    const diff = (newInputs: Properties) =>
      provider.diff({ urn, id: "x", oldInputs: inputs, oldOutputs: before, newInputs });
    expect(await diff(inputs)).toMatchObject({ changed: [], replaces: [] });
    expect(await diff({ ...inputs, create: "echo more" })).toMatchObject({
      changed: ["create"],
      replaces: [],
    });
    expect(await diff({ ...inputs, triggers: [2] })).toMatchObject({
      changed: ["triggers"],
      replaces: ["triggers"],
    });
  });

  test("runs delete when it has one, with what it printed", async () => {
    const inputs = { create: "echo slot_1", delete: "echo dropping $PULUMI_COMMAND_STDOUT" };
    const outputs = await create(inputs);
    said = [];
    await provider.delete({ urn, id: "x", inputs, outputs, progress });
    expect(said).toEqual(["dropping slot_1"]);
    await provider.delete({ urn, id: "x", inputs: { create: "true" }, outputs: {}, progress });
  });

  test("that was interrupted is undone by its delete, and is not run again for that", async () => {
    const find = (inputs: Properties) => provider.find?.({ urn, inputs });
    expect(await find({ create: "exit 1" })).toBeUndefined();
    expect(await find({ create: "exit 1", delete: "true" })).toMatchObject({ outputs: { delete: "true" } });
  });

  test("refuses what the engine does not carry by name", async () => {
    const checked = await provider.check?.({ urn, newInputs: { create: "true", assetPaths: ["*.txt"] } });
    expect(checked?.failures).toEqual([
      { property: "assetPaths", reason: expect.stringContaining("does not carry") },
    ]);
  });
});
