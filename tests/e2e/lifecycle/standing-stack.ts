/** The stack of the lifecycle tests, which stands while the tests of a file run. The engine is that of CDC_ENGINE. */
import { afterAll, beforeAll, expect } from "vitest";
import { NO_CHANGES, type TestStack } from "../platform";
import { lifecycleStack } from "./resources";

export interface StandingStack {
  readonly stack: TestStack;
  /** Runs a verb that has to succeed. @returns what it printed */
  run(verb: string, ...args: string[]): Promise<string>;
  /** After whatever was done: one `up` puts it right, and the next has nothing to do. @returns what the first one printed */
  comesBack(): Promise<string>;
  /** After a destroy: Docker has nothing of the stack. */
  leavesNothing(): Promise<void>;
}

export function standingStack(): StandingStack {
  const stack = lifecycleStack();
  async function run(verb: string, ...args: string[]): Promise<string> {
    const { exitCode, text } = await stack.npmRun(verb, ...args);
    expect(exitCode, text).toBe(0);
    return text;
  }

  beforeAll(async () => {
    stack.configure();
    await stack.removeLeftovers();
    await run("up");
    await stack.sql(`insert into links ("customerId") select generate_series(1, 1000)`);
  });

  afterAll(async () => {
    await stack.npmRun("destroy");
  });

  return {
    stack,
    run,
    async comesBack() {
      const text = await run("up");
      expect(await run("up")).toMatch(NO_CHANGES);
      return text;
    },
    async leavesNothing() {
      expect(await stack.docker("ps", "-a", "--format", "{{.Names}}")).toEqual([]);
      expect(await stack.docker("volume", "ls", "-q")).toEqual([]);
      expect(await stack.docker("network", "ls", "-q")).toEqual([]);
    },
  };
}
