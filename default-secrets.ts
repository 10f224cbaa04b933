/**
 * Secrets of a stack that sets none: those of the walkthrough, for a laptop. Not among the defaults of Pulumi.yaml: what is there, Pulumi
 * hands to every dynamic provider as plain configuration, and so keeps it in clear in the state.
 */
export const DEFAULT_SECRETS = {
  /** Password of the database superuser `postgres`. */
  postgresPassword: "postgres",
  /** Password of MinIO's administrator, at least 8 characters. */
  minioRootPassword: "minioadmin123",
  /** Secret key of the MinIO user `lake-writer`, with which Spark writes, 8 to 40 characters. */
  lakeSecretKey: "lake-secret-key",
} as const;
