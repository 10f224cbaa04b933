/** The property test in short, against a stack of its own: the same histories each time. */
import execa from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestStack } from "./platform";

const stack = new TestStack("e2e-property");
/** What this test does not need: its records go through the lake's code in processes of its own. */
const IDLE = ["supervisor", "spark-client", "spark-worker", "spark-master", "minio"];

beforeAll(async () => {
  await stack.removeLeftovers();
  stack.configure();
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
  await execa("docker", ["stop", ...IDLE.map((service) => stack.container(service))]);
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

it("leaves in the lake what 240 random tables have after random histories", async () => {
  const { exitCode, text } = await stack.npmRun("test:property", "--histories", "240", "--seed", "short");
  expect(exitCode, text).toBe(0);
  expect(text).toContain("seed short: 240 histories");
});
