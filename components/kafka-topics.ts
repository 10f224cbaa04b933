import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import type { TopicsInputs, TopicTable } from "../providers/kafka-topics/inputs";
import type { KafkaEndpoint } from "./endpoints";

/** Topics of one Kafka cluster, kept as declared through its admin protocol (providers/kafka-topics). */
export class KafkaTopics extends pulumi.dynamic.Resource {
  constructor(
    name: string,
    kafka: KafkaEndpoint,
    topics: pulumi.Input<TopicTable>,
    deletedAlong: TopicsInputs["deletedAlong"],
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      new ModuleProvider("kafka-topics"),
      name,
      {
        found: undefined,
        made: undefined,
        bootstrapServers: kafka.identity.apply(() => kafka.outside),
        security: kafka.security,
        brokerId: kafka.identity,
        topics,
        replicationFactor: kafka.replicationFactor,
        deletedAlong,
      },
      {
        ...opts,
        deleteBeforeReplace: true,
        ...(kafka.security ? { additionalSecretOutputs: ["security"] } : {}),
      },
      "kafka",
      "Topics",
    );
  }
}
