/** How a Kafka cluster is reached, and as whom: for clients in Node.js and for those in Java. */
import { z } from "zod";

export const PROTOCOLS = ["SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
export const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

export interface SignIn {
  readonly mechanism: (typeof MECHANISMS)[number];
  readonly user: string;
  readonly password: string;
}

/** For a cluster that asks for more than an address. */
export interface KafkaSecurity {
  /** As Kafka's `security.protocol`; without security it is `PLAINTEXT`. */
  readonly protocol: (typeof PROTOCOLS)[number];
  /** With `SASL_…`: how one signs in there, and as whom. */
  readonly signIn?: SignIn | undefined;
  /** Certificates (PEM) of the authorities that are trusted with the brokers', instead of those that everybody trusts. */
  readonly ca?: string | undefined;
}

export interface KafkaAccess {
  /** `host:port,…` */
  readonly bootstrapServers: string;
  /** Default: none. */
  readonly security?: KafkaSecurity | undefined;
}

/** As a resource or a program is given it. */
export const kafkaSecurityShape = z.object({
  protocol: z.enum(PROTOCOLS),
  signIn: z.object({ mechanism: z.enum(MECHANISMS), user: z.string(), password: z.string() }).optional(),
  ca: z.string().optional(),
});

/** Options of `@platformatic/kafka`'s clients. */
export function clientOptions({ bootstrapServers, security }: KafkaAccess) {
  const { protocol = "PLAINTEXT", signIn, ca } = security ?? {};
  return {
    bootstrapBrokers: bootstrapServers.split(",").map((each) => each.trim()),
    ...(signIn
      ? { sasl: { mechanism: signIn.mechanism, username: signIn.user, password: signIn.password } }
      : {}),
    ...(protocol.endsWith("SSL") ? { tls: ca === undefined ? {} : { ca } } : {}),
  };
}

/** The same for a client that soon says that nobody answers. */
export function impatientClientOptions(clientId: string, access: KafkaAccess) {
  return { clientId, connectTimeout: 5_000, retries: 3, ...clientOptions(access) };
}

/** Settings of Kafka's own clients in Java, beside `bootstrap.servers`; none where there is no security. */
export function javaClientSettings(security: KafkaSecurity | undefined): Record<string, string> {
  if (!security) return {};
  const { protocol, signIn, ca } = security;
  return {
    "security.protocol": protocol,
    ...(signIn ? { "sasl.mechanism": signIn.mechanism, "sasl.jaas.config": loginModule(signIn) } : {}),
    ...(ca === undefined ? {} : { "ssl.truststore.type": "PEM", "ssl.truststore.certificates": ca }),
  };
}

function loginModule({ mechanism, user, password }: SignIn): string {
  const name = mechanism === "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
  return `org.apache.kafka.common.security.${name} required username=${quoted(user)} password=${quoted(password)};`;
}

/** As a JAAS configuration takes a text. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
