import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaConnectEndpoint } from "./endpoints";
import { type ServiceArgs, serviceContainer } from "./service-container";

export interface SupervisorArgs extends ServiceArgs {
  kafkaConnect: KafkaConnectEndpoint;
  /** Seconds of one unit of the back-off: n² + n units before the restart that follows n others. */
  backoffUnit: number;
}

/** Restarts connectors and tasks that fail after an `up`, with growing pauses, and logs each attempt with its reason. */
export class Supervisor extends pulumi.ComponentResource {
  readonly container: docker.Container;

  constructor(name: string, args: SupervisorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Supervisor", name, {}, opts);
    const { platform } = args;
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "supervisor",
        memory: 64,
        stopSeconds: 10,
        readOnly: { tmpfs: { "/run/supervisor": "uid=1004,gid=1004,mode=0755,size=1m" } },
        envs: [`CONNECT_URL=${args.kafkaConnect.inside}`, `BACKOFF_UNIT_SECONDS=${args.backoffUnit}`],
      },
      { parent: this, dependsOn: args.kafkaConnect.madeBy },
    );
    this.registerOutputs({});
  }
}
