/** A `pulumi` of the tests' own notes what it is called with and which signals it gets. */
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PulumiCli } from "../../../stack/engines/pulumi-cli";

let folder: string;
const logFile = () => path.join(folder, "log");
const log = () => (fs.existsSync(logFile()) ? fs.readFileSync(logFile(), "utf8").trim().split("\n") : []);
const seen = (line: string) => vi.waitFor(() => expect(log()).toContain(line), { timeout: 15_000 });

/** @param script what the CLI does, in shell */
function pulumi(script: string): void {
  fs.writeFileSync(
    path.join(folder, "pulumi"),
    `#!/bin/sh\nnote() { echo "$@" >> '${logFile()}'; }\nuntil_seen() { while [ "$(grep -c "$1" '${logFile()}')" -lt "$2" ]; do sleep 0.1; done; }\n${script}\n`,
    { mode: 0o755 },
  );
}

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-"));
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  vi.stubEnv("PULUMI_BACKEND_URL", `file://${folder}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(folder, { recursive: true });
});

describe("SIGTERM while the CLI runs", () => {
  const run = () =>
    execa("node", ["--require", "tsx/cjs", "tests/unit/stack/pulumi-cli-process.ts"], {
      all: true,
      reject: false,
    });

  it("asks it to end after the steps under way, and waits for that", async () => {
    pulumi(
      `trap 'note asked' INT; note "$1"; [ "$1" != refresh ] || { until_seen asked 1; note ended; exit 1; }`,
    );
    const child = run();
    await seen("refresh");
    child.kill("SIGTERM");
    const { exitCode, all } = await child;
    expect(exitCode).toBe(1);
    expect(all).toContain("Finishing the steps under way");
    expect(log().slice(-2)).toEqual(["asked", "ended"]);
  });

  it("given twice asks it twice, which ends it at once, and waits for that", async () => {
    pulumi(
      `trap 'note asked' INT; note "$1"; [ "$1" != refresh ] || { until_seen asked 2; note ended; exit 1; }`,
    );
    const child = run();
    await seen("refresh");
    child.kill("SIGTERM");
    await seen("asked");
    child.kill("SIGTERM");
    expect((await child).exitCode).toBe(1);
    expect(log().slice(-3)).toEqual(["asked", "asked", "ended"]);
  });

  it("before it has begun keeps it from beginning", async () => {
    pulumi(`note "$1"; [ "$1" != stack ] || until_seen go-on 1`);
    const child = run();
    await seen("stack");
    const said = once(child.all as NodeJS.ReadableStream, "data");
    child.kill("SIGTERM");
    expect(String(await said)).toContain("Finishing");
    fs.appendFileSync(logFile(), "go-on\n");
    expect((await child).exitCode).toBe(1);
    expect(log()).not.toContain("refresh");
  });
});

describe("secrets for a stack's configuration", () => {
  it("are handed over on standard input, where nobody else sees them", async () => {
    pulumi(`note "$@"; [ "$1" != config ] || note "said: $(cat)"`);
    await new PulumiCli().setSecrets("blue", { postgresPassword: "hush hush", lakeSecretKey: "-x" });
    expect(log()).toEqual([
      "stack select --create blue --non-interactive",
      "config set --secret postgresPassword --stack blue --non-interactive",
      "said: hush hush",
      "config set --secret lakeSecretKey --stack blue --non-interactive",
      "said: -x",
    ]);
  });

  it("that it does not take are an error with its own words", async () => {
    pulumi(`[ "$1" != config ] || { echo "error: incorrect passphrase" >&2; exit 255; }`);
    await expect(new PulumiCli().setSecrets("blue", { lakeSecretKey: "x" })).rejects.toThrow(
      "incorrect passphrase",
    );
  });
});
