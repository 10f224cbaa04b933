/** Passwords and keys: rotated, made up for a new stack, kept for one that has some. */
import * as fs from "node:fs";
import { describe, expect, it } from "vitest";
import { WALKTHROUGH_SECRETS } from "../../../walkthrough-secrets";
import { NO_CHANGES } from "../platform";
import { type Credentials, describeRotation, isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run } = standingStack();
const file = `Pulumi.${stack.name}.yaml`;

const secretsNow = async (): Promise<Credentials> => {
  const { postgresqlPassword, minioRootPassword = "", lakeSecretKey } = await stack.outputs();
  return { postgresPassword: postgresqlPassword, minioRootPassword, lakeSecretKey };
};

describe("a stack without passwords in its file", () => {
  it("keeps those that it was deployed with, in its file from then on, encrypted", async () => {
    stack.configure({ walkthroughPasswords: false });
    const text = await run("up");
    expect(text).toMatch(/lakeSecretKey: as deployed/);
    expect(text).toMatch(NO_CHANGES);
    const content = fs.readFileSync(file, "utf8");
    expect(content.match(/secure:/g)).toHaveLength(3);
    for (const secret of Object.values(WALKTHROUGH_SECRETS)) expect(content).not.toMatch(`: ${secret}`);
    expect(await secretsNow()).toEqual(WALKTHROUGH_SECRETS);
  });

  it("gets its own when it is new, and they work", async () => {
    await run("destroy");
    stack.configure({ walkthroughPasswords: false });
    expect(await run("preview")).toMatch(/lakeSecretKey: made up/);
    await run("up");
    expect(await run("up")).toMatch(NO_CHANGES);
    for (const [name, value] of Object.entries(await secretsNow())) {
      expect(value).toMatch(/^[\w-]{32}$/);
      expect(value).not.toBe(WALKTHROUGH_SECRETS[name as keyof typeof WALKTHROUGH_SECRETS]);
      expect(fs.readFileSync(file, "utf8")).not.toContain(value);
    }
    await stack.sql(`insert into links ("customerId") select generate_series(1, 1000)`);
    await isEqual(stack);
  });
});

describe("credentials", () => {
  describeRotation(stack, secretsNow, (rotated) => stack.configure({ ...rotated }));
});
