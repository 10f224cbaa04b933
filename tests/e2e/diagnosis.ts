/** `npm run status` and `npm run doctor` on a running stack: well, and with faults planted one after another. */
import execa from "execa";
import { describe, expect, it } from "vitest";
import { report } from "../../tools/status/report";
import type { Fault } from "./faults/fault";
import { eventually, type TestStack } from "./platform";

interface Diagnosis {
  readonly findings: readonly { hop: string; verdict: string; text: string }[];
  readonly diagnosis: { hop: string; text: string; fix: string } | null;
}

async function doctor(stack: TestStack): Promise<Diagnosis> {
  const { stdout } = await execa(
    "node",
    ["cli/launch.mjs", "doctor", "--stack", stack.name, "--json", "--timeout", "60"],
    { reject: false, stdin: "ignore" },
  );
  return JSON.parse(stdout);
}

function untilWell(stack: TestStack): Promise<string | undefined> {
  return eventually(
    "all is well again",
    180,
    async () => (await stack.npmRun("status")).text,
    (text) => text.startsWith("All is well"),
  );
}

/** @param stack stands, with the walkthrough's tables captured */
export function describeDiagnosis(stack: TestStack, faults: readonly Fault[]): void {
  async function seenInStatus({ seen }: Fault): Promise<void> {
    const { exitCode, text } = await eventually(
      `status says ${seen}`,
      60,
      () => stack.npmRun("status"),
      ({ text }) => seen.test(text),
    );
    expect(text).toMatch(/^NOT WELL: /);
    expect(exitCode, text).toBe(1);
  }

  async function named({ hop, cause, mend }: Fault): Promise<void> {
    const { diagnosis, findings } = await doctor(stack);
    expect(diagnosis?.hop, JSON.stringify(findings, null, 2)).toBe(hop);
    expect(diagnosis?.text).toMatch(cause);
    for (const command of mend(stack)) expect(diagnosis?.fix).toContain(`\`${command}\``);
  }

  describe("status and doctor", () => {
    it("say that all is well, and follow a marker through every hop", async () => {
      await stack.sql(`insert into links ("customerId") values (880001)`);
      await untilWell(stack);
      const { exitCode, text } = await stack.npmRun("doctor");
      expect(exitCode, text).toBe(0);
      expect(text.match(/^✔/gm)).toHaveLength(8);
      expect(text).toMatch(/goes all the way/);
    });

    it("status has its documented form as JSON, again and again with --watch, until Ctrl-C", async () => {
      const { exitCode, text } = await stack.npmRun("status", "--json");
      expect(exitCode, text).toBe(0);
      expect(report.parse(JSON.parse(text))).toMatchObject({ well: true, stack: stack.name });

      const watching = execa(
        "node",
        ["cli/launch.mjs", "status", "--stack", stack.name, "--json", "--watch"],
        {
          stdin: "ignore",
          reject: false,
          detached: true,
        },
      );
      let looks = "";
      await new Promise<void>((resolve) => {
        watching.stdout?.on("data", (chunk) => {
          looks += chunk;
          if (looks.split("\n").length > 2) resolve();
        });
        watching.once("exit", () => resolve());
      });
      // As a terminal does: to the whole group.
      process.kill(-(watching.pid ?? 0), "SIGINT");
      const ended = await watching;
      expect(ended.exitCode, ended.stderr).toBe(0);
      for (const line of looks.trim().split("\n").slice(0, 2)) report.parse(JSON.parse(line));
    });

    it.each(faults)("$name: seen, its hop and cause named, mended by the doctor's command", async (fault) => {
      await fault.plant(stack);
      if (!fault.seenAfterDoctor) await seenInStatus(fault);
      await named(fault);
      if (fault.seenAfterDoctor) await seenInStatus(fault);
      await fault.byHand?.(stack);
      for (const command of fault.mend(stack)) {
        const { exitCode, all } = await execa("sh", ["-c", command], {
          all: true,
          reject: false,
          stdin: "ignore",
        });
        expect(exitCode, `${command}:\n${all}`).toBe(0);
      }
      await untilWell(stack);
      await eventually(
        "the doctor finds nothing more",
        120,
        () => doctor(stack),
        ({ diagnosis }) => diagnosis === null,
      );
    });
  });
}
