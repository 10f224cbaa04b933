import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { PORTS, workerUiPort } from "./platform";
import type { RowSizes } from "./row-sizes";
import { type ServiceArgs, serviceContainer } from "./service-container";
import { CORES_OF_A_WORKER, clusterDefaults, MASTER_URL } from "./spark-settings";

export interface SparkMasterArgs extends ServiceArgs {
  /** What programs and workers have to know. */
  secret: pulumi.Output<string>;
}

/** The master of a standalone Spark cluster. */
export class SparkMaster extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** URL for workers and drivers inside the network. */
  readonly masterUrl = MASTER_URL;
  readonly hostUrl: string;
  readonly uiUrl: string;

  constructor(name: string, args: SparkMasterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SparkMaster", name, {}, opts);
    const { platform } = args;
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "spark-master",
        command: ["spark-master"],
        healthcheckArguments: ["master"],
        memory: 448,
        envs: ["SPARK_DAEMON_MEMORY=256m", `SPARK_PUBLIC_DNS=${platform.host}`],
        uploads: [clusterDefaults(args.secret)],
        ports: [platform.publish(PORTS.sparkMaster), platform.publish(PORTS.sparkMasterUi)],
      },
      { parent: this },
    );
    this.hostUrl = `spark://${platform.hostAddress(PORTS.sparkMaster)}`;
    this.uiUrl = `http://${platform.hostAddress(PORTS.sparkMasterUi)}`;
    this.registerOutputs({ masterUrl: this.masterUrl, uiUrl: this.uiUrl });
  }
}

export interface SparkWorkersArgs extends SparkMasterArgs {
  /** How many workers. */
  count: number;
  sizes: RowSizes;
}

/** The workers, on which executors run: `spark-worker`, `spark-worker-2` … */
export class SparkWorkers extends pulumi.ComponentResource {
  readonly containers: docker.Container[];
  readonly uiUrls: string[];

  constructor(name: string, args: SparkWorkersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SparkWorkers", name, {}, opts);
    const { platform } = args;
    const numbers = Array.from({ length: args.count }, (_, index) => index + 1);
    this.containers = numbers.map((number) =>
      serviceContainer(
        `${name}-container-${number}`,
        {
          platform,
          network: args.network,
          image: args.image,
          service: number === 1 ? "spark-worker" : `spark-worker-${number}`,
          command: ["spark-worker"],
          healthcheckArguments: ["worker"],
          memory: args.sizes.sparkWorker.container,
          envs: [
            "SPARK_DAEMON_MEMORY=192m",
            `SPARK_WORKER_CORES=${CORES_OF_A_WORKER}`,
            `SPARK_WORKER_MEMORY=${args.sizes.sparkWorker.heap + 512}m`,
            `SPARK_PUBLIC_DNS=${platform.host}`,
          ],
          uploads: [clusterDefaults(args.secret)],
          ports: [platform.publish(PORTS.sparkWorkerUi, workerUiPort(number))],
        },
        // Side by side with the master, for which the image waits.
        { parent: this },
      ),
    );
    this.uiUrls = numbers.map((number) => `http://${platform.hostAddress(workerUiPort(number))}`);
    this.registerOutputs({ uiUrls: this.uiUrls });
  }
}
