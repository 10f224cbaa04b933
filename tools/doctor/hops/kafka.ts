import { UserError } from "../../../cli/console";
import { topicAdmin } from "../../../providers/kafka-topics/admin";
import { shortList } from "../../../providers/kafka-topics/plan";
import type { Hop } from "../hop";

export const kafka: Hop = {
  name: "Kafka",
  services: ["zookeeper", "kafka"],
  async follow({ platform, tables }) {
    const names = tables.map(({ topic }) => topic);
    const admin = topicAdmin(platform.kafkaBootstrapServers);
    const there = await admin.describe(names).finally(() => admin.close());
    const missing = names.filter((name) => !there[name]);
    if (missing.length > 0) {
      throw new UserError(
        `${missing.length === 1 ? "a topic is" : `${missing.length} topics are`} gone: ${shortList(missing)}`,
        "`npm run refresh`, then `npm run up` makes them again and says whose rows have to be read again.",
      );
    }
    return `the broker answers, and has ${tables.length === 1 ? "the topic" : `all ${tables.length} topics`}`;
  },
};
