import { UNKNOWN } from "../../unknown";
import { ConnectBusy, ConnectError, type ConnectorConfig, ConnectUnreachable } from "../rest/api";
import type { ConnectClient } from "../rest/client";
import { CONNECTION_ERROR, type Refusal, refusals } from "../rest/rejection";
import { configError, configWarning, type Finding } from "./finding";
import { unknownKeys } from "./unknown-keys";

/** Errors that say nothing about the config: the database may be up again the next moment. */
const NOT_REACHED = /connection attempt failed|refused|timed? ?out|I\/O error|SSL connection/i;

/**
 * What the worker has against the config: each error of its validation, in which Debezium also connects to the database,
 * and the keys that it does not know.
 *
 * @param isDatabaseReady whether the database is as it will be when the connector is made: then a no of it is final
 * @returns undefined when the worker gives no answer now; then nothing is known
 */
export async function checkOnWorker(
  connect: ConnectClient,
  name: string,
  config: ConnectorConfig,
  isDatabaseReady: boolean,
): Promise<Finding[] | undefined> {
  const known = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== UNKNOWN));
  if (known["connector.class"] === undefined) return undefined;
  const isUnknown = (key: string | undefined) => key !== undefined && config[key] === UNKNOWN;
  const logsInWithUnknown = Object.keys(config).some((key) => key.startsWith("database.") && isUnknown(key));
  try {
    const { errors, keys } = await connect.validateConfig(name, known);
    const findings = firstOfEach(refusals(known, errors)).flatMap(({ property, text, error }): Finding[] => {
      if (isUnknown(property)) return [];
      const key = property ?? "connector.class";
      if (!CONNECTION_ERROR.test(error)) return [configError(key, text)];
      if (logsInWithUnknown) return [];
      return [
        isDatabaseReady && !NOT_REACHED.test(error) ? configError(key, text) : configWarning(key, text),
      ];
    });
    // A transformation that is not found has not told its keys.
    const broken = findings.map(({ property }) => /"(.*)\.type"/.exec(property)?.[1]).filter(Boolean);
    const judged = Object.fromEntries(
      Object.entries(config).filter(([key]) => !broken.some((prefix) => key.startsWith(`${prefix}.`))),
    );
    return [...findings, ...unknownKeys(judged, new Set(keys), true)];
  } catch (error) {
    return findingsOfFailure(error, known);
  }
}

/** One complaint a key is enough: the others are about the same value. */
function firstOfEach(all: readonly Refusal[]): Refusal[] {
  return all.filter(
    (refusal, index) => all.findIndex(({ property }) => property === refusal.property) === index,
  );
}

function findingsOfFailure(error: unknown, config: ConnectorConfig): Finding[] | undefined {
  if (!(error instanceof ConnectError)) throw error;
  if (error instanceof ConnectUnreachable) return undefined;
  const notInstalled = /connector\.class \S+ (is not installed.*)$/.exec(error.message);
  if (notInstalled)
    return [configError("connector.class", `${config["connector.class"]} ${notInstalled[1]}`)];
  const file = /Could not read properties from file (\S+)/.exec(error.message)?.[1];
  const reference = Object.entries(config).find(([, value]) => file !== undefined && value.includes(file));
  if (reference)
    return [configError(reference[0], `refers to ${file}, which the Connect worker cannot read`)];
  if (error instanceof ConnectBusy || error.status === undefined) return undefined;
  return [configWarning("connector.class", `could not be validated: ${error.message}`)];
}
