/** The command line of resnapshot. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import { Argument, type Command, Option } from "commander";
import { positiveNumber } from "../../stack/arguments";
import { npmCommand } from "../../stack/npm-command";
import type { ResnapshotRequest } from "./request";

interface CommandLine {
  stack: string;
  engine?: string;
  pipeline?: string;
  all?: boolean;
  kind?: "incremental" | "blocking";
  timeout: number;
}

/** `npm run resnapshot -- …`, to be added to the program that runs the npm scripts. */
export function resnapshotCommand(stack: Option, engine: Option, pipeline: Option): Command {
  return npmCommand("resnapshot", "[options] [schema.table ...]")
    .description("read all rows of captured tables again, so that their lake tables are the source's")
    .addArgument(new Argument("[schema.table...]", "the tables; without a schema, public"))
    .option("--all", "every captured table")
    .addOption(
      new Option(
        "--kind <kind>",
        "incremental: in chunks, while changes go on being captured; blocking: all at once, while all changes wait (default: incremental where Debezium can)",
      ).choices(["incremental", "blocking"]),
    )
    .option("--timeout <seconds>", "how long to wait without any progress", positiveNumber, 300)
    .addOption(stack)
    .addOption(engine)
    .addOption(pipeline)
    .addHelpText(
      "after",
      "\nUntil all rows are there, the lake's table stays as it is. It is safe to interrupt: run it again.\n" +
        "Exit code: 0 the lake has them; 1 some are missing, or it could not run.",
    )
    .action(async (tables: string[], options: CommandLine) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      process.exitCode = await run(toRequest(tables, options));
    });
}

function toRequest(tables: readonly string[], options: CommandLine): ResnapshotRequest {
  return {
    stack: options.stack,
    engine: options.engine,
    pipeline: options.pipeline,
    tables: tables
      .flatMap((name) => name.split(","))
      .filter((name) => name !== "")
      .map((name) => (name.includes(".") ? name : `public.${name}`)),
    all: options.all ?? false,
    type: options.kind,
    silence: options.timeout * 1000,
  };
}
