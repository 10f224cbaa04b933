import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pacedHealthcheck } from "../../../components/paced-healthcheck";

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "paced-"));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

/** The check as Docker runs it, with other times and another place for what it remembers. */
function commandOf(check: string): [string, string[]] {
  const [kind, program = "", ...args] = pacedHealthcheck(["sh", "-c", check]).tests;
  expect(kind).toBe("CMD");
  return [
    program,
    args.map((text) =>
      text.replace("/dev/shm", folder).replace("sleep 20", "sleep 1").replace("+ 10", "+ 1"),
    ),
  ];
}

function run(check: string) {
  const [program, args] = commandOf(check);
  const started = Date.now();
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return { status, said: stdout.trim(), milliseconds: Date.now() - started };
}

describe("the health check's pace", () => {
  it("waits for a service that starts, and says why it is not usable", async () => {
    const file = path.join(folder, "usable");
    const [program, args] = commandOf(`test -e ${file} || { echo not yet; exit 1; }`);
    const waiting = spawn(program, args);
    await sleep(300);
    fs.writeFileSync(file, "");
    expect(await new Promise((resolve) => waiting.on("exit", resolve))).toBe(0);
    fs.rmSync(file);
    // It was usable, so the next one pauses first, looks once, and from then on it waits again.
    expect(run(`test -e ${file} || { echo lost; exit 1; }`)).toMatchObject({ status: 1, said: "lost" });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it("looks at a usable service only after a pause", () => {
    expect(run("true")).toMatchObject({ status: 0 });
    const paced = run("true");
    expect(paced.status).toBe(0);
    expect(paced.milliseconds).toBeGreaterThanOrEqual(1_000);
  });

  it("gives up within its patience with what the check said last", () => {
    expect(run("echo broken; exit 1")).toMatchObject({ status: 1, said: "broken" });
  });
});
