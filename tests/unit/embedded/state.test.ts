import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readOutputs } from "../../../embedded/engine";
import { newCrypter, openCrypter } from "../../../embedded/passphrase";
import { lockState } from "../../../embedded/state-lock";
import { box, PASSPHRASE, SALT, StackUnderTest } from "./stack-under-test";

let stack: StackUnderTest;
beforeEach(() => {
  stack = new StackUnderTest();
});
afterEach(() => stack.remove());

const outputs = { password: { $ref: "a.label" } };
const secretBox = box("a", { label: { $secret: "hunter2" }, deep: [{ key: { $secret: "hunter3" } }] });

test("a salt that Pulumi made opens with its passphrase, and with no other", async () => {
  const crypter = await openCrypter(PASSPHRASE, SALT, "the test");
  expect(crypter.decrypt(crypter.encrypt("text"))).toBe("text");
  await expect(openCrypter("another", SALT, "the test")).rejects.toThrow("Wrong passphrase for the test");
});

test("a new salt has Pulumi's form and opens again", async () => {
  const { salt, encrypt } = await newCrypter("p");
  expect(salt).toMatch(/^v1:[\w+/]+=*:v1:[\w+/]{16}:[\w+/]+=*$/);
  expect((await openCrypter("p", salt, "x")).decrypt(encrypt("text"))).toBe("text");
});

test("secrets are in the state encrypted only, as Pulumi writes them, in inputs and outputs alike", async () => {
  await stack.run("up", { resources: [secretBox], outputs });
  expect(await readFile(stack.stateFile, "utf8")).not.toContain("hunter");
  const { a } = await stack.recorded();
  const encrypted = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: expect.stringMatching(/^v1:/),
  };
  expect(a?.inputs).toEqual({ label: encrypted, deep: [{ key: encrypted }] });
  expect(a?.outputs).toMatchObject({ label: encrypted, deep: [{ key: encrypted }], serial: 1 });
});

test("additionalSecretOutputs are secret", async () => {
  await stack.up([box("a", {}, { additionalSecretOutputs: ["path"] })]);
  expect(await readFile(stack.stateFile, "utf8")).not.toContain("a.box");
});

test("an unchanged secret does not change the state, and counts as unchanged", async () => {
  await stack.up([secretBox]);
  const before = (await stack.state()).deployment.resources;
  const { summary } = await stack.up([secretBox]);
  expect(summary).toEqual({ same: 2 });
  expect((await stack.state()).deployment.resources).toEqual(before);
});

test("outputs are read with secrets hidden, or shown on demand", async () => {
  await stack.run("up", { resources: [secretBox], outputs });
  const from = { stateFile: stack.stateFile, passphrase: PASSPHRASE };
  expect(await readOutputs({ ...from, showSecrets: false })).toEqual({ password: "[secret]" });
  expect(await readOutputs({ ...from, showSecrets: true })).toEqual({ password: "hunter2" });
});

test("the state is a Pulumi deployment: prerequisites come first, and nothing dangles", async () => {
  await stack.up([
    { kind: "shelf", name: "s" },
    box("a", {}, { parent: "s" }),
    box("b", { label: { $ref: "a.path" } }),
  ]);
  const { version, deployment } = await stack.state();
  expect(version).toBe(3);
  expect(deployment.secrets_providers).toEqual({ type: "passphrase", state: { salt: SALT } });
  const urns = deployment.resources.map(({ urn }) => urn);
  deployment.resources.forEach((state, index) => {
    const {
      parent,
      dependencies = [],
      provider,
    } = state as { parent?: string; dependencies?: string[]; provider?: string };
    const needed = [
      ...dependencies,
      ...(parent ? [parent] : []),
      ...(provider ? [provider.replace(/::[^:]*$/, "")] : []),
    ];
    for (const urn of needed) {
      expect(urns.slice(0, index)).toContain(urn);
    }
  });
  expect(urns).toContain("urn:pulumi:test::shop::shop:index:Shelf$box:index:Box::a");
});

test("a wrong passphrase is one clear error, and nothing is touched", async () => {
  await stack.up([secretBox]);
  const before = await stack.state();
  await expect(stack.run("up", {}, { passphrase: "wrong" })).rejects.toThrow(
    /Wrong passphrase for the state .*state\.json.*PULUMI_CONFIG_PASSPHRASE/s,
  );
  expect(await stack.state()).toEqual(before);
});

test("a state that cannot be read is an error naming the file and its backup; the backup is the previous run's", async () => {
  await stack.up([box("a")]);
  await stack.up([box("a"), box("b")]);
  await writeFile(stack.stateFile, "{ half");
  await expect(stack.up([box("a")])).rejects.toThrow(/state\.json cannot be read.*state\.json\.bak/s);
  const backup = JSON.parse(await readFile(`${stack.stateFile}.bak`, "utf8"));
  expect(JSON.stringify(backup)).toContain('::a"');
  expect(JSON.stringify(backup)).not.toContain('::b"');
});

test("a second run is kept out by name of the first, but may preview", async () => {
  const unlock = await lockState(stack.stateFile, "up");
  try {
    await expect(stack.up([box("a")])).rejects.toThrow(
      new RegExp(`locked by process ${process.pid} .*\\(up, since .*remove .*state\\.json\\.lock`),
    );
    expect((await stack.preview([box("a")])).summary).toEqual({ create: 2 });
  } finally {
    await unlock();
  }
  expect((await stack.up([box("a")])).summary).toEqual({ create: 2 });
});
