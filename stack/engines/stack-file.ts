/** What a stack's own file, `Pulumi.<stack>.yaml`, says before any engine reads it. */
import * as fs from "node:fs";
import { parse } from "yaml";

export interface StackFile {
  /** Values by their names, without the project's `cdc:`; a secret is `{secure: …}`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Whether it takes values from environments of Pulumi ESC, which the file does not show. */
  readonly importsEnvironment: boolean;
}

const PROJECT_PREFIX = /^cdc:/;

export function stackFileOf(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** A stack without a file has nothing in it. */
export function readStackFile(stack: string): StackFile {
  const file = stackFileOf(stack);
  const { config, environment } = (fs.existsSync(file) && parse(fs.readFileSync(file, "utf8"))) || {};
  const values = Object.entries(config ?? {}).map(([key, value]) => [key.replace(PROJECT_PREFIX, ""), value]);
  return { config: Object.fromEntries(values), importsEnvironment: environment !== undefined };
}
