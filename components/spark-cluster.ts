import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ofPipeline } from "./pipeline-names";
import { PORTS, workerUiPort } from "./platform";
import type { RowSizes } from "./row-sizes";
import { type ServiceArgs, serviceContainer } from "./service-container";
import { CORES_OF_A_WORKER, clusterDefaults, MASTER_URL } from "./spark-settings";

export interface SparkMasterArgs extends ServiceArgs {
  /** What programs and workers have to know. */
  secret: pulumi.Output<string>;
}

/** MB that a JVM takes beside its heap. */
const BESIDE_A_HEAP = 256;

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
  /** With which they come and go; undefined: with the stack. */
  pipeline: string | undefined;
  /** How many workers. */
  count: number;
  /** Whether executors of two applications may meet on a worker, one on each of its cores. */
  isShared: boolean;
  sizes: RowSizes;
}

/** The workers, on which executors run: `spark-worker`, `spark-worker-2` …; one of a pipeline is `spark-worker-<pipeline>`. */
export class SparkWorkers extends pulumi.ComponentResource {
  readonly containers: docker.Container[];
  readonly uiUrls: string[];

  constructor(name: string, args: SparkWorkersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SparkWorkers", name, {}, opts);
    const { platform, pipeline, isShared, sizes } = args;
    const { heap, container } = sizes.sparkWorker;
    const service = ofPipeline("spark-worker", pipeline);
    // Of those of a pipeline the master's page has the links.
    const isPublished = pipeline === undefined;
    const numbers = Array.from({ length: args.count }, (_, index) => index + 1);
    this.containers = numbers.map((number) =>
      serviceContainer(
        `${name}-container-${number}`,
        {
          platform,
          network: args.network,
          image: args.image,
          service: number === 1 ? service : `${service}-${number}`,
          command: ["spark-worker"],
          healthcheckArguments: ["worker"],
          memory: container + (isShared ? heap + BESIDE_A_HEAP : 0),
          envs: [
            "SPARK_DAEMON_MEMORY=192m",
            `SPARK_WORKER_CORES=${CORES_OF_A_WORKER}`,
            `SPARK_WORKER_MEMORY=${Math.max(heap + 512, isShared ? 2 * heap : 0)}m`,
            `SPARK_PUBLIC_DNS=${platform.host}`,
          ],
          uploads: [clusterDefaults(args.secret)],
          ports: isPublished ? [platform.publish(PORTS.sparkWorkerUi, workerUiPort(number))] : undefined,
        },
        // Side by side with the master, for which the image waits.
        { parent: this },
      ),
    );
    this.uiUrls = (isPublished ? numbers : []).map(
      (number) => `http://${platform.hostAddress(workerUiPort(number))}`,
    );
    this.registerOutputs({ uiUrls: this.uiUrls });
  }
}
