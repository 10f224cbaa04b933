/** Services whose image can be replaced by configuration. */
export const IMAGE_NAMES = [
  "postgresql",
  "zookeeper",
  "kafka",
  "kafka-connect",
  "supervisor",
  "proof",
  "console",
  "minio",
  "spark",
] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];
