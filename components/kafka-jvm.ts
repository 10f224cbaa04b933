/** What client settings in a JVM of Kafka's may not load or reach, whoever wrote them: a connector's config, a broker's dynamic settings. */

/** They look a name up that they are given, in a directory that may answer with a class, or read a key store. */
const LOGIN_MODULES = ["JndiLoginModule", "LdapLoginModule", "KeyStoreLoginModule", "Krb5LoginModule"].map(
  (name) => `com.sun.security.auth.module.${name}`,
);

/**
 * Options of the JVM.
 *
 * @param configProvider the one class that settings may name as a source of values; `none` for none. Kafka's own read every file,
 *   and the environment, for any config that declares them.
 */
export function closedJvm(configProvider: string): string {
  return [
    `-Dorg.apache.kafka.automatic.config.providers=${configProvider}`,
    `-Dorg.apache.kafka.disallowed.login.modules=${LOGIN_MODULES.join()}`,
    // Of tokens: no URL, no file.
    "-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=",
    "-Dorg.apache.kafka.sasl.oauthbearer.allowed.files=",
  ].join(" ");
}
