/** The command line of grants. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import type { Command, Option } from "commander";
import { npmCommand } from "../../stack/npm-command";

interface CommandLine {
  stack: string;
  pipeline?: string;
  table: string[];
}

/** `npm run grants -- …`, to be added to the program that runs the npm scripts. */
export function grantsCommand(stack: Option, pipeline: Option): Command {
  return npmCommand("grants")
    .description(
      "print the SQL that gives the connector's role what it needs, for a DBA; asks and changes nothing",
    )
    .addOption(stack)
    .addOption(pipeline)
    .option(
      "--table <schema.table>",
      "a table that the connector's lists mean, where they are expressions; may be given several times",
      (table: string, others: string[]) => [...others, table],
      [],
    )
    .action(async ({ stack, pipeline, table }: CommandLine) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      await run(stack, pipeline, table);
    });
}
