/** Runs the project's checks, one after another, each with its own output. */
import * as fs from "node:fs";
import * as path from "node:path";
import execa from "execa";
import { installPackages } from "../stack/apt";
import { announce, step, UserError } from "../stack/console";

const VENV = ".venv";
const REQUIREMENTS = "spark/requirements-dev.txt";

type Check = [title: string, program: string, args: string[]];

const UNIT: Check[] = [
  ["Formatting and lint (TypeScript)", "npx", ["--no-install", "biome", "ci", "."]],
  ["Types", "npx", ["--no-install", "tsc", "--noEmit", "-p", "."]],
  ["Types (page of the console)", "npx", ["--no-install", "tsc", "--noEmit", "-p", "tools/console/page"]],
  ["Imports", "npx", ["--no-install", "depcruise", "--output-type", "err", "."]],
  [
    "Formatting and lint (Python)",
    `${VENV}/bin/ruff`,
    ["check", "spark", "images/supervisor", "tests/unit/supervisor", "tests/property", "bench"],
  ],
  [
    "Types (Python)",
    `${VENV}/bin/mypy`,
    ["--config-file", "spark/pyproject.toml", "spark/cdc", "spark/streaming_from_kafka_to_minio.py"],
  ],
  ["Unit tests (Spark)", `${VENV}/bin/python`, ["-m", "pytest", "-q", "spark/tests"]],
  [
    "Unit tests (supervisor)",
    `${VENV}/bin/python`,
    ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/supervisor"],
  ],
  [
    "Unit tests (property test)",
    `${VENV}/bin/python`,
    ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "pythonpath=. spark", "tests/property"],
  ],
  ["Unit tests", "npx", ["--no-install", "vitest", "run", "--project", "unit"]],
];

/** What is only a matter of style is left alone: another byte is another image. */
const shellScripts = (): Check => [
  "Shell scripts",
  "shellcheck",
  ["--severity=warning", ...scriptsIn("images"), ...scriptsIn(".ci")],
];

const END_TO_END: Check[] = [
  ["The walkthrough, end to end", "npx", ["--no-install", "vitest", "run", "--project", "walkthrough"]],
  ["End-to-end tests", "npx", ["--no-install", "vitest", "run", "--project", "e2e"]],
];

/** True when every check passed. Stops at the first that did not. */
export async function runTests(which: "unit" | "all"): Promise<boolean> {
  await ensurePython();
  if (!(await works("shellcheck", ["--version"]))) await installPackages(["shellcheck"], "shellcheck");
  const quick = [shellScripts(), ...UNIT];
  for (const [title, program, args] of which === "unit" ? quick : [...quick, ...END_TO_END]) {
    console.log(`\n── ${title}`);
    const { exitCode } = await execa(program, args, {
      stdio: ["ignore", "inherit", "inherit"],
      reject: false,
    });
    if (exitCode !== 0) {
      console.error(`\n${title}: failed (${program} ${args.join(" ")}).`);
      return false;
    }
  }
  return true;
}

/** Files of a folder that a shell runs, however they are called. */
export function scriptsIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => /^#!.*\b(ba)?sh\b/.test(fs.readFileSync(file, "utf8").split("\n", 1)[0] ?? ""))
    .sort();
}

/** PySpark and the Python tools, in a virtual environment of the checkout; the benchmark's limits need it too. */
export async function ensurePython(): Promise<void> {
  if (!(await works("java", ["-version"]))) await installPackages(["default-jre-headless"], "Java");
  if (!(await works("python3", ["-c", "import venv, ensurepip"]))) {
    await installPackages(["python3", "python3-venv"], "Python");
  }
  const stamp = `${VENV}/requirements`;
  const wanted = fs.readFileSync(REQUIREMENTS, "utf8");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) return;
  announce("Python packages for the tests: installing");
  await step("Python packages installed", async () => {
    forgetLink(VENV);
    await execa("python3", ["-m", "venv", "--clear", VENV]);
    const pip = await execa(`${VENV}/bin/pip`, ["install", "-q", "-r", REQUIREMENTS], {
      all: true,
      reject: false,
    });
    if (pip.exitCode !== 0) {
      throw new UserError(
        `pip could not install ${REQUIREMENTS}:\n${pip.all}`,
        "Check the network, then run this again.",
      );
    }
    fs.writeFileSync(stamp, wanted);
  });
}

/** Where a link leads may be another checkout's: what is made anew in its place is made here. */
export function forgetLink(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) fs.unlinkSync(file);
}

async function works(program: string, args: string[]): Promise<boolean> {
  return (await execa(program, args, { reject: false })).exitCode === 0;
}
