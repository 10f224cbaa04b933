import * as fs from "node:fs";
import execa from "execa";
import { describe, expect, it } from "vitest";
import { configuredStacks } from "../../../stack/engines/stacks";

function stateFiles(): string[] {
  return fs.existsSync(".state") ? fs.readdirSync(".state", { recursive: true }).map(String) : [];
}

describe("a mistyped stack", () => {
  it.each(["up", "preview", "refresh", "destroy", "outputs", "status", "verify"])(
    "is refused by %s, with the names of those that exist, and not made",
    async (verb) => {
      const { exitCode, all } = await execa("node", ["cli/launch.mjs", verb, "--stack", "e2etypo"], {
        all: true,
        reject: false,
      });
      expect(exitCode, all).toBeGreaterThan(0);
      expect(all).toMatch(/There is no stack e2etypo\..*Stacks here: .*dev.*kraft/s);
      expect(all).not.toMatch(/^\s+at /m);
      expect(stateFiles().filter((file) => file.includes("e2etypo"))).toEqual([]);
      expect(configuredStacks()).not.toContain("e2etypo");
    },
    60_000,
  );
});

describe("a stack that has nothing yet", () => {
  it.each([
    ["destroy", 0, /Stack e2eempty is not deployed: nothing to destroy/],
    ["refresh", 0, /Stack e2eempty is not deployed: nothing to refresh/],
    ["outputs", 1, /Stack e2eempty is not deployed/],
    ["status", 1, /Stack e2eempty is not deployed/],
  ])(
    "is said to have none by %s",
    async (verb, code, message) => {
      fs.writeFileSync("Pulumi.e2eempty.yaml", "config: {}\n");
      try {
        const run = execa("node", ["cli/launch.mjs", verb, "--stack", "e2eempty"], {
          all: true,
          reject: false,
        });
        const { exitCode, all } = await run;
        expect(all).toMatch(message);
        expect(exitCode).toBe(code);
      } finally {
        fs.rmSync("Pulumi.e2eempty.yaml");
      }
    },
    60_000,
  );
});
