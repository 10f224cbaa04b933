import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { setSecret, settlePasswords } from "../../../cli/passwords";
import type { Choice } from "../../../stack/engines/choose";

const home = process.cwd();
let given: Record<string, string> | undefined;

beforeEach(() => {
  process.chdir(fs.mkdtempSync(path.join(os.tmpdir(), "checkout-")));
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  given = undefined;
});

afterEach(() => {
  const folder = process.cwd();
  process.chdir(home);
  fs.rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** A stack as its engine knows it, which notes the secrets that it is given. */
function stack(outputs?: Record<string, unknown>): Choice {
  const engine: Choice["engine"] = {
    name: "embedded",
    run: () => Promise.reject(new Error("nothing is run here")),
    outputs: () => (outputs ? Promise.resolve(outputs) : Promise.reject(new Error("it is not deployed"))),
    setSecrets: async (_stack, values) => {
      given = { ...values };
    },
  };
  return { engine, isDeployed: outputs !== undefined };
}

const inItsFile = (text: string) => fs.writeFileSync("Pulumi.blue.yaml", text);

describe("a new stack", () => {
  it("gets passwords of its own, each another one, that any server takes", async () => {
    inItsFile("config:\n  cdc:portOffset: 1000\n");
    await settlePasswords("blue", stack());
    expect(Object.keys(given ?? {})).toEqual(["postgresPassword", "minioRootPassword", "lakeSecretKey"]);
    const values = Object.values(given ?? {});
    for (const value of values) expect(value).toMatch(/^[\w-]{32}$/);
    expect(new Set(values).size).toBe(3);
  });

  it("gets only those that it does not set, in clear or encrypted", async () => {
    inItsFile("config:\n  cdc:postgresPassword: own\n  cdc:lakeSecretKey:\n    secure: v1:abc\n");
    await settlePasswords("blue", stack());
    expect(Object.keys(given ?? {})).toEqual(["minioRootPassword"]);
  });

  it.each([
    ["for the walkthrough", "config:\n  cdc:walkthroughPasswords: true\n"],
    ["that sets all", "config: {cdc:postgresPassword: a, cdc:minioRootPassword: b, cdc:lakeSecretKey: c}\n"],
    ["that may have them from an environment", "environment: [passwords]\n"],
  ])("%s gets none", async (_what, text) => {
    inItsFile(text);
    await settlePasswords("blue", stack());
    expect(given).toBeUndefined();
  });
});

describe("a stack that is deployed", () => {
  it("keeps the passwords that it has", async () => {
    inItsFile("config: {}\n");
    const outputs = { postgresqlPassword: "postgres", minioRootPassword: "minio", lakeSecretKey: "lake" };
    await settlePasswords("blue", stack(outputs));
    expect(given).toEqual({
      postgresPassword: "postgres",
      minioRootPassword: "minio",
      lakeSecretKey: "lake",
    });
  });

  it("gets others where its first run did not come to the end", async () => {
    inItsFile("config: {}\n");
    await settlePasswords("blue", stack({}));
    expect(Object.keys(given ?? {})).toHaveLength(3);
  });
});

describe("one secret", () => {
  it("is set as it is given, or made up", async () => {
    await setSecret("blue", stack(), "lakeSecretKey", " as given ");
    expect(given).toEqual({ lakeSecretKey: " as given " });
    await setSecret("blue", stack(), "lakeSecretKey", undefined);
    expect(given?.lakeSecretKey).toMatch(/^[\w-]{32}$/);
  });

  it("that is empty is refused", async () => {
    await expect(setSecret("blue", stack(), "lakeSecretKey", "")).rejects.toThrow("Nothing was given");
    expect(given).toBeUndefined();
  });
});

it("the tracked stacks are those of the walkthrough, and no other is by default", () => {
  const tracked = (name: string) =>
    parse(fs.readFileSync(path.join(home, `Pulumi.${name}.yaml`), "utf8")).config;
  for (const name of ["dev", "kraft"]) expect(tracked(name)["cdc:walkthroughPasswords"]).toBe(true);
  expect(
    parse(fs.readFileSync(path.join(home, "Pulumi.yaml"), "utf8")).config.walkthroughPasswords.default,
  ).toBe(false);
});
