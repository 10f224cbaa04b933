/** What is put into the container for one application: an s6 service directory. */
import type { SparkApplicationInputs } from "./inputs";

/** Each application's code is in a folder of its own below. */
export const CODE_DIRECTORY = "/opt/examples";
/** The directory that the Spark client supervises. */
export const APPLICATIONS_DIRECTORY = "/srv/applications";

/** The settings with which an application was submitted: written beside it, so that drift can be seen. */
export type Deployment = Pick<
  SparkApplicationInputs,
  "codeHash" | "installFolder" | "mainFile" | "arguments" | "submitArguments"
>;

export function deploymentOf(inputs: SparkApplicationInputs): Deployment {
  const { codeHash, installFolder, mainFile, arguments: ownArguments, submitArguments } = inputs;
  return { codeHash, installFolder, mainFile, arguments: ownArguments, submitArguments };
}

/** The command that runs the driver. */
export function submitCommand(inputs: SparkApplicationInputs): string[] {
  const { applicationName } = inputs;
  return [
    "spark-submit",
    ...inputs.submitArguments,
    `${CODE_DIRECTORY}/${inputs.installFolder}/${inputs.mainFile}`,
    ...inputs.arguments,
    "--name",
    applicationName,
    "--status-file",
    `${APPLICATIONS_DIRECTORY}/${applicationName}/status.json`,
  ];
}

export interface ServiceFile {
  readonly path: string;
  readonly content: string;
  readonly executable: boolean;
}

/** Files of the service directory, relative to it. The image's own scripts do the work. */
export function serviceFiles(inputs: SparkApplicationInputs): ServiceFile[] {
  const name = inputs.applicationName;
  return [
    script("run", `exec run-driver ${name} ${submitCommand(inputs).map(quoted).join(" ")}`),
    script("finish", `exec driver-ended ${name} "$1" "$2"`),
    script("log/run", `exec log-driver ${name}`),
    { path: "deployment.json", content: `${JSON.stringify(deploymentOf(inputs))}\n`, executable: false },
  ];
}

function script(path: string, command: string): ServiceFile {
  return { path, content: `#!/bin/sh\n${command}\n`, executable: true };
}

/** One word for the shell, whatever is in it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
