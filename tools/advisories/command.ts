/** The command line of advisories. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import type { Command } from "commander";
import { npmCommand } from "../../stack/npm-command";
import type { AdvisoriesRequest } from "./request";

/** `npm run advisories -- …`, to be added to the program that runs the npm scripts. */
export function advisoriesCommand(): Command {
  return npmCommand("advisories")
    .description(
      "ask for known vulnerabilities of what is pinned: npm's packages, and what images are made of",
    )
    .option("--sbom <file>", "also write the bill of materials of npm's packages (CycloneDX)")
    .addHelpText(
      "after",
      "\nSources: npm audit, at the registry that npm is configured for, and OSV.\n" +
        "Exit code: 0 nothing is open; 1 something is; 2 a source was not reached, so nobody knows.",
    )
    .action(async (request: AdvisoriesRequest) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      process.exitCode = await run(request);
    });
}
