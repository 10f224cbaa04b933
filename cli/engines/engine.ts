/** What the command line needs of an engine, be it the Pulumi CLI or the embedded one. */
export interface Engine {
  readonly name: "pulumi" | "embedded";
  /** Runs a command to its end, showing its progress; true when everything went well. */
  run(
    command: EngineCommand,
    stack: string,
    signal: AbortSignal,
    /** Names of resources that `up` or `preview` is to replace. */
    replace?: readonly string[],
  ): Promise<boolean>;
  /** Stack outputs of the last `up`; secrets as `[secret]` unless shown. */
  outputs(stack: string, showSecrets: boolean): Promise<Record<string, unknown>>;
}

export type EngineCommand = "up" | "preview" | "refresh" | "destroy";
