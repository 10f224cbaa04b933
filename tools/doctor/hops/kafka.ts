import { UserError } from "../../../stack/console";
import { lostTopics, readTopics } from "../../status/topics";
import type { Hop } from "../hop";

export const kafka: Hop = {
  name: "Kafka",
  services: ["zookeeper", "kafka"],
  async follow({ platform, tables }) {
    const lost = lostTopics(await readTopics(platform, tables));
    if (lost) throw new UserError(lost.text, lost.fix);
    return `the broker answers, and has ${tables.length === 1 ? "the topic" : `all ${tables.length} topics`}`;
  },
};
