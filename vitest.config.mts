import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The walkthrough first: it builds the images that the others use. */
class WalkthroughFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (moduleId.includes("walkthrough") ? 0 : 1);
    return files.sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** A command of its own, `npm run test:cases`: not part of `npm test` until each has been green as a whole. */
const CASES = ["tests/e2e/cases.test.ts", "tests/e2e/lists.test.ts", "tests/e2e/wide-rows.test.ts"];

/** A command of its own, `npm run test:lifecycle`: it takes most of an hour. */
const LIFECYCLE = ["tests/e2e/lifecycle/*.test.ts"];

export default defineConfig({
  test: {
    // One line a test as it ends: an end-to-end run takes minutes.
    reporters: ["verbose"],
    sequence: { sequencer: WalkthroughFirst },
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
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          exclude: [...CASES, ...LIFECYCLE],
          globalSetup: ["tests/e2e/leftovers.ts"],
          testTimeout: 600_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
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
