import type { StackOutputs } from "../../outputs";
import type { KafkaAccess } from "../../providers/kafka/access";

/** How a stack's Kafka is reached, from the outputs of the stack. */
export function kafkaAccess({
  kafkaBootstrapServers,
  kafkaSecurity,
}: Pick<StackOutputs, "kafkaBootstrapServers" | "kafkaSecurity">): KafkaAccess {
  return { bootstrapServers: kafkaBootstrapServers, security: kafkaSecurity };
}
