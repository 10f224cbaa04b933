/** Makes sure that a Docker Engine answers at the usual socket: installs and starts it where nothing else does. */
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import execa from "execa";
import { installPackages } from "../../stack/apt";
import { announce, step, UserError } from "../../stack/console";
import { dockerAnswers } from "./docker-daemon";

const LOG = "/var/log/dockerd.log";

/**
 * @throws UserError when no engine answers and none can be installed and started here
 */
export async function ensureDockerEngine(): Promise<void> {
  if (!(await dockerAnswers())) {
    if (process.platform !== "linux") {
      throw new UserError(
        "No Docker Engine answers.",
        "Install and start Docker Desktop, then run this again.",
      );
    }
    if (!(await onPath("dockerd"))) await installPackages(["docker.io", "iptables"], "Docker Engine");
    await start();
  }
  if (!(await onPath("docker"))) await installPackages(["docker-cli"], "Docker's command line");
}

async function onPath(program: string): Promise<boolean> {
  return (await execa("sh", ["-c", `command -v ${program}`], { reject: false })).exitCode === 0;
}

async function start(): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new UserError(
      "Docker is installed, but it is not running or you may not use it.",
      "Start it (`sudo systemctl start docker`) and add yourself to the group docker (`sudo usermod -aG docker $USER`, then log in again).",
    );
  }
  announce("Docker Engine: starting");
  await step("Docker Engine runs", async () => {
    if (fs.existsSync("/run/systemd/system")) {
      await execa("systemctl", ["start", "docker"], { reject: false });
    } else {
      const log = fs.openSync(LOG, "a");
      execa("dockerd", [], { detached: true, stdio: ["ignore", log, log], cleanup: false }).unref();
    }
    for (let second = 0; second < 60; second++) {
      if (await dockerAnswers()) return;
      await sleep(1_000);
    }
    throw new UserError(
      "The Docker Engine did not come up within 60 seconds.",
      fs.existsSync(LOG) ? `Its last words are in ${LOG}.` : "See `journalctl -u docker`.",
    );
  });
}
