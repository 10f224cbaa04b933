/** The command line of verify. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import type { Command, Option } from "commander";
import { positiveNumber } from "../../stack/arguments";
import { npmCommand } from "../../stack/npm-command";
import { CANNOT_RUN } from "./exit-codes";
import type { VerifyRequest } from "./request";

interface CommandLine {
  stack: string;
  engine?: string;
  pipeline?: string;
  table: string[];
  timeout: number;
  list: number;
  all?: boolean;
  json?: boolean;
}

/** `npm run verify -- …`, to be added to the program that runs the npm scripts. */
export function verifyCommand(stack: Option, engine: Option, pipeline: Option): Command {
  return npmCommand("verify")
    .description(
      "compare each captured table with its current state and its change log in the lake, exactly, also while rows change",
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : CANNOT_RUN))
    .addOption(stack)
    .addOption(engine)
    .addOption(pipeline)
    .option(
      "-t, --table <schema.table...>",
      "only these tables (default: every captured table)",
      appended,
      [],
    )
    .option("--timeout <seconds>", "how long to wait until the lake has caught up", positiveNumber, 300)
    .option("--list <keys>", "how many differing keys of a table to show", positiveNumber, 20)
    .option("--all", "show every table, also when there are many")
    .option("--json", "the result as JSON on standard output; progress goes to standard error")
    .addHelpText("after", "\nExit code: 0 equal; 1 not equal, or not comparable; 2 verify could not run.")
    .action(async (options: CommandLine) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      process.exitCode = await run(toRequest(options));
    });
}

function toRequest(options: CommandLine): VerifyRequest {
  return {
    stack: options.stack,
    engine: options.engine,
    pipeline: options.pipeline,
    tables: options.table,
    timeout: options.timeout * 1000,
    listed: options.list,
    all: options.all ?? false,
    json: options.json ?? false,
  };
}

function appended(text: string, before: string[]): string[] {
  return [...before, ...text.split(",").filter((name) => name !== "")];
}
