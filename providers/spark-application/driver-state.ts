/** What the Spark client says about an application (`application state`), and what that means. */
import type { Deployment } from "./deployment";
import type { ApplicationState } from "./inputs";

/** The JSON object that `application state NAME` prints. */
export interface DriverState {
  /** The driver's process runs. */
  readonly up: boolean;
  /** The supervisor has to keep it running. */
  readonly wantedUp: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** The job's own status file; null before it wrote one. */
  readonly status: {
    readonly state: "starting" | "running" | "stopped" | "failed";
    readonly applicationId?: string;
    readonly queryId?: string;
    readonly error?: string;
    readonly lake?: LakePolicy;
    readonly lastBatch?: LastBatch;
    /** By the source table's name, since the application's start. */
    readonly tables?: Readonly<Record<string, TableTotals>>;
    /** By the lake table's folder, such as `tables/public/customers1`; asked of the store about once a minute. */
    readonly files?: Readonly<Record<string, TableFiles>>;
  } | null;
  /** How the run before this one ended. */
  readonly lastRun: {
    readonly exitCode: number;
    readonly signal: number;
    readonly error: string | null;
  } | null;
  /** The application's state at the master; null when the master does not know it. */
  readonly stateAtMaster: string | null;
  readonly deployment: Deployment | null;
}

/** The last micro-batch that had messages. */
export interface LastBatch {
  readonly batchId: number;
  /** Changes by the source table's name. */
  readonly rows: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** How the job keeps the lake's tables. */
export interface LakePolicy {
  readonly onSchemaChange: "evolve" | "ignore" | "fail";
  readonly deletedRows: "remove" | "keep";
  readonly retentionSeconds: number;
}

/** What micro-batches did to the tables of one source table. */
export interface TableTotals {
  readonly changes: number;
  readonly written: number;
  readonly deleted: number;
  readonly skipped: number;
  readonly rejected: number;
  /** Why the current state is not written. */
  readonly problem?: string;
  /** Its rows are being read again; since when, in UTC. */
  readonly resnapshot?: { readonly id: string; readonly since: string };
  /** Why its rows have to be read again. */
  readonly needsRows?: string;
  /** Why it is not written at present, its position kept; since when, in UTC. */
  readonly setAside?: { readonly reason: string; readonly since: string };
  /** The last ones; times in UTC, ISO 8601. */
  readonly schemaChanges: readonly { readonly at: string; readonly change: string }[];
}

/** A lake table's files, and what vacuum did to them. */
export interface TableFiles {
  readonly seenAt: string;
  readonly version: number;
  readonly rows: number;
  readonly files: number;
  /** Of these. */
  readonly bytes: number;
  /** Files of older versions, which are kept for a while. */
  readonly unusedFiles: number;
  readonly logFiles: number;
  readonly removedFiles: number;
  readonly removedLogFiles: number;
  readonly vacuumedAt: string | null;
}

export function applicationState(driver: DriverState): ApplicationState {
  if (!driver.wantedUp) return "STOPPED";
  return driver.up && driver.status?.state === "running" ? "RUNNING" : "RESTARTING";
}

/** How a start is going. */
export type StartProgress =
  | { readonly outcome: "ready" }
  | { readonly outcome: "waiting"; readonly for: string }
  | { readonly outcome: "failed"; readonly error: string | null };

/** The job's exit code for bad arguments, missing topics, unreadable messages: another try fails in the same way. */
const NEEDS_A_PERSON = 2;
/** A first failure may come from a service that was about to come up. */
const FAILURES_ALLOWED = 1;

export function startProgress(driver: DriverState): StartProgress {
  const { status, lastRun } = driver;
  const hopeless = lastRun?.exitCode === NEEDS_A_PERSON || driver.failures > FAILURES_ALLOWED;
  if (driver.failures > 0 && hopeless) return { outcome: "failed", error: lastRun?.error ?? null };
  if (!driver.wantedUp) return { outcome: "failed", error: "it was stopped while it was starting" };
  if (driver.failures > 0 && !status)
    return { outcome: "waiting", for: "its second try: the first one failed" };
  if (!status?.applicationId) return { outcome: "waiting", for: "its driver to start" };
  if (driver.stateAtMaster !== "RUNNING")
    return {
      outcome: "waiting",
      for: `an executor: the master has it as ${driver.stateAtMaster ?? "unknown"}`,
    };
  if (status.state !== "running") return { outcome: "waiting", for: "its query's first micro-batch" };
  return { outcome: "ready" };
}
