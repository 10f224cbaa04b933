import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dataVolume } from "./data-volume";
import type { PostgresqlEndpoint } from "./endpoints";
import { PORTS } from "./platform";
import type { RowSizes } from "./row-sizes";
import { type ServiceArgs, serviceContainer } from "./service-container";

export interface PostgresqlArgs extends ServiceArgs {
  /** Password of the superuser `postgres`; a changed one is set in the existing database. */
  password: pulumi.Input<string>;
  /** How much log a replication slot may hold back before the server gives it up: the disk counts more than the slot. */
  maxSlotWalKeepSize: string;
  sizes: RowSizes;
}

/** Settings of the server that capturing needs, beside PostgreSQL's own defaults. */
const SERVER_SETTINGS = {
  listen_addresses: "*",
  // Without it there is no logical decoding, and so no change data capture.
  wal_level: "logical",
  max_wal_senders: 10,
  max_replication_slots: 10,
};

/** The source: a PostgreSQL server with logical decoding switched on. */
export class Postgresql extends pulumi.ComponentResource {
  readonly container: docker.Container;
  readonly endpoint: PostgresqlEndpoint;

  constructor(name: string, args: PostgresqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Postgresql", name, {}, opts);
    const { platform } = args;
    const data = dataVolume(`${name}-data`, platform, "postgresql", { parent: this });
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "postgresql",
        memory: args.sizes.postgresql,
        shmSize: 256,
        ports: [platform.publish(PORTS.postgresql)],
        uploads: [{ file: "/etc/postgresql/cdc/password", content: args.password }],
        command: [
          "postgres",
          ...Object.entries({ ...SERVER_SETTINGS, max_slot_wal_keep_size: args.maxSlotWalKeepSize }).flatMap(
            ([key, value]) => ["-c", `${key}=${value}`],
          ),
        ],
        data: { volume: data.name, path: "/var/lib/postgresql/data" },
      },
      { parent: this },
    );
    const user = "postgres";
    const database = "postgres";
    this.endpoint = {
      inside: { host: "postgresql", port: PORTS.postgresql },
      outside: { host: platform.host, port: platform.hostPort(PORTS.postgresql) },
      user,
      database,
      password: pulumi.secret(args.password),
      identity: this.container.id,
      madeBy: [this],
    };
    this.registerOutputs({ hostAddress: platform.hostAddress(PORTS.postgresql), user, database });
  }
}
