import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../../embedded/config";
import { setConfigSecrets } from "../../../embedded/config-secrets";
import { WrongPassphrase } from "../../../embedded/passphrase";
import { PASSPHRASE, SALT } from "./stack-under-test";

let projectDir: string;
beforeAll(() => {
  projectDir = fs.mkdtempSync(path.join(os.tmpdir(), "project-"));
  fs.writeFileSync(path.join(projectDir, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
});
afterAll(() => fs.rmSync(projectDir, { recursive: true }));

const file = () => path.join(projectDir, "Pulumi.blue.yaml");
const set = (values: Record<string, string>, passphrase = PASSPHRASE) =>
  setConfigSecrets({ projectDir, stack: "blue", passphrase, salt: SALT }, values);
const load = () => loadConfig({ projectDir, stack: "blue", passphrase: PASSPHRASE });

describe("secrets put into a stack's file", () => {
  it.each([
    ["that is not there", undefined],
    ["that is empty", ""],
    ["with a comment only", "# Blue.\n"],
    ["with an empty object of values", "config: {}\n"],
    ["with values and comments", "# Blue.\nconfig:\n  shop:door: open # always\n"],
    ["with other things", "environment:\n  - base\n"],
    ["that has its salt", `encryptionsalt: ${SALT}\nconfig:\n  shop:door: open\n`],
  ])("%s are read again from it, and are nowhere in clear", async (_what, before) => {
    if (before === undefined) fs.rmSync(file(), { force: true });
    else fs.writeFileSync(file(), before);
    await set({ password: "hush hush", key: "-a b" });
    const text = fs.readFileSync(file(), "utf8");
    expect(text).not.toMatch(/hush|-a b/);
    const { config, secretConfigKeys, encryptionSalt } = await load();
    expect(config).toMatchObject({ "shop:password": "hush hush", "shop:key": "-a b" });
    expect(secretConfigKeys.sort()).toEqual(["shop:key", "shop:password"]);
    expect(encryptionSalt).toBe(SALT);
    for (const line of (before ?? "").split("\n").filter((line) => line !== "config: {}"))
      expect(text).toContain(line);
  });

  it("take the place of those that are there, and leave the others", async () => {
    fs.rmSync(file(), { force: true });
    await set({ password: "one", key: "two" });
    await set({ password: "three" });
    expect((await load()).config).toEqual({ "shop:password": "three", "shop:key": "two" });
  });

  it("are refused with another passphrase than the file's, which stays as it was", async () => {
    fs.rmSync(file(), { force: true });
    await set({ password: "one" });
    const before = fs.readFileSync(file(), "utf8");
    await expect(set({ password: "two" }, "another passphrase")).rejects.toThrow(WrongPassphrase);
    expect(fs.readFileSync(file(), "utf8")).toBe(before);
  });

  it("leave a file alone that is no YAML", async () => {
    fs.writeFileSync(file(), "config: {a: [\n");
    await expect(set({ password: "one" })).rejects.toThrow(/Pulumi\.blue\.yaml cannot be read/);
    expect(fs.readFileSync(file(), "utf8")).toBe("config: {a: [\n");
  });
});
