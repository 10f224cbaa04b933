import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { javaClientSettings } from "../providers/kafka/access";
import type { KafkaEndpoint, LakeEndpoint } from "./endpoints";
import { ofPipeline } from "./pipeline-names";
import { driverUiPort, PORTS } from "./platform";
import type { RowSizes } from "./row-sizes";
import { type ServiceArgs, serviceContainer } from "./service-container";
import { DEFAULTS_FILE, sparkDefaults } from "./spark-settings";

export interface SparkClientArgs extends ServiceArgs {
  /** Whose drivers run there; undefined: the stack's own. */
  pipeline: string | undefined;
  kafka: KafkaEndpoint;
  lake: LakeEndpoint;
  /** As many workers' cores a driver may have. */
  workers: number;
  sizes: RowSizes;
  /** What programs and workers have to know. */
  secret: pulumi.Output<string>;
}

/** Settings of Kafka's clients, as the job takes them, where the brokers ask for some. */
export const KAFKA_CLIENT_FILE = "/opt/spark/conf/kafka-client.json";

/** Where drivers run: the one of a pipeline's job, and a user's own spark-submit. */
export class SparkClient extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** UI of the first driver. */
  readonly driverUiUrl: string;

  constructor(name: string, args: SparkClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SparkClient", name, {}, opts);
    const { platform, pipeline } = args;
    const service = ofPipeline("spark-client", pipeline);
    const uiPort = driverUiPort(pipeline);
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service,
        command: ["spark-client"],
        healthcheckArguments: ["client"],
        // The job's driver with the rows of a micro-batch, and one that a user starts by hand beside it.
        memory: args.sizes.sparkClient.container,
        envs: [`SPARK_PUBLIC_DNS=${platform.host}`],
        uploads: [
          { file: DEFAULTS_FILE, content: sparkDefaults({ ...args, client: service }) },
          ...(args.kafka.security ? [{ file: KAFKA_CLIENT_FILE, content: clientFile(args.kafka) }] : []),
        ],
        ports: [platform.publish(PORTS.sparkDriverUi, uiPort)],
        // A driver finishes its micro-batch before it stops.
        stopSeconds: 60,
      },
      // Side by side with the cluster: its health check waits for a worker.
      { parent: this },
    );
    this.driverUiUrl = `http://${platform.hostAddress(uiPort)}`;
    this.registerOutputs({ driverUiUrl: this.driverUiUrl });
  }
}

function clientFile({ security }: KafkaEndpoint): pulumi.Output<string> {
  return pulumi.output(security).apply((known) => JSON.stringify(javaClientSettings(known)));
}
