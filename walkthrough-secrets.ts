/**
 * Secrets of the walkthrough, which everybody knows: those of a stack with `cdc:walkthroughPasswords: true`. Neither in that stack's file
 * nor among the defaults of Pulumi.yaml: what is there in clear, Pulumi hands to every dynamic provider as plain configuration, and so keeps
 * it in clear in the state.
 */
export const WALKTHROUGH_SECRETS = {
  /** Password of the database superuser `postgres`. */
  postgresPassword: "postgres",
  /** Password of MinIO's administrator, at least 8 characters. */
  minioRootPassword: "minioadmin123",
  /** Secret key of the MinIO user `lake-writer`, with which Spark writes, 8 to 40 characters. */
  lakeSecretKey: "lake-secret-key",
} as const;

/** A secret that every stack has: the name of its configuration value. */
export type SecretName = keyof typeof WALKTHROUGH_SECRETS;
