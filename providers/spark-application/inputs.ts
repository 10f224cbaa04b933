import { z } from "zod";
import type { InputFailure } from "../check-failures";
import { UNKNOWN } from "../unknown";

/** What the Spark application resource is given. */
export interface SparkApplicationInputs {
  /** Name of the container in which drivers run. Changing it replaces the application. */
  readonly containerName: string;
  /** Id of that container: a new container knows no application, so a changed id submits it again. */
  readonly containerId: string;
  /** Name of the application: letters, digits, `_`, `.`, `-`. Changing it replaces the application. */
  readonly applicationName: string;
  /** `codeHash()` of `codeFolder`: changed code is submitted again. */
  readonly codeHash: string;
  /**
   * Folder with the Python code, relative to the project's root.
   * @default "spark"
   */
  readonly codeFolder: string;
  /**
   * Where the code goes in the container: a folder below `/opt/examples`, the application's own. What else is in it is removed.
   * @default the application's name
   */
  readonly installFolder: string;
  /**
   * The file to submit, relative to `codeFolder`.
   * @default "streaming_from_kafka_to_minio.py"
   */
  readonly mainFile: string;
  /** The application's own arguments. `--name` and `--status-file` are added. */
  readonly arguments: readonly string[];
  /**
   * Options of spark-submit, such as `["--conf", "spark.cores.max=1"]`; the rest is in spark-defaults.conf.
   * @default []
   */
  readonly submitArguments: readonly string[];
  /**
   * Seconds within which the driver must be registered at the master and its query active.
   * @default 300
   */
  readonly startTimeoutSeconds: number;
}

/** What Pulumi shows for an application. */
export type ApplicationState = "RUNNING" | "RESTARTING" | "STOPPED";

/** What the resource knows: its inputs as they were last deployed, and how the driver was when last seen. */
export interface SparkApplicationOutputs extends SparkApplicationInputs {
  readonly state: ApplicationState;
}

export const DEFAULTS = {
  codeFolder: "spark",
  mainFile: "streaming_from_kafka_to_minio.py",
  submitArguments: [] as readonly string[],
  startTimeoutSeconds: 300,
} as const;

const filled = (what: string) => z.string({ error: `must be ${what}` }).min(1, { error: `must be ${what}` });
const words = (what: string) =>
  z.union([z.literal(UNKNOWN), z.array(z.string(), { error: `must be a list of ${what}` })], {
    error: `must be a list of ${what}`,
  });

const shape = z.looseObject({
  containerName: filled("the name of the Spark client's container"),
  containerId: filled("the id of the Spark client's container"),
  applicationName: z.string({ error: "must be a name" }).regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, {
    error: "must be a name of letters, digits, '_', '.' and '-'",
  }),
  codeHash: filled("the hash of the code"),
  codeFolder: filled("a folder"),
  installFolder: z.string({ error: "must be a folder's name" }).regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, {
    error: "must be a folder's name of letters, digits, '_', '.' and '-'",
  }),
  mainFile: z.string().regex(/\.py$/, { error: "must be a Python file in codeFolder" }),
  arguments: words("command line arguments"),
  submitArguments: words("spark-submit options"),
  startTimeoutSeconds: z
    .number({ error: "must be a number of seconds" })
    .positive({ error: "must be more than 0 seconds" }),
});

/** The inputs with defaults filled in, and what is wrong with them. Values that are not known yet count as right. */
export function checkInputs(news: Readonly<Record<string, unknown>>): {
  inputs: Record<string, unknown>;
  failures: InputFailure[];
} {
  const given = Object.fromEntries(
    Object.entries(news).filter(([, value]) => value !== undefined && value !== null),
  );
  const inputs = { ...DEFAULTS, installFolder: given.applicationName, ...given };
  const failures = (shape.safeParse(inputs).error?.issues ?? []).map((issue) => ({
    property: String(issue.path[0]),
    reason: `${issue.message}, found ${JSON.stringify(inputs[issue.path[0] as keyof typeof inputs])}`,
  }));
  // A default that comes from another input is as right as that one.
  const isOwn = (property: string) => property in given || property !== "installFolder";
  return {
    inputs,
    failures: failures.filter(({ property }) => news[property] !== UNKNOWN && isOwn(property)),
  };
}
