/** The command line of status. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import type { Command, Option } from "commander";
import { npmCommand } from "../../stack/npm-command";
import type { StatusRequest } from "./request";

/** `npm run status -- …`, to be added to the program that runs the npm scripts. */
export function statusCommand(stack: Option, engine: Option, pipeline: Option): Command {
  return npmCommand("status")
    .description(
      "whether all is well: containers, connector, slot, topics, job and lake tables; exit code 1 on an alarm",
    )
    .addOption(stack)
    .addOption(engine)
    .addOption(pipeline)
    .option("--json", "as JSON (docs/status.md); with --watch one document a line")
    .option("--all", "every lake table, however many there are")
    .option("--watch", "look again every two seconds, until Ctrl-C")
    .action(async (request: StatusRequest) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      const code = await run(request);
      // A part that never answers would keep the process alive.
      process.exit(code);
    });
}
