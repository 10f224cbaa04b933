import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Progress, Properties, ResourceProvider } from "../../provider";
import { changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { resourceName } from "../resource-name";
import { CommandFailure, runCommand } from "./shell";

const commandInputs = z.strictObject({
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  dir: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  interpreter: z.array(z.string()).min(1).optional(),
  stdin: z.string().optional(),
  triggers: z.array(z.unknown()).optional(),
  logging: z.enum(["stdout", "stderr", "stdoutAndStderr", "none"]).optional(),
  addPreviousOutputInEnv: z.boolean().optional(),
});

type CommandInputs = z.infer<typeof commandInputs>;

const FAILURE_LINES = 20;

/**
 * `command:local:Command`. A changed trigger replaces it; any other change runs `update`, or `create` when there
 * is none, in place: as the real plugin does.
 */
export function localCommandProvider(): ResourceProvider {
  return {
    async check({ newInputs }) {
      return checkInputs("command.local.Command", commandInputs, newInputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs);
      return {
        changed,
        replaces: changed.filter((name) => name === "triggers"),
        deleteBeforeReplace: false,
      };
    },

    async create({ urn, inputs, progress }) {
      const wanted = inputs as CommandInputs;
      const id = `${resourceName(urn)}${randomBytes(4).toString("hex")}`;
      return { id, outputs: await run("create", wanted, {}, progress) };
    },

    async read({ id, inputs, outputs }) {
      return { id, inputs, outputs };
    },

    /** What an interrupted command did nobody knows: its `delete`, where there is one, is to undo it. */
    async find({ urn, inputs }) {
      if (inputs.delete === undefined) return undefined;
      return { id: resourceName(urn), outputs: { ...inputs, stdout: "", stderr: "" } };
    },

    async update({ inputs, oldOutputs, progress }) {
      const wanted = inputs as CommandInputs;
      const step = wanted.update === undefined ? "create" : "update";
      return { outputs: await run(step, wanted, oldOutputs, progress) };
    },

    async delete({ inputs, outputs, progress }) {
      await run("delete", inputs as CommandInputs, outputs, progress);
    },
  };
}

/** Runs one of the commands, when it is given, and returns the resource's outputs after it. */
async function run(
  step: "create" | "update" | "delete",
  inputs: CommandInputs,
  previous: Properties,
  progress: Progress,
): Promise<Properties> {
  const command = inputs[step];
  const previousOutput = { stdout: String(previous.stdout ?? ""), stderr: String(previous.stderr ?? "") };
  if (command === undefined) return { ...inputs, ...previousOutput };
  const logging = inputs.logging ?? "stdoutAndStderr";
  try {
    const { stdout, stderr } = await runCommand({
      interpreter: inputs.interpreter ?? ["/bin/sh", "-c"],
      command,
      dir: inputs.dir,
      stdin: inputs.stdin,
      environment: {
        ...inputs.environment,
        ...(inputs.addPreviousOutputInEnv !== false && previousEnvironment(previousOutput)),
      },
      onLine: (stream, line) => {
        if (logging === "stdoutAndStderr" || logging === stream) progress(line);
      },
    });
    return { ...inputs, stdout: withoutLastNewline(stdout), stderr: withoutLastNewline(stderr) };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new Error(failureText(step, error, logging));
  }
}

function previousEnvironment({ stdout, stderr }: { stdout: string; stderr: string }): Record<string, string> {
  return {
    ...(stdout !== "" && { PULUMI_COMMAND_STDOUT: stdout }),
    ...(stderr !== "" && { PULUMI_COMMAND_STDERR: stderr }),
  };
}

/** Shows the end of stderr, and of stdout when that is empty; with `logging: "none"` neither, as they may hold secrets. */
function failureText(step: string, { how, output }: CommandFailure, logging: string): string {
  const text = output.stderr.trim() === "" ? output.stdout : output.stderr;
  const lines = text.trimEnd().split("\n").slice(-FAILURE_LINES);
  if (logging === "none")
    return `its ${step} command ${how} (its output is kept out of the log: logging is "none")`;
  if (text.trim() === "") return `its ${step} command ${how} and printed nothing`;
  return [`its ${step} command ${how}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function withoutLastNewline(text: string): string {
  return text.replace(/\n$/, "");
}
