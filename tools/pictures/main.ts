/**
 * Takes the pictures of docs/pictures: `npm run pictures -- <stack>`. See docs/pictures/README.md.
 *
 * Deploys the stack (recording the terminal), loads customers into both tables, and leaves the stack as it is.
 */
import execa from "execa";
import { chromium } from "playwright-core";
import type { StackOutputs } from "../../outputs";
import { ensureChromium, LAUNCH } from "../../stack/chromium";
import { outputsOf } from "../../stack/outputs";
import { minioConsole, sparkMaster, streamingQuery } from "./pages";
import { recordTerminal, terminalPage } from "./terminal";

const FOLDER = "docs/pictures";
const ROWS = 1000;
const SIZE = { width: 1280, height: 800 };

async function main(stack: string | undefined): Promise<void> {
  if (!stack)
    throw new Error("name the stack: npm run pictures -- <stack>; it should be one that is not up yet");
  await ensureChromium();
  const recording = await recordTerminal(`npm run up -- --stack ${stack}`);
  const asked = ["cli/launch.mjs", "outputs", "--stack", stack, "--json", "--show-secrets"];
  const outputs = outputsOf(JSON.parse((await execa("node", asked)).stdout), stack);
  await loadCustomers(outputs);

  const browser = await chromium.launch(LAUNCH);
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await minioConsole(page, outputs);
    await page.screenshot({ path: `${FOLDER}/minio-console.png` });
    await sparkMaster(page, outputs);
    await page.screenshot({ path: `${FOLDER}/spark-master.png` });
    await streamingQuery(page, outputs);
    await page.screenshot({ path: `${FOLDER}/spark-streaming-query.png` });
    const terminal = await terminalPage(page, recording);
    await terminal.screenshot({ path: `${FOLDER}/up.png` });
  } finally {
    await browser.close();
  }
}

async function loadCustomers({ postgresqlAddress, postgresqlPassword }: StackOutputs): Promise<void> {
  const [, port = ""] = postgresqlAddress.split(":");
  for (const table of ["links", "customers1"]) {
    const what = ["-p", port, "-t", table, "-rs", String(ROWS), "-rst", "0"];
    await execa("node", ["cli/launch.mjs", "datagen", ...what], {
      env: { PGPASSWORD: postgresqlPassword },
      stdio: "inherit",
    });
  }
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
