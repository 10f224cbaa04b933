import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dataVolume } from "./data-volume";
import { PORTS } from "./platform";
import { properties } from "./properties";
import { type ServiceArgs, serviceContainer } from "./service-container";

/** ZooKeeper, in which Kafka keeps its metadata. */
export class Zookeeper extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** `host:port` inside the network. */
  readonly connect = `zookeeper:${PORTS.zookeeper}`;
  readonly hostAddress: string;
  /** The volume with everything that Kafka keeps in it. */
  readonly data: docker.Volume;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Zookeeper", name, {}, opts);
    const { platform } = args;
    this.data = dataVolume(`${name}-data`, platform, "zookeeper", { parent: this });
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "zookeeper",
        memory: 320,
        envs: ["ZK_SERVER_HEAP=128"],
        ports: [platform.publish(PORTS.zookeeper)],
        uploads: [{ file: "/zookeeper/conf/zoo.cfg", content: zooCfg() }],
        data: { volume: this.data.name, path: "/var/lib/zookeeper" },
      },
      { parent: this },
    );
    this.hostAddress = platform.hostAddress(PORTS.zookeeper);
    this.registerOutputs({ connect: this.connect, hostAddress: this.hostAddress });
  }
}

function zooCfg(): string {
  return properties({
    dataDir: "/var/lib/zookeeper",
    clientPort: PORTS.zookeeper,
    tickTime: 2000,
    maxClientCnxns: 0,
    "admin.enableServer": false,
    // What the health check and a broker that starts ask for.
    "4lw.commands.whitelist": "srvr,dump",
    "autopurge.snapRetainCount": 3,
    "autopurge.purgeInterval": 24,
  });
}
