import { z } from "zod";
import type { InputFailure } from "../check-failures";
import { type KafkaSecurity, kafkaSecurityShape } from "../kafka/access";
import type { DatabasePlace } from "../postgresql/url";
import { UNKNOWN } from "../unknown";
import { normaliseConfig } from "./debezium/config";
import { TABLE_LISTS, type TableLists } from "./debezium/lists/table-selection";
import { DEBEZIUM_POSTGRES } from "./debezium/postgres";
import type { SourceIdentity } from "./gaps/source-identity";
import type { ConnectorConfig } from "./rest/api";
import { DESIRED_STATES, type DesiredState } from "./rest/desired-state";
import type { OffsetsRequest } from "./rest/offsets";

/**
 * How the machine that runs Pulumi reaches the captured database, to clean up in it. Pass the password as a secret: it is kept in the
 * state, for the clean-up at the end.
 */
export type DatabaseAccess = DatabasePlace;

export const GAP_CURES = ["resnapshot", "report"] as const;
export type GapCure = (typeof GAP_CURES)[number];

/** What the connector resource is given. */
export interface ConnectorInputs {
  /** Base URL of a Connect worker's REST interface, such as `http://localhost:8083`. */
  readonly connectUrl: string;
  /**
   * What keeps the metadata of the Kafka cluster behind the worker, `zookeeper` or `kraft`. A cluster of another kind is
   * another cluster, which knows neither connector nor offsets: changing it replaces the connector.
   * @default "zookeeper"
   */
  readonly kafkaMetadata?: string;
  /** The connector's name. Changing it replaces the connector. */
  readonly name: string;
  /**
   * The connector's config, as it could be POSTed. Changed in place, except what decides which log is read (Debezium's
   * `slot.name`, `publication.name`, `database.dbname`), which replaces the connector.
   */
  readonly config: ConnectorConfig;
  /**
   * What the connector is to do. `paused` suspends its tasks; `stopped` ends them, which frees what they hold, and keeps the
   * config and the position. A new connector is made in that state; a change is made in place.
   * @default "running"
   */
  readonly desiredState?: DesiredState;
  /**
   * The lists of tables and schemas as they are declared, where these have expressions: `config` then has the tables that they
   * meant when it was made. A refresh looks what they mean by now.
   */
  readonly tableLists?: TableLists;
  /** Moves the connector to another position, once for each new trigger. */
  readonly offsets?: OffsetsRequest;
  /** Needed to drop what a Debezium PostgreSQL connector leaves behind, and to see whether its tables exist. */
  readonly database?: DatabaseAccess;
  /** What the database is looked at for, beside what the config says. */
  readonly checks?: {
    /**
     * Anything that is known as soon as the database's tables are as they will be. While it is not known, what is wrong with
     * them is a warning: this deployment may be about to put it right.
     */
    readonly after?: string;
    /** Key columns chosen for tables (`cdc:tableKeys`), by `schema.table`. */
    readonly keys?: Readonly<Record<string, readonly string[]>>;
  };
  /**
   * How this machine reaches Kafka, such as `localhost:29092`: to count what arrives there, and to say in a table's topic that its
   * rows are read again. Without it rows are sent uncounted, and those gone from the source stay in the lake.
   */
  readonly kafka?: string;
  /** What it asks for beside; kept in the state as the database's password is. */
  readonly kafkaSecurity?: KafkaSecurity;
  /**
   * What to do when changes of captured tables may be missing (the table was dropped and made again, its publication was altered,
   * the slot was lost, the server was restored …): have the rows read again, or only say so.
   * @default "resnapshot"
   */
  readonly gaps?: GapCure;
  /**
   * Whether deleting the connector also drops its replication slot, the publication it made and the signal table made for
   * it. Without `database` that cannot be done, and a delete fails with the SQL to run.
   * @default true
   */
  readonly dropOnDelete?: boolean;
  /**
   * Servers that are deleted right after this connector. Such a one that is down already takes what is in it along, so
   * that fails no delete.
   * @default none: they outlive the connector
   */
  readonly deletedAlong?: readonly ("connect" | "database")[];
  /**
   * Seconds within which the connector and its tasks must be RUNNING, Connect's own start included.
   * @default 120
   */
  readonly timeoutSeconds?: number;
}

/** One task of a running connector. */
export interface ConnectorTask {
  readonly id: number;
  readonly state: string;
  readonly workerId: string;
}

/** What the connector resource knows: its inputs, and what Connect said last. */
export interface ConnectorOutputs extends ConnectorInputs {
  /** The state of the connector and all its tasks: `RUNNING`, or that of the first that is not. */
  readonly state: string;
  readonly tasks: readonly ConnectorTask[];
  /** `source` or `sink`. */
  readonly type: string;
  /** Tables captured without a gap, whose earlier rows were sent or asked for; undefined when that is not known. */
  readonly capturedTables?: readonly string[] | undefined;
  /** Whether the signal table was made for this connector. */
  readonly madeSignalTable?: boolean | undefined;
  /** What the captured tables and their server were when nothing was missing; undefined when that is not known. */
  readonly source?: SourceIdentity | undefined;
  /** What a refresh found that an update would do something about, one sentence each. */
  readonly drift?: readonly string[] | undefined;
}

export const DEFAULT_TIMEOUT_SECONDS = 120;

const filled = (what: string) =>
  z.string({ error: `must be ${what}` }).refine((text) => text.trim() !== "", { error: `must be ${what}` });

const configValue = z.union([z.string(), z.number(), z.boolean()], {
  error: "must be a string: Connect's values are strings",
});

/** Ends a sentence about a request to move a connector. */
export const OFFSETS_FORM =
  "{reset: trigger} or {set: [{partition, offset}, …], trigger}, where the trigger is any text, such as a date";

const trigger = filled("a trigger");

export const offsetsShape = z.union(
  [
    z.strictObject({ reset: trigger }),
    z.strictObject({
      set: z
        .array(
          z.strictObject({
            partition: z.record(z.string(), z.unknown()),
            offset: z.record(z.string(), z.unknown()).nullable(),
          }),
        )
        .min(1, { error: "must have at least one {partition, offset}" }),
      trigger,
    }),
  ],
  { error: `must be ${OFFSETS_FORM}` },
);

const shape = z.looseObject({
  connectUrl: z.url({
    protocol: /^https?$/,
    error: "must be the URL of Kafka Connect's REST interface, such as http://localhost:8083",
  }),
  name: filled("the connector's name"),
  config: z
    .record(z.string(), configValue, { error: "must be an object of config keys and values" })
    .superRefine((config, context) => {
      const fail = (key: string, message: string) =>
        context.addIssue({ code: "custom", path: [key], message });
      if (String(config["connector.class"] ?? "").trim() === "") {
        fail(
          "connector.class",
          `is missing: it names the connector's Java class, such as ${DEBEZIUM_POSTGRES}`,
        );
      }
      const tasks = config["tasks.max"];
      if (tasks !== undefined && tasks !== UNKNOWN && !/^[1-9]\d*$/.test(String(tasks))) {
        fail("tasks.max", `must be a whole number of at least 1, found ${JSON.stringify(tasks)}`);
      }
    }),
  database: z
    .object(
      {
        host: filled("the host name of PostgreSQL as this machine reaches it"),
        port: z.int({ error: "must be a port number" }).min(1).max(65_535),
        user: filled("a PostgreSQL role"),
        password: z.string({ error: "must be the role's password" }),
        database: filled("the database's name"),
        tls: z
          .object({ sslmode: z.enum(["require", "verify-ca", "verify-full"]), ca: z.string().optional() })
          .optional(),
      },
      { error: "must say how PostgreSQL is reached: host, port, user, password, database" },
    )
    .optional(),
  checks: z
    .object({ after: z.string().optional(), keys: z.record(z.string(), z.array(z.string())).optional() })
    .optional(),
  desiredState: z.enum(DESIRED_STATES, { error: `must be one of ${DESIRED_STATES.join(", ")}` }).optional(),
  tableLists: z.partialRecord(z.enum(TABLE_LISTS), z.string()).optional(),
  offsets: offsetsShape.optional(),
  kafka: filled("Kafka's bootstrap servers as this machine reaches them, such as localhost:29092").optional(),
  kafkaSecurity: kafkaSecurityShape.optional(),
  gaps: z.enum(GAP_CURES, { error: `must be ${GAP_CURES.join(" or ")}` }).optional(),
  dropOnDelete: z.boolean({ error: "must be true or false" }).optional(),
  deletedAlong: z
    .array(z.enum(["connect", "database"]), { error: 'must be a list of "connect" and "database"' })
    .optional(),
  timeoutSeconds: z
    .number({ error: "must be a number of seconds" })
    .positive({ error: "must be more than 0 seconds" })
    .optional(),
});

/**
 * The inputs with defaults filled in and config values as strings, and what is wrong with them. Values that are
 * not known yet (`UNKNOWN`) are taken for right.
 */
export function checkInputs(news: Readonly<Record<string, unknown>>): {
  inputs: Record<string, unknown>;
  failures: InputFailure[];
} {
  const result = shape.safeParse(news);
  const failures = (result.error?.issues ?? [])
    .filter((issue) => !isUnknownAt(news, issue.path))
    .map((issue) => ({ property: propertyPath(issue.path), reason: issue.message }));
  const { config, name } = news;
  if (
    isRecord(config) &&
    config.name !== undefined &&
    ![config.name, name].includes(UNKNOWN) &&
    config.name !== name
  ) {
    failures.push({
      property: 'config["name"]',
      reason: `is ${JSON.stringify(config.name)}, but the connector's name is ${JSON.stringify(name)}: leave it out`,
    });
  }
  return {
    inputs: {
      ...news,
      ...(isRecord(config) ? { config: normaliseConfig(config) } : {}),
      desiredState: news.desiredState ?? "running",
      dropOnDelete: news.dropOnDelete ?? true,
      timeoutSeconds: news.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    },
    failures,
  };
}

/** `["config", "tasks.max"]` as `config["tasks.max"]`. */
function propertyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (/^\w+$/.test(String(key))) return text === "" ? String(key) : `${text}.${String(key)}`;
    return `${text}["${String(key)}"]`;
  }, "");
}

function isUnknownAt(value: unknown, path: readonly PropertyKey[]): boolean {
  if (value === UNKNOWN) return true;
  const [key, ...rest] = path;
  return key !== undefined && isRecord(value) && isUnknownAt(value[String(key)], rest);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
