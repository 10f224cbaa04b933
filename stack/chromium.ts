/** A browser without a window: Debian's Chromium, driven by playwright-core. */
import * as fs from "node:fs";
import { installPackages } from "./apt";

const CHROMIUM = "/usr/bin/chromium";

/** What playwright-core's `chromium.launch` takes. */
export const LAUNCH: { executablePath: string; args: string[] } = {
  executablePath: CHROMIUM,
  // Its sandbox needs another user than root, or more rights than a container has; only pages of ours are opened.
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
};

/** @throws UserError when it is not there and cannot be installed */
export async function ensureChromium(): Promise<void> {
  if (!fs.existsSync(CHROMIUM)) await installPackages(["chromium"], "Chromium");
}
