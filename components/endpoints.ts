/**
 * The ways to servers. A component of ours has one as `endpoint`; `existing-servers.ts` makes one for a server that is there already.
 * What uses a server is given its endpoint and nothing else, so it works with either.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { KafkaSecurity, SignIn } from "../providers/kafka/access";

/** What all endpoints tell. */
interface Endpoint {
  /**
   * Resources that make the server, none for one that is there already: what uses it comes after them, and goes before they go.
   */
  readonly madeBy: pulumi.Resource[];
  /**
   * Another text for another server, whose content may be another: of ours, the container's id. Known once the server can be used, and
   * unknown in a preview that is about to replace it.
   */
  readonly identity: pulumi.Output<string>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, as one types it. */
export function addressText({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** One database of a PostgreSQL server, and the role that captures it. */
export interface PostgresqlEndpoint extends Endpoint {
  /** As Kafka Connect and other containers reach it. */
  readonly inside: Address;
  /** As this machine does. */
  readonly outside: Address;
  readonly database: string;
  readonly user: string;
  readonly password: pulumi.Output<string>;
  /** Without it there is none. */
  readonly tls?: PostgresqlTls;
}

export interface PostgresqlTls {
  /** As libpq and Debezium have it. */
  readonly sslmode: "require" | "verify-ca" | "verify-full";
  /** Certificates (PEM) of the authorities that are trusted with the server's, and the file on this machine that has them; for `verify-…`. */
  readonly ca?: { readonly file: string; readonly text: string };
}

/** A Kafka cluster. */
export interface KafkaEndpoint extends Endpoint {
  /** Bootstrap servers (`host:port,…`) for clients in containers of the network. */
  readonly inside: pulumi.Output<string>;
  /** Bootstrap servers for clients on this machine. */
  readonly outside: string;
  /** What its brokers ask for beside; without it nothing. The password is a secret. */
  readonly security?: Omit<KafkaSecurity, "signIn"> & {
    readonly signIn?: Omit<SignIn, "password"> & { readonly password: pulumi.Output<string> };
  };
  /**
   * What distinguishes the cluster from others that a connector may have run on: it knows neither connector nor offsets of
   * another. `zookeeper` and `kraft` are ours.
   */
  readonly cluster: string;
  /** Copies of each partition of topics made there. */
  readonly replicationFactor: number;
  /** Resources that hold what is in it: replaced, they leave nothing of what was made there. */
  readonly data: pulumi.Resource[];
}

/** Kafka Connect's workers. */
export interface KafkaConnectEndpoint extends Endpoint {
  /** REST interface, as this machine reaches it. */
  readonly url: string;
  /** The same for containers of the network. */
  readonly inside: string;
}

/** An S3 object store and a user of it who may read and write what lies below one folder of one bucket. */
export interface LakeEndpoint extends Endpoint {
  /** S3 endpoint for containers of the network. */
  readonly inside: string;
  /** The same for this machine. */
  readonly outside: string;
  readonly region: string;
  /** Whether the bucket is part of an address's path, and not of its host name. */
  readonly pathStyle: boolean;
  readonly bucket: pulumi.Output<string>;
  /** Where the lake's tables and checkpoints lie: `s3a://<bucket>[/<folder>]`. */
  readonly lakeUrl: string;
  readonly accessKey: pulumi.Output<string>;
  readonly secretKey: pulumi.Output<string>;
  /** What takes everything in it along when it goes. */
  readonly goesWith: pulumi.Resource;
}
