/** The command line of graph. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import type { Command, Option } from "commander";
import { npmCommand } from "../../stack/npm-command";

interface CommandLine {
  stack: string;
  resources?: boolean;
}

/** `npm run graph -- …`, to be added to the program that runs the npm scripts. */
export function graphCommand(stack: Option): Command {
  return npmCommand("graph")
    .description("draw the stack from the program's own resources, as Mermaid; asks and changes nothing")
    .addOption(stack)
    .option("--resources", "every resource and what has to exist before it, instead of where data flows")
    .action(async ({ stack, resources }: CommandLine) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      await run(stack, resources ?? false);
    });
}
