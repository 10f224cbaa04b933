/** For each server another value of the configuration, for which something in it or of it has to change while it is down; or why there is none. */
export type WhileDown = { change: Record<string, unknown> } | { none: string };

export const WHILE_DOWN: Record<string, WhileDown> = {
  postgresql: { change: { connectorOverrides: { "snapshot.fetch.size": 5_001 } } },
  zookeeper: { change: { topicConfig: { "*": { "retention.ms": 86_400_001 } } } },
  kafka: { change: { topicConfig: { "*": { "retention.ms": 86_400_002 } } } },
  "kafka-connect": { change: { connectorOverrides: { "snapshot.fetch.size": 5_002 } } },
  supervisor: { change: { supervisorBackoffUnit: 62 } },
  minio: { change: { lakeSecretKey: "another-lake-secret-key" } },
  "spark-client": { change: { triggerInterval: "4 seconds" } },
  "spark-master": { none: "without it a job waits for five minutes before it says so" },
  "spark-worker": { none: "without it a job waits for five minutes before it says so" },
  proof: { none: "it is asked for nothing, and its own configuration is that of all the others" },
  console: { none: "it is asked for nothing, and its own configuration is that of all the others" },
};
