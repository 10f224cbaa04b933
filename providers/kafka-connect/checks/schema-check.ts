import { UNKNOWN } from "../../unknown";
import type { ConnectorSchema, KeySchema } from "../debezium/connector-schema";
import type { ConnectorConfig } from "../rest/api";
import { nearest } from "../text/nearest";
import { configError, type Finding } from "./finding";
import { unknownKeys } from "./unknown-keys";

const WHOLE: Readonly<Record<string, bigint>> = { SHORT: 2n ** 15n, INT: 2n ** 31n, LONG: 2n ** 63n };

/** What a schema has against a config; values not known yet, and references such as `${file:…}`, pass. */
export function checkAgainstSchema(config: ConnectorConfig, schema: ConnectorSchema): Finding[] {
  const keys = Object.entries(schema.keys);
  const missing = keys
    .filter(([key, { required }]) => required && (config[key] ?? "").trim() === "")
    .map(([key]) => configError(key, "is missing: the connector needs a value"));
  const wrong = keys.flatMap(([key, keySchema]) => {
    const value = config[key];
    if (value === undefined || value === UNKNOWN || value.includes("${")) return [];
    const problem = problemOf(value.trim(), keySchema);
    return problem === undefined ? [] : [configError(key, problem)];
  });
  return [...missing, ...wrong, ...unknownKeys(config, new Set(Object.keys(schema.keys)), false)];
}

function problemOf(value: string, { type, values, min }: KeySchema): string | undefined {
  const found = `found ${JSON.stringify(value)}`;
  if (values && !values.includes(value.toLowerCase())) {
    const likely = nearest(value, values);
    return `must be one of ${values.join(", ")}; ${found}${likely ? `: did you mean "${likely}"?` : ""}`;
  }
  if (type === "BOOLEAN" && !/^(true|false)$/i.test(value)) return `must be true or false, ${found}`;
  if (type === "DOUBLE" && (value === "" || Number.isNaN(Number(value)))) return `must be a number, ${found}`;
  const limit = WHOLE[type];
  if (limit === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(value)) return `must be a whole number, ${found}`;
  const number = BigInt(value.replace(/^\+/, ""));
  if (number >= limit || number < -limit) return `must be a number of type ${type}, ${found}`;
  return min !== undefined && number < BigInt(min) ? `must be at least ${min}, ${found}` : undefined;
}
