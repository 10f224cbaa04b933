/** The two ways in which Kafka keeps its metadata, and everything in which they differ. */
import type { Zookeeper } from "./zookeeper";

/** What keeps Kafka's metadata: a ZooKeeper (Kafka 3.9, the last line that can) or the broker itself (Kafka 4). */
export const KAFKA_METADATA = ["zookeeper", "kraft"] as const;
export type KafkaMetadata = (typeof KAFKA_METADATA)[number];

/** Port on which the controller inside a KRaft broker listens, within its container only. */
const CONTROLLER_PORT = 9093;

export const BY_METADATA: Record<KafkaMetadata, { imageTag: string; volume: string }> = {
  zookeeper: { imageTag: "latest", volume: "kafka" },
  // Another image and another volume: the broker of one kind cannot read what one of the other kind wrote, and stacks of
  // both kinds live on one machine.
  kraft: { imageTag: "kraft", volume: "kafka-kraft" },
};

/**
 * The first lines of the broker's server.properties.
 *
 * @param zookeeper where the metadata is kept; without it the broker is its own controller (KRaft)
 * @param listeners the broker's listeners for clients: name → port
 * @param advertised addresses that the broker tells clients: name → `host:port`
 */
export function metadataSettings(
  zookeeper: Zookeeper | undefined,
  listeners: Record<string, number>,
  advertised: Record<string, string>,
): Record<string, string | number> {
  const bound = Object.entries(listeners).map(([name, port]) => `${name}://0.0.0.0:${port}`);
  const told = Object.entries(advertised).map(([name, address]) => `${name}://${address}`);
  const protocols = Object.keys(listeners).map((name) => `${name}:PLAINTEXT`);
  if (zookeeper) {
    return {
      "broker.id": 1,
      "zookeeper.connect": zookeeper.connect,
      // A killed broker cannot come back before its old session has expired.
      "zookeeper.session.timeout.ms": 6_000,
      listeners: bound.join(),
      "advertised.listeners": told.join(),
      "listener.security.protocol.map": protocols.join(),
    };
  }
  const controller = `CONTROLLER://localhost:${CONTROLLER_PORT}`;
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.bootstrap.servers": `localhost:${CONTROLLER_PORT}`,
    "controller.listener.names": "CONTROLLER",
    listeners: [...bound, controller].join(),
    "advertised.listeners": [...told, controller].join(),
    "listener.security.protocol.map": [...protocols, "CONTROLLER:PLAINTEXT"].join(),
  };
}
