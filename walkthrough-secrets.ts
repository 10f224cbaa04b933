import { isNamed } from "./named-servers";

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

/** Of servers that are there already only. */
const OF_OTHERS = ["kafkaPassword"] as const;

/** A secret of a stack: the name of its configuration value. */
export type SecretName = keyof typeof WALKTHROUGH_SECRETS | (typeof OF_OTHERS)[number];
/** One that a stack's own server has. */
export type OwnSecretName = keyof typeof WALKTHROUGH_SECRETS;

export const SECRET_NAMES = [...(Object.keys(WALKTHROUGH_SECRETS) as OwnSecretName[]), ...OF_OTHERS];

/**
 * Which secrets a stack has: those of its own servers, which can be made up, and those that servers give which are there already.
 *
 * @param config the values `cdc:postgresql`, `cdc:kafka` and `cdc:objectStore`
 */
export function secretsOf(config: { postgresql?: unknown; kafka?: unknown; objectStore?: unknown }): {
  made: OwnSecretName[];
  given: SecretName[];
} {
  const database: OwnSecretName[] = ["postgresPassword"];
  const store: OwnSecretName[] = ["lakeSecretKey"];
  const [postgresql, objectStore] = [isNamed(config.postgresql), isNamed(config.objectStore)];
  return {
    made: [...(postgresql ? [] : database), ...(objectStore ? [] : ["minioRootPassword" as const, ...store])],
    given: [
      ...(postgresql ? database : []),
      ...(signsIn(config.kafka) ? OF_OTHERS : []),
      ...(objectStore ? store : []),
    ],
  };
}

function signsIn(kafka: unknown): boolean {
  const { user } = (kafka as { security?: { user?: unknown } } | undefined)?.security ?? {};
  return user !== undefined;
}
