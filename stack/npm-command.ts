import { Command } from "commander";

/**
 * A command that is run by npm's script of the same name, and says so in its help and after a mistake.
 *
 * @param usage what follows `npm run <name> --`
 */
export function npmCommand(name: string, usage = "[options]"): Command {
  return new Command(name)
    .configureHelp({ commandUsage: () => `npm run ${name} -- ${usage}` })
    .showHelpAfterError(`(npm run ${name} -- --help shows the options)`)
    .allowExcessArguments(false);
}
