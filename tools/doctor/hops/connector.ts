import { waitForConnector } from "../../../readers/wait";
import type { Hop } from "../hop";

export const connector: Hop = {
  name: "Debezium connector",
  services: ["kafka-connect"],
  async follow(journey) {
    await waitForConnector(journey, journey.marker ?? 0n, journey.waiting());
    return `connector ${journey.platform.connectorName} runs, and passed the marker on`;
  },
};
