/**
 * What the embedded engine asks of a resource provider: the CRUD half of Pulumi's provider protocol
 * (`pulumirpc.ResourceProvider`), with plain JavaScript values.
 *
 * Property values are what `google.protobuf.Struct` can hold. Secrets arrive unwrapped (the engine keeps
 * track of what is secret). An unknown value is the string {@link UNKNOWN}; it occurs only in `check` and
 * `diff`, in a preview and when the engine asks whether a resource could stay if an input changed.
 */
export interface ResourceProvider {
  /** Checks and completes the inputs; `failures` name the property at fault. Default: inputs as they are. */
  check?(request: CheckRequest): Promise<CheckResult>;
  /** Decides what an update would do. Talks to nothing outside. */
  diff(request: DiffRequest): Promise<Diff>;
  /**
   * Creates the resource and returns once it is usable. Called again after a run that was interrupted in the
   * middle of it: takes over, or replaces, what that one left behind.
   */
  create(request: CreateRequest): Promise<CreateResult>;
  /** Reads the live resource; `undefined` when it no longer exists. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  /**
   * Updates in place. Never called when `diff` asked for a replacement. After a {@link PartialFailure}, or an
   * update that was interrupted, it is called even if the inputs are the same, and has to put things right.
   */
  update(request: UpdateRequest): Promise<{ outputs: Properties }>;
  /** Deletes the resource; succeeds when it is already gone. */
  delete(request: DeleteRequest): Promise<void>;
  /**
   * Looks for what a `create` with these inputs may have left behind when it was interrupted; undefined when
   * there is nothing. Needed only where creating again just to delete would be wasteful.
   */
  find?(request: {
    urn: string;
    inputs: Properties;
  }): Promise<{ id: string; outputs: Properties } | undefined>;
}

export type PropertyValue = unknown;
export type Properties = Record<string, PropertyValue>;

/** The sentinel of `@pulumi/pulumi/runtime/rpc` for a value that is known only after an update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Sends one line of progress about the resource to the person at the keyboard. */
export type Progress = (message: string) => void;

export interface CheckRequest {
  urn: string;
  oldInputs?: Properties;
  newInputs: Properties;
}

export interface CheckResult {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

export interface DiffRequest {
  urn: string;
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  newInputs: Properties;
}

export interface Diff {
  /** Names of the top-level input properties that differ; empty when nothing is to be done. */
  changed: string[];
  /** Those among `changed` that cannot be updated in place. */
  replaces: string[];
  /** True when the old resource has to go before the new one can exist (a fixed name, a port). */
  deleteBeforeReplace: boolean;
}

export interface CreateRequest {
  urn: string;
  inputs: Properties;
  /** Seconds allowed by `customTimeouts`, when the program sets them. */
  timeoutSeconds?: number;
  progress: Progress;
}

export interface CreateResult {
  id: string;
  outputs: Properties;
}

export interface ReadRequest {
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  progress: Progress;
}

export interface ReadResult {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

export interface UpdateRequest extends CreateRequest {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
}

export interface DeleteRequest {
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  progress: Progress;
}

/**
 * Thrown by `create` or `update` when the resource exists but is not right: the engine records it
 * with these values, so that the next run knows of it, and fails the step.
 */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(message);
    this.name = "PartialFailure";
  }
}

/** The resource types of one package (`docker`, `minio` …) under one provider configuration. */
export interface ProviderPackage {
  /** The provider of a type token such as `docker:index/container:Container`; undefined when it is not carried. */
  resource(type: string): ResourceProvider | undefined;
  /** Releases connections at the end of a run. */
  close?(): Promise<void>;
}

/**
 * Makes a package's provider for one configuration: the inputs of an explicit `pulumi:providers:<pkg>`
 * resource, or the `<pkg>:…` configuration of the stack for the default provider. Values are strings; those
 * of other types are JSON text (`"false"`), as the SDK sends them. Called once per provider
 * resource, and only when a step needs it; it must not talk to the outside (the server that it is to
 * talk to may not be up yet). In a preview a configuration value may be {@link UNKNOWN}.
 * Undefined when the package is not carried at all.
 */
export type LoadPackage = (pkg: string, config: Properties) => Promise<ProviderPackage | undefined>;
