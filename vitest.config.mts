import { defineConfig } from "vitest/config";

/** First, and one after the other: they build the images that the others use. */
const WALKTHROUGHS = ["tests/e2e/walkthrough.test.ts", "tests/e2e/walkthrough-kraft.test.ts"];

/** A command of its own, `npm run test:cases`: with them, `npm test` would take longer than an hour on two slow processors. */
const CASES = ["cases", "lists", "wide-rows", "pipelines"].map((name) => `tests/e2e/${name}.test.ts`);

/** A command of its own, `npm run test:lifecycle`: it takes most of an hour. */
const LIFECYCLE = ["tests/e2e/lifecycle/*.test.ts"];

/** A command of its own, `npm run test:faults`: each fault takes a minute. */
const FAULTS = ["tests/e2e/faults.test.ts"];

export default defineConfig({
  test: {
    // One line a test as it ends: an end-to-end run takes minutes.
    reporters: ["verbose"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "walkthrough",
          include: WALKTHROUGHS,
          globalSetup: ["tests/e2e/leftovers.ts"],
          testTimeout: 600_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          exclude: [...WALKTHROUGHS, ...CASES, ...LIFECYCLE, ...FAULTS],
          globalSetup: ["tests/e2e/leftovers.ts"],
          testTimeout: 600_000,
          hookTimeout: 3_600_000,
          // Each file has a stack of its own, and a stack waits for most of its time.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "lifecycle",
          include: LIFECYCLE,
          globalSetup: ["tests/e2e/leftovers.ts"],
          testTimeout: 600_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "faults",
          include: FAULTS,
          globalSetup: ["tests/e2e/leftovers.ts"],
          testTimeout: 600_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "cases",
          include: CASES,
          globalSetup: ["tests/e2e/leftovers.ts"],
          testTimeout: 600_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
