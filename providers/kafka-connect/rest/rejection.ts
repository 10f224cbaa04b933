import type { ConnectorConfig, PropertyError } from "./api";

const HEADING = /^Connector configuration is invalid and contains the following \d+ error\(s\):\s*/;
const FOOTNOTE = /\s*You can also find the above list of errors at the endpoint.*$/s;

/** How Debezium begins what went wrong between it and the database. */
export const CONNECTION_ERROR = /^Error while validating connector config: /;

/** One thing that Connect has against a config. */
export interface Refusal {
  /** The key of the config at fault, if one is. */
  readonly property: string | undefined;
  readonly text: string;
  /** The same as Connect put it. */
  readonly error: string;
}

/** What the validation endpoint found, blamed on the right keys and without what the key in front of it says already. */
export function refusals(config: ConnectorConfig, validation: readonly PropertyError[]): Refusal[] {
  return explained(
    config,
    validation.flatMap(({ property, errors }) => errors.map((error) => ({ property, error }))),
  );
}

/**
 * Connect's refusal of a config as lines `config["slot.name"]: what is wrong`. The refusal itself rarely names
 * properties, so the validation endpoint's answer is preferred; without one, a property is taken from the text where
 * Debezium or Kafka quote it.
 */
export function describeRejection(
  config: ConnectorConfig,
  message: string,
  validation: readonly PropertyError[],
): string[] {
  const found = refusals(config, validation);
  return (found.length > 0 ? found : explained(config, listedErrors(message))).map(({ property, text }) =>
    property ? `config["${property}"]: ${text}` : text,
  );
}

function explained(
  config: ConnectorConfig,
  errors: readonly { property: string | undefined; error: string }[],
): Refusal[] {
  const all = errors.map(({ property, error }) => {
    const text = plainText(error);
    const culprit = connectionCulprit(config, text);
    return culprit
      ? { property: culprit.property, text: `${text} ${culprit.hint}`.trim(), error }
      : { property, text, error };
  });
  return [...new Map(all.map((refusal) => [`${refusal.property}: ${refusal.text}`, refusal])).values()];
}

function listedErrors(message: string): { property: string | undefined; error: string }[] {
  return message
    .replace(HEADING, "")
    .replace(FOOTNOTE, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((error) => ({ property: quotedProperty(error), error }));
}

function quotedProperty(line: string): string | undefined {
  return (
    /^The '([\w.-]+)' value is invalid/.exec(line)?.[1] ??
    /^Missing required configuration "([\w.-]+)"/.exec(line)?.[1] ??
    /^Invalid value .* for configuration ([\w.-]+):/.exec(line)?.[1]
  );
}

/** The first line, without what the property in front of it says already. */
function plainText(error: string): string {
  return (error.split("\n")[0] ?? "")
    .trim()
    .replace(/^The '[\w.-]+' value is invalid: /, "")
    .replace(/^Error while validating connector config: /, "");
}

/** Debezium blames everything that goes wrong between it and the database on `database.hostname`. */
function connectionCulprit(
  config: ConnectorConfig,
  text: string,
): { property: string; hint: string } | undefined {
  if (/password authentication failed|no password was provided/i.test(text)) {
    const password = config["database.password"] ?? "";
    const hint = password.startsWith("${") ? `(the worker reads it from ${password})` : "";
    return { property: "database.password", hint };
  }
  if (/role ".*" does not exist/.test(text)) return { property: "database.user", hint: "" };
  if (/database ".*" does not exist/.test(text)) return { property: "database.dbname", hint: "" };
  if (/connection (attempt failed|.*refused)/i.test(text)) {
    const address = `${config["database.hostname"]}:${config["database.port"] ?? 5432}`;
    return {
      property: "database.hostname",
      hint: `The Connect worker does not reach PostgreSQL at ${address}`,
    };
  }
  return undefined;
}
