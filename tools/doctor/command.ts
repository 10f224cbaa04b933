/** The command line of doctor. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import type { Command, Option } from "commander";
import { positiveNumber } from "../../stack/arguments";
import { npmCommand } from "../../stack/npm-command";

interface CommandLine {
  stack: string;
  engine?: string;
  pipeline?: string;
  timeout: number;
  json?: boolean;
}

/** `npm run doctor -- …`, to be added to the program that runs the npm scripts. */
export function doctorCommand(stack: Option, engine: Option, pipeline: Option): Command {
  return npmCommand("doctor")
    .description(
      "follow a marker from the database to the lake's tables, and say where it stops and what mends it",
    )
    .addOption(stack)
    .addOption(engine)
    .addOption(pipeline)
    .option("--timeout <seconds>", "how long the marker may take for one hop", positiveNumber, 30)
    .option("--json", "the findings as JSON on standard output")
    .addHelpText(
      "after",
      "\nThe marker is a logical message in PostgreSQL's log; no table, topic or lake table keeps anything of it.\n" +
        "Exit code: 0 it arrived everywhere; 1 it did not, or the stack has no platform.",
    )
    .action(async (options: CommandLine) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      process.exitCode = await run({
        stack: options.stack,
        ...(options.engine ? { engine: options.engine } : {}),
        pipeline: options.pipeline,
        patience: options.timeout * 1000,
        json: options.json ?? false,
      });
    });
}
