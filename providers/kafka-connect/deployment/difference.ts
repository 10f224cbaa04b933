import { isDeepStrictEqual } from "node:util";
import { UNKNOWN } from "../../unknown";
import { addedTables } from "../debezium/captured-tables";
import { sameConfig } from "../debezium/config";
import { readsAnotherLog } from "../debezium/postgres";
import type { ConnectorInputs, ConnectorOutputs } from "../inputs";
import { targetState } from "../rest/desired-state";
import { isNewRequest } from "../rest/offsets";

/** What to do about a connector that is there and one that is wanted. */
export interface Difference {
  readonly changes: boolean;
  /** Properties whose change asks for a new connector. */
  readonly replaces: string[];
  /** The old and the new connector would share a name or a replication slot. */
  readonly deleteBeforeReplace: boolean;
  readonly stables: string[];
}

/**
 * Compares what is there, which after a refresh is what Connect really has, with what is wanted. A connector that
 * was not in the state wanted when it was last looked at differs. So does one whose offsets are to be moved.
 */
export function differenceOf(there: ConnectorOutputs, wanted: ConnectorInputs): Difference {
  const replaces: string[] = [];
  if (otherCluster(there, wanted)) replaces.push("kafkaMetadata");
  if (isKnown(wanted.name) && there.name !== wanted.name) replaces.push("name");
  const configKnown = isKnown(wanted.config);
  if (configKnown && readsAnotherLog(there.config, withoutUnknowns(wanted.config, there.config))) {
    replaces.push("config");
  }
  const changes =
    replaces.length > 0 ||
    !configKnown ||
    !sameConfig(there.config, wanted.config) ||
    there.state !== targetState(wanted.desiredState) ||
    isNewRequest(there.offsets, wanted.offsets) ||
    // Rows are sent once the connector runs.
    (configKnown &&
      targetState(wanted.desiredState) === "RUNNING" &&
      addedTables(withoutUnknowns(wanted.config, there.config), there.capturedTables).length > 0) ||
    (there.drift ?? []).length > 0 ||
    (["name", "dropOnDelete", "deletedAlong", "timeoutSeconds", "gaps", "tableLists"] as const).some(
      (property) => !isDeepStrictEqual(there[property], wanted[property]),
    ) ||
    (["connectUrl", "database", "kafka", "kafkaSecurity"] as const).some(
      (property) =>
        !isDeepStrictEqual(there[property], withoutUnknownParts(wanted[property], there[property])),
    );
  return { changes, replaces, deleteBeforeReplace: true, stables: replaces.length > 0 ? [] : ["name"] };
}

/** What to say when the worker belongs to another Kafka cluster than before; undefined when it does not. */
export function otherCluster(there: ConnectorInputs, wanted: ConnectorInputs): string | undefined {
  const { kafkaMetadata: before = "zookeeper" } = there;
  const { kafkaMetadata: after = "zookeeper" } = wanted;
  if (before === after) return undefined;
  return (
    `Kafka's metadata moves from ${before} to ${after}. That is a new, empty Kafka: what the topics hold does not move. ` +
    "Topics are made anew, and the connector takes a new snapshot, whose rows reach the lake again, as op r. " +
    "Changes that are not in the lake yet arrive only as their rows' newest state; deletions among them do not."
  );
}

function isKnown(value: unknown): boolean {
  return value !== UNKNOWN;
}

/** An address that is not known before the deployment is taken for the one recorded: as a rule it stays the same. */
function withoutUnknownParts(wanted: unknown, there: unknown): unknown {
  if (wanted === UNKNOWN) return there;
  if (typeof wanted !== "object" || wanted === null || typeof there !== "object" || there === null)
    return wanted;
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => [
      key,
      withoutUnknownParts(value, (there as Record<string, unknown>)[key]),
    ]),
  );
}

/** A value that is not known yet is no reason to announce a replacement. */
function withoutUnknowns(config: ConnectorInputs["config"], there: ConnectorInputs["config"]) {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, isKnown(value) ? value : (there[key] ?? value)]),
  );
}
