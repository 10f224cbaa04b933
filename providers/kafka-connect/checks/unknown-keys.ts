import type { ConnectorConfig } from "../rest/api";
import { misspelt, nearest } from "../text/nearest";
import { configError, configWarning, type Finding } from "./finding";
import { DEBEZIUM_UNLISTED, freedomOf, isDebeziumPostgres, undeclaredName } from "./key-freedom";

/**
 * Keys of the config that nobody reads, which Connect would take without a word.
 *
 * @param listed the keys that the connector's plugin lists, in this config's case
 * @param hasSubKeys whether the list has the keys of transformations, predicates, converters and clients, too
 */
export function unknownKeys(
  config: ConnectorConfig,
  listed: ReadonlySet<string>,
  hasSubKeys: boolean,
): Finding[] {
  const known = new Set([...listed, ...(isDebeziumPostgres(config) ? DEBEZIUM_UNLISTED : [])]);
  const findings: Finding[] = [];
  for (const key of Object.keys(config)) {
    if (known.has(key)) continue;
    const undeclared = undeclaredName(key, config);
    if (undeclared) {
      const { list, name } = undeclared;
      findings.push(configError(key, `is of no use: "${list}" does not contain ${name}`));
      continue;
    }
    const freedom = freedomOf(key, config);
    if (freedom === "open" || (freedom === "loose" && isSubKey(key) && !hasSubKeys)) continue;
    if (freedom === "closed") {
      const likely = nearest(key, known);
      findings.push(
        configError(key, `is not a key of this connector${likely ? `: did you mean "${likely}"?` : ""}`),
      );
      continue;
    }
    // What is set already was not meant by this one.
    const likely = misspelt(
      key,
      [...known].filter((candidate) => !(candidate in config)),
    );
    if (likely) {
      findings.push(configError(key, `is not a key of this connector: did you mean "${likely}"?`));
    } else if (!isOthersToKnow(key)) {
      findings.push(
        configWarning(
          key,
          "is not among the keys that are listed for it: unless it is read all the same, it has no effect",
        ),
      );
    }
  }
  return findings;
}

/** Keys that a converter, a Kafka client or the JDBC driver may pass on further: whatever is there may be right. */
function isOthersToKnow(key: string): boolean {
  return /^((key|value|header)\.converter|(producer|consumer|admin)\.override|database)\./.test(key);
}

/** Keys that are handed on: to a transformation, a predicate, a converter, a Kafka client. */
function isSubKey(key: string): boolean {
  return /^(transforms|predicates|(key|value|header)\.converter|(producer|consumer|admin)\.override)\./.test(
    key,
  );
}
