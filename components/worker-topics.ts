/** Where a Connect worker keeps connectors, offsets and states: topics that have to be its stack's alone. */
import * as pulumi from "@pulumi/pulumi";
import type { KafkaEndpoint } from "./endpoints";
import { KafkaTopics } from "./kafka-topics";

/** Of the topic of offsets; it is only counted when the topic is made. */
export const OFFSET_PARTITIONS = 5;

export interface WorkerTopics {
  /** `group.id` of the workers. */
  readonly group: string;
  readonly configs: string;
  readonly offsets: string;
  readonly statuses: string;
  readonly madeBy: pulumi.Resource[];
}

/** In the stack's own Kafka, where the worker makes them by itself, and which takes them along when it goes. */
export const OWN_WORKER_TOPICS: WorkerTopics = {
  group: "connect-cluster",
  configs: "connect_configs",
  offsets: "connect_offsets",
  statuses: "connect_statuses",
  madeBy: [],
};

export interface SharedWorkerTopicsArgs {
  kafka: KafkaEndpoint;
  stack: string;
}

/** In a Kafka that others use as well: made here, with the stack's name in theirs, so that a destroy leaves none behind. */
export class SharedWorkerTopics extends pulumi.ComponentResource implements WorkerTopics {
  readonly group: string;
  readonly configs: string;
  readonly offsets: string;
  readonly statuses: string;
  readonly madeBy: pulumi.Resource[];

  constructor(name: string, args: SharedWorkerTopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SharedWorkerTopics", name, {}, opts);
    this.group = `cdc-${args.stack}`;
    this.configs = `${this.group}-connect-configs`;
    this.offsets = `${this.group}-connect-offsets`;
    this.statuses = `${this.group}-connect-statuses`;
    const compacted = (partitions: number) => ({ partitions, config: { "cleanup.policy": "compact" } });
    const topics = new KafkaTopics(
      `${name}-of-worker`,
      args.kafka,
      {
        [this.configs]: compacted(1),
        [this.offsets]: compacted(OFFSET_PARTITIONS),
        [this.statuses]: compacted(1),
      },
      args.kafka.madeBy.length > 0,
      { parent: this },
    );
    this.madeBy = [topics];
    this.registerOutputs({});
  }
}
