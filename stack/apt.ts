/** Installs Debian packages, where that is possible. */
import * as fs from "node:fs";
import execa from "execa";
import { announce, step, UserError } from "./console";

/**
 * @param packages names of Debian packages
 * @param what what the packages bring, for messages
 * @throws UserError when this is no Debian or Ubuntu, or not root, or apt fails
 */
export async function installPackages(packages: string[], what: string): Promise<void> {
  const byHand = `Install ${packages.join(" ")} with your system's package manager and run this again.`;
  if (!fs.existsSync("/usr/bin/apt-get"))
    throw new UserError(`${what} is missing, and this is no Debian or Ubuntu.`, byHand);
  if (process.getuid?.() !== 0) {
    throw new UserError(
      `${what} is missing, and only root can install it.`,
      `Run \`sudo apt-get install ${packages.join(" ")}\`, or this command as root.`,
    );
  }
  announce(`${what}: installing ${packages.join(", ")}`);
  await step(`${what} installed`, async () => {
    await apt(["update", "-qq"]);
    await apt(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
  });
}

async function apt(args: string[]): Promise<void> {
  const { exitCode, all } = await execa("apt-get", args, {
    all: true,
    reject: false,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
  if (exitCode !== 0) {
    throw new UserError(
      `apt-get ${args.join(" ")} failed:\n${lastLines(all ?? "")}`,
      "Check the network and /etc/apt/sources.list, then run this again.",
    );
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-10).join("\n");
}
