/** Cases two-checkouts-one-stack-name and project-in-a-path-with-blanks-and-umlauts. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_CHANGES, type TestStack } from "../platform";

const NOBODY = 65_534;

/** Whether this machine lets the tests be somebody else, who finds the packages: not as another user than root, nor below /root. */
function canBeNobody(): boolean {
  const asNobody = { uid: NOBODY, gid: NOBODY };
  return (
    process.getuid?.() === 0 &&
    spawnSync("test", ["-r", "node_modules/.package-lock.json"], asNobody).status === 0
  );
}

export function describeOtherCheckouts(stack: TestStack): void {
  describe("another checkout, in a path with blanks and umlauts", () => {
    let root: string;
    let checkout: string;
    const there = (command: string, args: string[] = [], options: execa.Options = {}) =>
      execa("node", ["cli/launch.mjs", command, "--stack", stack.name, ...args], {
        ...{ cwd: checkout, all: true, reject: false, stdin: "ignore" },
        ...options,
      });
    const containers = () => stack.docker("ps", "-q", "--no-trunc");

    beforeAll(async () => {
      root = fs.mkdtempSync(path.join(os.tmpdir(), "checkouts-"));
      fs.chmodSync(root, 0o755);
      checkout = path.join(root, "My Projects", "ürün (v2)'s copy & more", "p");
      // What is being tested, be it committed or not, without what a checkout has of its own.
      const { stdout } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
      const files = stdout
        .split("\0")
        .filter((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
      for (const file of [...files, `Pulumi.${stack.name}.yaml`]) {
        // With their times: a lock file that is newer than the packages has npm install them again.
        fs.cpSync(file, path.join(checkout, file), { preserveTimestamps: true });
      }
      fs.symlinkSync(fs.realpathSync("node_modules"), path.join(checkout, "node_modules"));
    });

    afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

    it.each(["up", "preview", "refresh", "destroy"])(
      "with a state of its own is told by %s whose the stack is, and leaves it alone",
      async (verb) => {
        const before = await containers();
        const { exitCode, all } = await there(verb);
        expect(exitCode, all).toBe(1);
        expect(all).toContain(
          `Stack ${stack.name} on this Docker belongs to another checkout: ${process.cwd()}`,
        );
        expect(all).toContain("Take another stack name here");
        expect(await containers()).toEqual(before);
      },
    );

    it.runIf(canBeNobody())(
      "is that of somebody who may not use Docker: one message, and nothing changed",
      async () => {
        const { exitCode, all } = await there("preview", [], {
          ...{ uid: NOBODY, gid: NOBODY, env: { HOME: "/nonexistent" } },
        });
        expect(exitCode, all).toBe(1);
        expect(all).toMatch(/Error: .*(you may not use it|permission|another checkout).*\nFix: /s);
        expect(all).not.toMatch(/^\s+at /m);
      },
    );

    it("with the stack's state, as after a move, is the stack's: nothing is to be deployed again", async () => {
      fs.cpSync(".state", path.join(checkout, ".state"), { recursive: true });
      const { exitCode, all } = await there("preview");
      expect(exitCode, all).toBe(0);
      expect(all).toMatch(NO_CHANGES);
    });

    it.each([
      ["outputs", [], /kafkaConnectUrl/],
      ["status", [], /RUNNING/],
      ["verify", ["--table", "public.links"], /equal/i],
    ])("has %s there", async (verb, args, shown) => {
      const { exitCode, all } = await there(verb, args);
      expect(exitCode, all).toBe(0);
      expect(all).toMatch(shown);
    });
  });
}
