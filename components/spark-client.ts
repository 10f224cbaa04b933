import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { javaClientSettings } from "../providers/kafka/access";
import type { KafkaEndpoint } from "./endpoints";
import { PORTS } from "./platform";
import type { RowSizes } from "./row-sizes";
import { type ServiceArgs, serviceContainer } from "./service-container";
import { DEFAULTS_FILE } from "./spark-settings";

export interface SparkClientArgs extends ServiceArgs {
  /** Content of spark-defaults.conf, with the lake's keys in it. */
  defaults: pulumi.Input<string>;
  sizes: RowSizes;
  kafka: KafkaEndpoint;
}

/** Settings of Kafka's clients, as the job takes them, where the brokers ask for some. */
export const KAFKA_CLIENT_FILE = "/opt/spark/conf/kafka-client.json";

/** Where drivers run: those of the stack's applications, and a user's own spark-submit. */
export class SparkClient extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** UI of the first driver. */
  readonly driverUiUrl: string;

  constructor(name: string, args: SparkClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SparkClient", name, {}, opts);
    const { platform } = args;
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "spark-client",
        command: ["spark-client"],
        healthcheckArguments: ["client"],
        // The job's driver with the rows of a micro-batch, and one that a user starts by hand beside it.
        memory: args.sizes.sparkClient.container,
        envs: [`SPARK_PUBLIC_DNS=${platform.host}`],
        uploads: [
          { file: DEFAULTS_FILE, content: pulumi.secret(args.defaults) },
          ...(args.kafka.security ? [{ file: KAFKA_CLIENT_FILE, content: clientFile(args.kafka) }] : []),
        ],
        ports: [platform.publish(PORTS.sparkDriverUi)],
        // A driver finishes its micro-batch before it stops.
        stopSeconds: 60,
      },
      // Side by side with the cluster: its health check waits for a worker.
      { parent: this },
    );
    this.driverUiUrl = `http://${platform.hostAddress(PORTS.sparkDriverUi)}`;
    this.registerOutputs({ driverUiUrl: this.driverUiUrl });
  }
}

function clientFile({ security }: KafkaEndpoint): pulumi.Output<string> {
  return pulumi.output(security).apply((known) => JSON.stringify(javaClientSettings(known)));
}
