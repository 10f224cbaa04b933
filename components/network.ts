import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "./platform";

export interface NetworkArgs {
  platform: Platform;
}

/** The bridge network on which the services find each other by name. */
export class Network extends pulumi.ComponentResource {
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, { platform }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Network", name, {}, opts);
    const network = new docker.Network(
      `${name}-bridge`,
      { name: platform.resourceName("network"), driver: "bridge", labels: platform.labels() },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
