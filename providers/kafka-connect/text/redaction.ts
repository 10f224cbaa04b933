const SECRET_KEY = /password|secret|passphrase|credential|token|jaas/i;
const PLACEHOLDER = /\$\{[^}]+\}/;
const SHORTEST = 4;

/** Whether a key of a config is one whose value must not be shown. */
export function namesSecret(key: string): boolean {
  return SECRET_KEY.test(key);
}

/**
 * A function that blanks the secrets of a connector's inputs in a text: the passwords for database and Kafka, and whatever stands
 * in clear under a key of the config that names a secret. A secret that is equal to something that is not one (user and
 * password both `postgres`) cannot be blanked without garbling the message, and is left.
 */
export function redactor(inputs: {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly database?: object | undefined;
  readonly kafkaSecurity?: { readonly signIn?: object | undefined } | undefined;
}): (text: string) => string {
  const secrets = new Set<string>();
  const open = new Set<string>();
  for (const [key, value] of [
    ...Object.entries(inputs.config ?? {}),
    ...Object.entries(inputs.database ?? {}),
    ...Object.entries(inputs.kafkaSecurity?.signIn ?? {}),
  ]) {
    if (typeof value !== "string") continue;
    if (namesSecret(key) && !PLACEHOLDER.test(value)) secrets.add(value);
    else open.add(value);
  }
  const hidden = [...secrets]
    .filter((secret) => secret.length >= SHORTEST && !open.has(secret))
    .sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((result, secret) => result.replaceAll(secret, "[secret]"), text);
}
