import { normaliseConfig } from "../debezium/config";
import { namesSecret } from "../text/redaction";
import type { ConnectorConfig } from "./api";

/** Stands in the state for a secret that somebody put into a connector's config by hand. */
export const HIDDEN = "(another value, not shown)";

/**
 * A connector's config as Connect has it, fit for a state and a screen. A secret in it is compared with the one recorded,
 * and not shown when it is another. Some Connect services mask secrets: what cannot be compared is taken for unchanged.
 */
export function liveConfig(
  live: Readonly<Record<string, unknown>>,
  recorded: ConnectorConfig = {},
): ConnectorConfig {
  const config = normaliseConfig(live);
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (value === recorded[key] || !namesSecret(key) || value.includes("${")) return [key, value];
      return [key, (isMasked(value) && recorded[key]) || HIDDEN];
    }),
  );
}

function isMasked(value: string): boolean {
  return /^\*{3,}$/.test(value);
}
