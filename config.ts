/** The one place that reads the stack's configuration (declared in Pulumi.yaml) and checks it. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  kafkaConnectShape,
  kafkaShape,
  objectStoreShape,
  postgresqlShape,
} from "./components/existing-servers";
import { IMAGE_NAMES } from "./components/image-names";
import { KAFKA_METADATA } from "./components/kafka-metadata";
import { connectorFileOf, PIPELINE_NAME } from "./components/pipeline-names";
import type { PipelineSettings } from "./components/pipeline-settings";
import type { PlatformArgs } from "./components/platform";
import { topicConfigShape } from "./components/topic-config";
import { exposedSecrets, exposure } from "./exposed-secrets";
import { isNamed } from "./named-servers";
import { GAP_CURES, OFFSETS_FORM, offsetsShape } from "./providers/kafka-connect/inputs";
import { DESIRED_STATES } from "./providers/kafka-connect/rest/desired-state";
import { type OwnSecretName, type SecretName, secretsOf, WALKTHROUGH_SECRETS } from "./walkthrough-secrets";

const CONTAINER_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const DURATION = /^\d+ (milliseconds?|seconds?|minutes?)$/;
const RETENTION = /^(?<number>\d+) (?<unit>minute|hour|day|week)s?$/;
const MINUTES = { minute: 1, hour: 60, day: 24 * 60, week: 7 * 24 * 60 };
const SIZE = /^[1-9]\d*(MB|GB|TB)$/;
const WAL_SIZE = /^([1-9]\d*(MB|GB|TB)|-1)$/;
const ROW_SIZE = /^([1-9]|[1-5]\d|6[0-4])MB$/;
const TABLE = /^[^.;=]+\.[^.;=]+$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** A server that is there already; `{}` stands for the stack's own. */
function existing<T extends z.ZodType>(shape: T) {
  return z.preprocess(
    (value) => (typeof value === "object" && value && !isNamed(value) ? undefined : value),
    shape.optional(),
  );
}

/** What is said of a pipeline; the messages end the sentence `… is <value>: it has to be …`. */
const pipelineRules = {
  connectorConfig: z.string().min(1, { error: "the path of a connector's JSON file" }),
  connectorOverrides: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]), {
    error: "an object of connector properties",
  }),
  connectorState: z.enum(DESIRED_STATES, { error: `one of ${DESIRED_STATES.join(", ")}` }),
  connectorOffsets: z
    .union([offsetsShape, z.strictObject({})], { error: OFFSETS_FORM })
    .transform((offsets) =>
      "reset" in offsets || "set" in offsets ? (offsets as z.infer<typeof offsetsShape>) : undefined,
    ),
  gaps: z.enum(GAP_CURES, { error: GAP_CURES.join(" or ") }),
  sourceSchema: z.string().min(1, { error: "the path of an SQL file" }),
  triggerInterval: z
    .string()
    .regex(DURATION, { error: "a duration such as `1 second` or `500 milliseconds`" }),
  flattenedTables: z.boolean({ error: "true or false" }),
  deletedRows: z.enum(["remove", "keep"], { error: "remove or keep" }),
  onSchemaChange: z.enum(["evolve", "ignore", "fail"], { error: "evolve, ignore or fail" }),
  valuesOutOfRange: z.enum(["rescue", "reject"], { error: "rescue or reject" }),
  lakeRetention: z.string().refine(isRetention, {
    error: "a duration such as `1 hour` or `7 days`, of at least 5 minutes",
  }),
  tableKeys: z.record(
    z.string().regex(TABLE, { error: "a table as schema.table" }),
    z.array(z.string().regex(/^[^,;=]+$/)).min(1),
    { error: "an object of column names by table, such as {public.visits: [visitor, day]}" },
  ),
  topicConfig: topicConfigShape,
};

/** What each value has to be, alike. */
const rules = {
  ...pipelineRules,
  namePrefix: z.union([z.literal(""), z.string().regex(CONTAINER_NAME)], {
    error: "letters, digits, dots, dashes and underscores",
  }),
  portOffset: z
    .number({ error: "a whole number" })
    .int({ error: "a whole number" })
    .min(0, { error: "between 0 and 35000" })
    .max(35_000, { error: "between 0 and 35000" }),
  bindAddress: z.ipv4({ error: "an IPv4 address of this machine, such as 127.0.0.1" }),
  kafkaMetadata: z.enum(KAFKA_METADATA, { error: KAFKA_METADATA.join(" or ") }),
  postgresql: existing(postgresqlShape),
  kafka: existing(kafkaShape),
  kafkaConnect: existing(kafkaConnectShape),
  objectStore: existing(objectStoreShape),
  maxSlotWalKeepSize: z
    .string()
    .regex(WAL_SIZE, { error: "a size such as `4GB` or `500MB`, or `-1` for no limit" }),
  maxRowSize: z.string().regex(ROW_SIZE, { error: "a size from `1MB` to `64MB`" }),
  rowsTooLarge: z.enum(["fail", "setAside"], { error: "fail or setAside" }),
  slotLagAlarm: z.string().regex(SIZE, { error: "a size such as `1GB` or `500MB`" }),
  supervisor: z.boolean({ error: "true or false" }),
  supervisorBackoffUnit: z
    .number({ error: "a number of seconds" })
    .min(1, { error: "between 1 and 3600 seconds" })
    .max(3600, { error: "between 1 and 3600 seconds" }),
  continuousProof: z.boolean({ error: "true or false" }),
  console: z.boolean({ error: "true or false" }),
  bucket: z.string().regex(BUCKET, { error: "3 to 63 lower-case letters, digits, dots and dashes" }),
  sparkWorkers: z
    .number({ error: "a whole number" })
    .int({ error: "a whole number" })
    .min(1, { error: "between 1 and 8" })
    .max(8, { error: "between 1 and 8" }),
  images: z.partialRecord(z.enum(IMAGE_NAMES), z.string().min(1), {
    error: `an object with the keys ${IMAGE_NAMES.join(", ")}`,
  }),
  caCertificates: z.string(),
  minioRootUser: z.string().min(3, { error: "at least 3 characters long" }),
  walkthroughPasswords: z.boolean({ error: "true or false" }),
  pipelines: z.record(
    z.string().regex(PIPELINE_NAME),
    z.strictObject(pipelineRules, { error: strayKey }).partial(),
    {
      error: ({ code }) =>
        code === "invalid_key"
          ? "with names such as shop: lower-case letters, digits and dashes, at most 30"
          : "an object of settings by pipeline, such as {shop: {connectorConfig: connector-configs/shop.json}}",
    },
  ),
  connectors: z.array(z.string().min(1), { error: "a list of connectors' JSON files" }),
};

/** A key that is none of a pipeline's. */
function strayKey(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return "an object of a pipeline's settings";
  return `without ${issue.keys.join(", ")}: a pipeline has the settings ${Object.keys(pipelineRules).join(", ")}`;
}

/** Whether the job takes it (spark/cdc/lake/retention.py). */
function isRetention(text: string): boolean {
  const { number, unit } = RETENTION.exec(text)?.groups ?? {};
  return number !== undefined && Number(number) * MINUTES[unit as keyof typeof MINUTES] >= 5;
}

/** Rules for secrets; their messages never show the value. */
const secretRules: Record<OwnSecretName, z.ZodType<string>> = {
  postgresPassword: z.string().min(1, { error: "at least 1 character long" }),
  minioRootPassword: z.string().min(8, { error: "at least 8 characters long" }),
  lakeSecretKey: z.string().min(8, { error: "between 8 and 40 characters long" }).max(40, {
    error: "between 8 and 40 characters long",
  }),
};

/** Of a server that is there already: what it takes is its own affair. */
const theirSecret = z.string().min(1, { error: "at least 1 character long" });

export type Settings = { [K in keyof typeof rules]: z.infer<(typeof rules)[K]> };
/** Those that the stack has no use for are not among them. */
export type Secrets = Record<SecretName, pulumi.Output<string>>;
export type PlatformConfig = Omit<Settings, "pipelines"> &
  Secrets &
  PlatformArgs & {
    /** Those beside the stack's own, by name, each with all that it needs. */
    pipelines: Record<string, PipelineSettings>;
  };

/** What a pipeline does not say is as in the stack's own, but for what would be the same thing twice. */
function pipelinesOf(settings: Settings): PlatformConfig["pipelines"] {
  const { gaps, triggerInterval, flattenedTables, deletedRows } = settings;
  const { onSchemaChange, valuesOutOfRange, lakeRetention } = settings;
  return Object.fromEntries(
    Object.entries(settings.pipelines).map(([name, given]) => [
      name,
      {
        ...{ gaps, triggerInterval, flattenedTables, deletedRows },
        ...{ onSchemaChange, valuesOutOfRange, lakeRetention },
        connectorConfig: connectorFileOf(name),
        connectorOverrides: {},
        connectorState: "running",
        tableKeys: {},
        topicConfig: {},
        ...given,
      },
    ]),
  );
}

/** A value the user can correct: shown without a stack trace. */
function reject(key: string, found: string, expected: string): never {
  throw new pulumi.RunError(
    `Configuration value cdc:${key} is ${found}: it has to be ${expected}. ` +
      `Set it with \`pulumi config set ${key} …\` or in Pulumi.${pulumi.getStack()}.yaml; Pulumi.yaml describes it.`,
  );
}

function issueText(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return "valid";
  const where = issue.path.length > 0 ? ` (at ${issue.path.join(".")})` : "";
  return `${issue.message}${where}`;
}

/** Pulumi hands every value over as text; numbers and objects are JSON. */
function parse(raw: string, rule: z.ZodType): unknown {
  if (
    rule instanceof z.ZodString ||
    rule instanceof z.ZodIPv4 ||
    rule instanceof z.ZodUnion ||
    rule instanceof z.ZodEnum
  )
    return raw;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/**
 * Reads and checks the whole configuration of the current stack.
 *
 * @throws pulumi.RunError naming the first value at fault, what was found and what it has to be
 */
export function readConfig(): PlatformConfig {
  const config = new pulumi.Config();
  const stack = pulumi.getStack();

  const settings = Object.fromEntries(
    Object.entries(rules).map(([key, rule]) => {
      const raw = config.require(key);
      const checked = rule.safeParse(parse(raw, rule));
      return [
        key,
        checked.success ? checked.data : reject(key, JSON.stringify(raw), issueText(checked.error)),
      ];
    }),
  ) as Settings;

  const secrets = readSecrets(config, settings);

  const { made } = secretsOf(settings);
  const wellKnown = Object.fromEntries(made.map((name) => [name, WALKTHROUGH_SECRETS[name]]));
  const exposed = exposedSecrets(settings.bindAddress, (name) => config.get(name), wellKnown);
  if (exposed.length > 0) throw new pulumi.RunError(exposure(settings.bindAddress, exposed, stack));

  return {
    ...{ stack, ...settings, ...secrets },
    pipelines: pipelinesOf(settings),
    namePrefix: settings.namePrefix || defaultPrefix(stack),
  };
}

function readSecrets(config: pulumi.Config, settings: Settings): Secrets {
  const { made, given } = secretsOf(settings);
  const otherwise: Partial<Record<SecretName, string>> = settings.walkthroughPasswords
    ? WALKTHROUGH_SECRETS
    : {};
  const isMissing = (name: SecretName) => config.get(name) === undefined;
  const unset = given.filter(isMissing);
  if (unset.length > 0) throw noPasswordsOfTheirs(unset);
  const isOwn = (name: SecretName): name is OwnSecretName => !given.includes(name);
  const missing = made.filter((name) => isMissing(name) && otherwise[name] === undefined);
  if (missing.length > 0) throw noPasswords(missing);
  return Object.fromEntries(
    [...made, ...given].map((name) => {
      const value = config.get(name) ?? otherwise[name];
      const checked = (isOwn(name) ? secretRules[name] : theirSecret).safeParse(value);
      if (!checked.success) reject(name, "not acceptable", issueText(checked.error));
      return [name, pulumi.secret(value)];
    }),
  ) as Secrets;
}

function noPasswordsOfTheirs(unset: readonly SecretName[]): pulumi.RunError {
  const stack = pulumi.getStack();
  const commands = unset.map(
    (name) => `\`npm run set-secret -- ${name} --stack ${stack} --stdin\` (${OF_THEIRS[name]})`,
  );
  return new pulumi.RunError(
    `Stack ${stack} uses servers that are there already, and has no ${unset.map((name) => `cdc:${name}`).join(", ")}. Set ${commands.join(", ")}.`,
  );
}

const OF_THEIRS: Record<SecretName, string> = {
  postgresPassword: "of the role that cdc:postgresql names",
  kafkaPassword: "of the user that cdc:kafka names",
  minioRootPassword: "",
  lakeSecretKey: "of the access key that cdc:objectStore names",
};

/** Never made up here: a program that runs anew would make up others each time. */
function noPasswords(missing: readonly SecretName[]): pulumi.RunError {
  const stack = pulumi.getStack();
  return new pulumi.RunError(
    `Stack ${stack} has no ${missing.map((name) => `cdc:${name}`).join(", ")}. ` +
      `\`npm run up -- --stack ${stack}\` gives it some and keeps them, encrypted, in Pulumi.${stack}.yaml: those that it was deployed with, ` +
      `else made up. Or set your own: ${missing.map((name) => `\`npm run set-secret -- ${name} --stack ${stack} --stdin\``).join(", ")}.`,
  );
}

/** The stack `dev` has the plain names of the walkthrough; any other stack puts its own name before them. */
function defaultPrefix(stack: string): string {
  return stack === "dev" ? "" : `${stack}-`;
}
