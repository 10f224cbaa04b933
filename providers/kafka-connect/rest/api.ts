/** A connector's configuration as Connect keeps it: every value is a string. */
export type ConnectorConfig = Record<string, string>;

/** States that Connect's status endpoint knows for connectors and tasks. */
export type RunState =
  | "RUNNING"
  | "PAUSED"
  | "STOPPED"
  | "FAILED"
  | "UNASSIGNED"
  | "RESTARTING"
  | "DESTROYED";

/** One entry of `GET /connectors/{name}/status`; `trace` is a Java stack trace, there only when FAILED. */
export interface RunStatus {
  readonly state: RunState;
  readonly worker_id: string;
  readonly trace?: string;
}

/** The answer of `GET /connectors/{name}/status`. */
export interface ConnectorStatus {
  readonly name: string;
  readonly connector: RunStatus;
  readonly tasks: readonly (RunStatus & { readonly id: number })[];
  readonly type?: string;
}

/** What the validation endpoint has against one property; `property` is a key of the config. */
export interface PropertyError {
  readonly property: string;
  readonly errors: readonly string[];
}

/** What the validation endpoint answers about a config. */
export interface Validation {
  /** What is wrong, property by property; empty when nothing is. */
  readonly errors: readonly PropertyError[];
  /** Every key that the connector lists, with those of the config's transformations, converters and clients. */
  readonly keys: readonly string[];
}

/** A position of a connector: where (`partition`) it was, and how far (`offset`) it had read there. */
export interface ConnectorOffset {
  readonly partition: Readonly<Record<string, unknown>>;
  readonly offset: Readonly<Record<string, unknown>> | null;
}

/**
 * The part of Kafka Connect's REST interface that a connector resource needs. Implementations retry what passes by
 * itself (a rebalance, a worker that is still starting) and throw a {@link ConnectError} for everything else;
 * `undefined` means that Connect has no such connector.
 *
 * Source: Kafka documentation, "Kafka Connect / User guide / REST API".
 */
export interface ConnectApi {
  readConfig(name: string): Promise<ConnectorConfig | undefined>;
  readStatus(name: string): Promise<ConnectorStatus | undefined>;
  /** The configurations that the connector has handed to its tasks. */
  readTaskConfigs(name: string): Promise<readonly ConnectorConfig[]>;
  /** Creates the connector or changes it; idempotent. */
  writeConfig(name: string, config: ConnectorConfig): Promise<void>;
  /** Creates the connector in that state. One that exists is left as it is, and `false` returned. */
  create(name: string, config: ConnectorConfig, state: "RUNNING" | "PAUSED" | "STOPPED"): Promise<boolean>;
  /** What Connect and the connector think of a config. */
  validateConfig(name: string, config: ConnectorConfig): Promise<Validation>;
  /** Restarts the connector and its tasks, those that are FAILED only. */
  restartFailed(name: string): Promise<void>;
  resume(name: string): Promise<void>;
  /** Suspends the tasks, which keep what they hold. Returns before it is done. */
  pause(name: string): Promise<void>;
  /** Ends the tasks and frees what they hold, keeping config and offsets. Returns before it is done. */
  stop(name: string): Promise<void>;
  /** How far the connector had read, as Connect remembers it; also from an earlier one of the same name. */
  readOffsets(name: string): Promise<readonly ConnectorOffset[]>;
  /** Sets how far the connector has read. Only a stopped connector's offsets can be set. */
  writeOffsets(name: string, offsets: readonly ConnectorOffset[]): Promise<void>;
  /** Forgets how far the connector had read. Only a stopped connector's offsets can be deleted. */
  deleteOffsets(name: string): Promise<void>;
  deleteConnector(name: string): Promise<void>;
}

/** Connect's answer was a refusal, or there was none in time. `status` is the HTTP status, if there was an answer. */
export class ConnectError extends Error {
  override readonly name: string = "ConnectError";

  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** Connect gave no answer at all for as long as we were ready to wait. */
export class ConnectUnreachable extends ConnectError {
  override readonly name = "ConnectUnreachable";
}

/** Connect says that it has no such connector. */
export class ConnectorMissing extends ConnectError {
  override readonly name = "ConnectorMissing";
}

/** Connect kept answering that it is busy (rebalance, start, time-out of its own). */
export class ConnectBusy extends ConnectError {
  override readonly name = "ConnectBusy";
}
