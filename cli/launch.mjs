// The first step of every npm script: works on a fresh clone, before any package is installed.
// Installs the npm packages when they are missing or older than the lock file, then runs cli/main.ts.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node.js ${process.versions.node} is too old: this project needs 20.19 or newer (20, 22 and 24 are tested).`,
  );
  process.exit(1);
}

/** npm writes this file at the end of an installation. */
const installed = "node_modules/.package-lock.json";
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync("package-lock.json").mtimeMs) {
  // Not among what a command prints: `outputs -- --json` is read by programs.
  console.error("• npm packages: installing …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", process.stderr, "inherit"],
  });
  if (npm.status !== 0) {
    console.error("npm could not install the packages of package-lock.json; its message is above.");
    process.exit(1);
  }
}

const main = spawn(
  process.execPath,
  ["--require", "./embedded/fast-start.cjs", "cli/main.ts", ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
// A terminal sends Ctrl-C to both; the command ends in its own time, and this process with it.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => main.kill("SIGTERM"));
main.on("exit", (code) => process.exit(code ?? 130));
