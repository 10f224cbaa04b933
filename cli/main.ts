/** The command line behind the npm scripts. */
import { text } from "node:stream/consumers";
import { Argument, Command, Option } from "commander";
import { benchCommand } from "../bench/command";
import { isNamed, SERVERS } from "../named-servers";
import { UserError } from "../stack/console";
import { type Choice, chooseEngine, chooseFor } from "../stack/engines/choose";
import type { EngineCommand } from "../stack/engines/engine";
import { handOver } from "../stack/engines/hand-over";
import { listenForInterruption } from "../stack/engines/interruption";
import { readStackFile, stackFileOf } from "../stack/engines/stack-file";
import { DEFAULT_STACK } from "../stack/engines/stacks";
import { outputsOfPipeline } from "../stack/outputs";
import { advisoriesCommand } from "../tools/advisories/command";
import { connectorSchemaCommand } from "../tools/connector-schema/command";
import { datagenCommand } from "../tools/datagen/command";
import { doctorCommand } from "../tools/doctor/command";
import { grantsCommand } from "../tools/grants/command";
import { graphCommand } from "../tools/graph/command";
import { propertyCommand } from "../tools/property/command";
import { resnapshotCommand } from "../tools/resnapshot/command";
import { statusCommand } from "../tools/status/command";
import { verifyCommand } from "../tools/verify/command";
import { SECRET_NAMES, type SecretName } from "../walkthrough-secrets";
import { checkMachine } from "./checks/machine";
import { checkOwnership, forgetDaemon, recordDaemon } from "./checks/ownership";
import { checkPorts } from "./checks/ports";
import { explainContainers } from "./diagnosis";
import { endpointTable, outputTable } from "./endpoints";
import { setSecret, settlePasswords } from "./passwords";
import { ensureBaseImage } from "./setup/base-image";
import { dockerAnswers, requireChosenDaemon } from "./setup/docker-daemon";
import { ensureDockerEngine } from "./setup/docker-engine";
import { ensurePython, runTests } from "./tests";

interface StackOptions {
  stack: string;
  engine?: string;
}

/** Commands that never talk to Docker. */
const WITHOUT_DOCKER = [
  "test:unit",
  "datagen",
  "connector-schema",
  "advisories",
  "set-secret",
  "graph",
  "grants",
];

interface UpOptions extends StackOptions {
  replace?: string[];
}

const stackOption = () =>
  new Option("-s, --stack <name>", "the stack").env("CDC_STACK").default(DEFAULT_STACK);
const engineOption = () =>
  new Option("--engine <engine>", "pulumi or embedded (default: pulumi when it is on PATH)").env(
    "CDC_ENGINE",
  );

const pipelineOption = () =>
  new Option("--pipeline <name>", "one of cdc:pipelines (default: the stack's own pipeline)");

const program = new Command("npm run")
  .description("PostgreSQL → Debezium → Kafka → Spark Structured Streaming → Delta tables in MinIO")
  .showHelpAfterError()
  .hook("preAction", async (_program, command) => {
    if (!WITHOUT_DOCKER.includes(command.name())) await requireChosenDaemon();
  })
  .configureHelp({ commandUsage: (command) => `npm run ${command.name()} -- [options]` });

program.command("setup").description("install what is missing, without deploying").action(setup);

replaceable(engineCommand("up", "deploy the stack; run it again at any time")).action(
  async (options: UpOptions) => {
    const choice = await chosen(options);
    await setup();
    await checkMachine();
    await checkOwnership(options.stack, choice.isDeployed);
    await checkStackPorts(options.stack);
    await settlePasswords(options.stack, choice);
    if (!choice.isDeployed) await recordDaemon(options.stack);
    if (!(await run("up", choice, options))) {
      await explainContainers(options.stack);
      return fail();
    }
    console.log(endpointTable(await choice.engine.outputs(options.stack, false)));
    console.log("Every output: `npm run outputs`; with passwords: `npm run outputs -- --show-secrets`.");
  },
);

replaceable(engineCommand("preview", "show what `up` would change; nothing that runs is touched")).action(
  async (options: UpOptions) => {
    const choice = await chosen(options);
    await setup();
    await checkOwnership(options.stack, choice.isDeployed);
    await settlePasswords(options.stack, choice);
    if (!(await run("preview", choice, options))) fail();
  },
);

engineCommand("refresh", "compare the recorded state with what is really there").action(
  (options: StackOptions) => runOnDeployed("refresh", options),
);

engineCommand("destroy", "remove everything of the stack, data included; images stay").action(
  (options: StackOptions) => runOnDeployed("destroy", options),
);

engineCommand("outputs", "print endpoints and names")
  .addOption(pipelineOption())
  .option("--json", "as JSON")
  .option("--show-secrets", "passwords and keys in clear")
  .action(async (options: StackOptions & { pipeline?: string; json?: boolean; showSecrets?: boolean }) => {
    const values = outputsOfPipeline(
      await outputs(options, options.showSecrets),
      options.stack,
      options.pipeline,
    );
    console.log(options.json ? JSON.stringify(values, null, 2) : outputTable(values));
  });

engineCommand(
  "set-secret",
  "put a password or key into the stack's file, encrypted; the next `up` rotates it",
)
  .addArgument(new Argument("<name>", "which").choices(SECRET_NAMES))
  .option("--stdin", "read it from standard input (default: it is made up)")
  .configureHelp({ commandUsage: () => "npm run set-secret -- [options] <name>" })
  .action(async (name: SecretName, { stdin, ...options }: StackOptions & { stdin?: boolean }) => {
    const given = stdin ? (await text(process.stdin)).replace(/\r?\n$/, "") : undefined;
    await setSecret(options.stack, await chosen(options), name, given);
    console.log(
      `${name} is in ${stackFileOf(options.stack)}. It takes effect with: npm run up -- --stack ${options.stack}`,
    );
  });

stackCommand(
  "hand-over",
  "hand the stack to the other engine: its state; containers and data stay as they are",
)
  .requiredOption("--to <engine>", "pulumi or embedded")
  .action(async ({ stack, to }: { stack: string; to: string }) => {
    const engine = await handOver(stack, to);
    console.log(`Stack ${stack} is ${to === "pulumi" ? "the Pulumi CLI's" : "the embedded engine's"} now.`);
    await setup();
    // The new engine looks at everything once, and so records it in its own way.
    if (!(await engine.run({ command: "refresh", stack }))) return fail();
    console.log(`What the new engine would change, if anything: npm run preview -- --stack ${stack}`);
  });

program
  .command("test")
  .description("lint, unit tests, then the end-to-end tests against a stack of their own")
  .action(async () => {
    await setup();
    await checkMachine();
    if (!(await runTests("all"))) fail();
  });

program
  .command("test:unit")
  .description("lint and unit tests; needs no Docker")
  .action(async () => {
    if (!(await runTests("unit"))) fail();
  });

program.addCommand(
  propertyCommand(stackOption(), engineOption(), (options) => outputs(options, true), ensurePython),
);
program.addCommand(datagenCommand());
program.addCommand(
  benchCommand(async (needsPython) => {
    await setup();
    await checkMachine();
    if (needsPython) await ensurePython();
  }),
);
program.addCommand(statusCommand(stackOption(), engineOption(), pipelineOption()));
program.addCommand(graphCommand(stackOption()));
program.addCommand(grantsCommand(stackOption(), pipelineOption()));
program.addCommand(doctorCommand(stackOption(), engineOption(), pipelineOption()));
program.addCommand(verifyCommand(stackOption(), engineOption(), pipelineOption()));
program.addCommand(resnapshotCommand(stackOption(), engineOption(), pipelineOption()));
program.addCommand(connectorSchemaCommand());
program.addCommand(advisoriesCommand());

function stackCommand(name: string, description: string): Command {
  return program.command(name).description(description).addOption(stackOption());
}

function engineCommand(name: string, description: string): Command {
  return stackCommand(name, description).addOption(engineOption());
}

async function setup(): Promise<void> {
  await ensureDockerEngine();
  await ensureBaseImage();
}

/** The engine for a stack, before anything is installed or begun for it. */
function chosen({ stack, engine }: StackOptions): Promise<Choice> {
  return chooseFor(engine, stack);
}

/** Runs what has nothing to do for a stack that is not deployed. */
async function runOnDeployed(command: EngineCommand, options: StackOptions): Promise<void> {
  const choice = await chosen(options);
  if (choice.isDeployed) await setup();
  if (choice.isDeployed || (await dockerAnswers())) await checkOwnership(options.stack, choice.isDeployed);
  if (!choice.isDeployed)
    return console.log(`Stack ${options.stack} is not deployed: nothing to ${command}.`);
  if (!(await run(command, choice, options))) return fail();
  if (command === "destroy") forgetDaemon(options.stack);
}

function replaceable(command: Command): Command {
  return command.option(
    "--replace <name...>",
    "resources to be made anew, whether they changed or not; the old one goes first, with all that is in it",
  );
}

function run(command: EngineCommand, choice: Choice, { stack, replace }: UpOptions): Promise<boolean> {
  return choice.engine.run({ command, stack, interruption: listenForInterruption(), replace });
}

async function outputs(
  { stack, engine }: StackOptions,
  showSecrets = false,
): Promise<Record<string, unknown>> {
  return (await chooseEngine(engine, stack)).outputs(stack, showSecrets);
}

/** Reads just what the check needs; the program itself checks every value. */
async function checkStackPorts(stack: string): Promise<void> {
  const { config } = readStackFile(stack);
  const portOffset = Number(config.portOffset ?? 0);
  const sparkWorkers = Number(config.sparkWorkers ?? 1);
  const bindAddress = String(config.bindAddress ?? "127.0.0.1");
  const kafkaMetadata = config.kafkaMetadata === "kraft" ? "kraft" : "zookeeper";
  const elsewhere = SERVERS.filter((server) => isNamed(config[server]));
  const pipelines = Object.keys(config.pipelines ?? {});
  if (Number.isInteger(portOffset) && Number.isInteger(sparkWorkers))
    await checkPorts({ stack, bindAddress, portOffset, kafkaMetadata, sparkWorkers, elsewhere, pipelines });
}

function fail(): void {
  process.exitCode = 1;
}

program.parseAsync().catch((error) => {
  console.error(`\nError: ${error.message ?? error}`);
  if (error instanceof UserError) console.error(`Fix:   ${error.fix}`);
  process.exit(1);
});
