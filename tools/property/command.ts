/** The command line of the property test; the test itself is Python (run.py). */
import { Command, type Option } from "commander";
import execa from "execa";
import { outputsOf } from "../../stack/outputs";

interface CommandLine {
  stack: string;
  engine?: string;
}

/** What the test needs to know of the stack that it runs against. */
type Outputs = (options: CommandLine) => Promise<Record<string, unknown>>;

/**
 * `npm run test:property -- …`, to be added to the program that runs the npm scripts.
 *
 * @param prepare makes `.venv`
 */
export function propertyCommand(
  stack: Option,
  engine: Option,
  outputs: Outputs,
  prepare: () => Promise<void>,
): Command {
  return new Command("test:property")
    .description(
      "random tables and histories through the connector of a running stack; --help shows the options",
    )
    .configureHelp({ commandUsage: (command) => `npm run ${command.name()} -- [options]` })
    .addOption(stack)
    .addOption(engine)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (options: CommandLine, command: Command) => {
      await prepare();
      const asksForHelp = command.args.some((arg) => arg === "--help" || arg === "-h");
      const known = asksForHelp ? [] : addresses(await outputs(options), options.stack);
      const { exitCode } = await execa(
        ".venv/bin/python",
        ["-m", "tests.property.run", ...known, ...command.args],
        { stdio: ["ignore", "inherit", "inherit"], reject: false, env: { PYTHONPATH: ".:spark" } },
      );
      process.exitCode = exitCode;
    });
}

function addresses(outputs: Record<string, unknown>, stack: string): string[] {
  const { postgresqlUrl, kafkaConnectUrl, kafkaBootstrapServers } = outputsOf(outputs, stack, [
    "postgresqlUrl",
    "kafkaConnectUrl",
    "kafkaBootstrapServers",
  ]);
  return [
    `--postgresql=${postgresqlUrl}`,
    `--connect=${kafkaConnectUrl}`,
    `--kafka=${kafkaBootstrapServers}`,
  ];
}
