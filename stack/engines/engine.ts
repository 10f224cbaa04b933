import type { Interruption } from "./interruption";

/** What the command line needs of an engine, be it the Pulumi CLI or the embedded one. */
export interface Engine {
  readonly name: "pulumi" | "embedded";
  /** Runs a command to its end, showing its progress; true when everything went well. */
  run(run: EngineRun): Promise<boolean>;
  /** Stack outputs of the last `up`; secrets as `[secret]` unless shown. */
  outputs(stack: string, showSecrets: boolean): Promise<Record<string, unknown>>;
  /** Puts secrets into the stack's configuration, encrypted as the stack's secrets are. */
  setSecrets(stack: string, values: Readonly<Record<string, string>>): Promise<void>;
}

export interface EngineRun {
  readonly command: EngineCommand;
  readonly stack: string;
  readonly interruption?: Interruption;
  /** Names of resources that `up` or `preview` is to replace. */
  readonly replace?: readonly string[] | undefined;
}

export type EngineCommand = "up" | "preview" | "refresh" | "destroy";
