/** Servers that are there already: what the configuration says of each (`cdc:postgresql` …), and the endpoint made of it. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { MECHANISMS, PROTOCOLS } from "../providers/kafka/access";
import type {
  Address,
  KafkaConnectEndpoint,
  KafkaEndpoint,
  PostgresqlEndpoint,
  PostgresqlTls,
} from "./endpoints";

/** `host:port`; a host without a port is no address. */
const ADDRESS = /^(\[[\da-fA-F:]+\]|[^\s:,/@]+):([1-9]\d{0,4})$/;
const address = z.string().regex(ADDRESS, { error: "host:port" });
const addresses = z.string().refine((text) => text.split(",").every((each) => ADDRESS.test(each.trim())), {
  error: "host:port, several of them parted by commas",
});
const httpUrl = z
  .url({ protocol: /^https?$/, error: "a URL such as http://connect.example:8083" })
  .transform((url) => url.replace(/\/+$/, ""));

/** `cdc:postgresql`. The password is `cdc:postgresPassword`. */
export const postgresqlShape = z
  .strictObject({
    /** As Kafka Connect reaches it. */
    address,
    /** As this machine reaches it. Default: the same. */
    fromHere: address.optional(),
    database: z.string().min(1),
    /** The role that captures. */
    user: z.string().min(1),
    sslmode: z.enum(["disable", "require", "verify-ca", "verify-full"]).default("disable"),
    /** PEM file of the authorities whose certificates are trusted, for `verify-…`. */
    ca: z.string().min(1).optional(),
  })
  .refine(({ sslmode, ca }) => sslmode.startsWith("verify") === (ca !== undefined), {
    error: "with `ca`, a PEM file, where sslmode is verify-ca or verify-full, and nowhere else",
  });

const kafkaSecurityConfig = z
  .strictObject({
    protocol: z.enum(PROTOCOLS),
    mechanism: z.enum(MECHANISMS).optional(),
    /** Who signs in, with `SASL_…`. */
    user: z.string().min(1).optional(),
    /** PEM file of the authorities whose certificates are trusted, with `…SSL`. Default: those that everybody trusts. */
    ca: z.string().min(1).optional(),
  })
  .refine(({ protocol, user }) => protocol.startsWith("SASL") === (user !== undefined), {
    error:
      "with `user`, and then `mechanism`, where the protocol is SASL_PLAINTEXT or SASL_SSL, and nowhere else",
  })
  .refine(({ user, mechanism }) => (user === undefined) === (mechanism === undefined), {
    error: `with a \`mechanism\` for its \`user\`: ${MECHANISMS.join(", ")}`,
  })
  .refine(({ protocol, ca }) => ca === undefined || protocol.endsWith("SSL"), {
    error: "without `ca` where the protocol is SASL_PLAINTEXT, which encrypts nothing",
  });

/** `cdc:kafka`. The password is `cdc:kafkaPassword`. */
export const kafkaShape = z.strictObject({
  /** As containers reach it. */
  bootstrapServers: addresses,
  /** As this machine reaches it. Default: the same. */
  fromHere: addresses.optional(),
  /** Copies of each partition of topics that are made there. */
  replicationFactor: z.number().int().min(1).max(32_767).default(3),
  security: kafkaSecurityConfig.optional(),
});

/** `cdc:kafkaConnect`. */
export const kafkaConnectShape = z.strictObject({
  /** REST interface as this machine reaches it, with a path where it has one. */
  url: httpUrl,
  /** As containers reach it. Default: the same. */
  inside: httpUrl.optional(),
});

/** `cdc:objectStore`. The bucket is `cdc:bucket`, the secret key `cdc:lakeSecretKey`. */
export const objectStoreShape = z.strictObject({
  /** S3 endpoint as containers reach it. */
  endpoint: httpUrl,
  /** As this machine reaches it. Default: the same. */
  fromHere: httpUrl.optional(),
  region: z.string().min(1).default("us-east-1"),
  /** Whether the bucket is part of an address's path, or of its host name. */
  pathStyle: z.boolean().default(true),
  accessKey: z.string().min(1),
  /** Folder of the bucket that is the lake's alone. Default: `cdc-<stack>`. */
  folder: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*$/, { error: "a folder such as `lakes/shop`" })
    .optional(),
});

export type ObjectStoreConfig = z.infer<typeof objectStoreShape>;
export type PostgresqlConfig = z.infer<typeof postgresqlShape>;
export type KafkaConfig = z.infer<typeof kafkaShape>;
export type KafkaConnectConfig = z.infer<typeof kafkaConnectShape>;

/** @throws pulumi.RunError when the file of authorities is not there */
export function existingPostgresql(
  config: PostgresqlConfig,
  password: pulumi.Output<string>,
): PostgresqlEndpoint {
  const { address, fromHere = address, database, user, sslmode } = config;
  return {
    inside: parsed(address),
    outside: parsed(fromHere),
    database,
    user,
    password,
    ...(sslmode === "disable" ? {} : { tls: { sslmode, ...authorities("postgresql", config.ca) } }),
    madeBy: [],
    identity: pulumi.output(`${address}/${database}`),
  };
}

/**
 * @param password of the user whom the configuration names
 * @throws pulumi.RunError when the file of authorities is not there
 */
export function existingKafka(config: KafkaConfig, password: pulumi.Output<string>): KafkaEndpoint {
  const { bootstrapServers, fromHere = bootstrapServers, replicationFactor } = config;
  return {
    ...(config.security ? { security: kafkaSecurity(config.security, password) } : {}),
    inside: pulumi.output(bootstrapServers),
    outside: fromHere,
    cluster: bootstrapServers,
    replicationFactor,
    data: [],
    madeBy: [],
    identity: pulumi.output(bootstrapServers),
  };
}

export function existingKafkaConnect({ url, inside = url }: KafkaConnectConfig): KafkaConnectEndpoint {
  return { url, inside, madeBy: [], identity: pulumi.output(url) };
}

function kafkaSecurity(
  { protocol, mechanism, user, ca: file }: NonNullable<KafkaConfig["security"]>,
  password: pulumi.Output<string>,
): KafkaEndpoint["security"] {
  const ca = authorities("kafka", file).ca?.text;
  return {
    protocol,
    ...(user && mechanism ? { signIn: { mechanism, user, password } } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
}

function parsed(text: string): Address {
  const [, host = "", port] = ADDRESS.exec(text) ?? [];
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function authorities(server: string, name: string | undefined): Pick<PostgresqlTls, "ca"> {
  if (name === undefined) return {};
  const file = path.resolve(name);
  if (fs.existsSync(file)) return { ca: { file, text: fs.readFileSync(file, "utf8") } };
  throw new pulumi.RunError(`Configuration value cdc:${server}: its ca, ${file}, does not exist.`);
}
