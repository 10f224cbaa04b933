import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../../embedded/config";
import { openCrypter } from "../../../embedded/passphrase";
import { readProject } from "../../../embedded/project";
import { PASSPHRASE, SALT } from "./stack-under-test";

let projectDir: string;
beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), "embedded-config-"));
});
afterEach(() => rm(projectDir, { recursive: true, force: true }));

async function load(declarations: string, stackFile: string | undefined) {
  await writeFile(
    join(projectDir, "Pulumi.yaml"),
    `name: shop\nruntime: nodejs\nconfig:\n${declarations.replace(/^/gm, "  ")}`,
  );
  if (stackFile !== undefined) {
    await writeFile(join(projectDir, "Pulumi.dev.yaml"), stackFile);
  }
  return loadConfig({ projectDir, stack: "dev", passphrase: PASSPHRASE });
}

test("defaults are used where the stack says nothing, typed values as text, objects as JSON", async () => {
  const { config, secretConfigKeys, project } = await load(
    "port: {type: integer, default: 8080}\nimages: {type: object, default: {}}\nlist: {type: array, items: {type: string}, default: [a]}\nhost: {default: here}",
    undefined,
  );
  expect(project.name).toBe("shop");
  expect(config).toEqual({
    "shop:port": "8080",
    "shop:images": "{}",
    "shop:list": '["a"]',
    "shop:host": "here",
  });
  expect(secretConfigKeys).toEqual([]);
});

test("the stack's values win, and what nobody declared is passed on", async () => {
  const { config } = await load(
    "port: {type: integer, default: 8080}\nopen: {type: boolean, default: false}",
    "config:\n  shop:port: 9090\n  shop:open: true\n  shop:undeclared: x\n  docker:host: unix:///run/docker.sock",
  );
  expect(config).toEqual({
    "shop:port": "9090",
    "shop:open": "true",
    "shop:undeclared": "x",
    "docker:host": "unix:///run/docker.sock",
  });
});

test("declared values without default that the stack does not set are named", async () => {
  await expect(load("port: {type: integer}\nhost: {description: the host}", "config: {}")).rejects.toThrow(
    /Stack 'dev' is missing configuration values 'port', 'host': set them in .*Pulumi\.dev\.yaml/,
  );
});

test.each([
  ["integer", "eighty", "integer"],
  ["boolean", "maybe", "boolean"],
  ["string", "[a]", "string"],
  ["object", "text", "object"],
])("a value that is no %s is refused", async (type, value, typeName) => {
  await expect(load(`key: {type: ${type}}`, `config:\n  shop:key: ${value}`)).rejects.toThrow(
    `Stack 'dev' with configuration key 'key' must be of type '${typeName}'`,
  );
});

test("an array of the wrong things is refused", async () => {
  await expect(
    load("key: {type: array, items: {type: integer}}", "config:\n  shop:key: [1, two]"),
  ).rejects.toThrow("must be of type 'array<integer>'");
});

test("secret declarations and encrypted values are secret; encrypted values are decrypted", async () => {
  const crypter = await openCrypter(PASSPHRASE, SALT, "the test");
  const { config, secretConfigKeys, encryptionSalt } = await load(
    "password: {secret: true, default: plain}\nport: {type: integer, default: 1}",
    `encryptionsalt: ${SALT}\nconfig:\n  shop:token:\n    secure: ${crypter.encrypt("hunter2")}\n  shop:deep:\n    list:\n      - secure: ${crypter.encrypt("hunter3")}`,
  );
  expect(config).toMatchObject({
    "shop:password": "plain",
    "shop:token": "hunter2",
    "shop:deep": '{"list":["hunter3"]}',
  });
  expect(secretConfigKeys.toSorted()).toEqual(["shop:deep", "shop:password", "shop:token"]);
  expect(encryptionSalt).toBe(SALT);
});

test("a typed secret has to be encrypted, as with the CLI", async () => {
  await expect(
    load("password: {type: string, secret: true}", "config:\n  shop:password: plain"),
  ).rejects.toThrow("'password' must be encrypted as it's secret");
});

test("encrypted values with another passphrase are one clear error naming the file", async () => {
  await expect(
    load("", `encryptionsalt: ${SALT.replace("fozI", "gozI")}\nconfig:\n  shop:token:\n    secure: v1:a:b`),
  ).rejects.toThrow(/Wrong passphrase for .*Pulumi\.dev\.yaml/);
});

test("the project says how its program is run", async () => {
  await writeFile(
    join(projectDir, "Pulumi.yaml"),
    "name: shop\nruntime: {name: nodejs, options: {typescript: false, nodeargs: \"--require tsx/cjs --title 'a b'\"}}\nmain: program.ts",
  );
  expect(readProject(projectDir)).toMatchObject({
    programDir: projectDir,
    program: "program.ts",
    typescript: false,
    nodeArgs: ["--require", "tsx/cjs", "--title", "a b"],
  });
});
