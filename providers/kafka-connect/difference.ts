import { isDeepStrictEqual } from "node:util";
import { UNKNOWN } from "../unknown";
import { addedTables } from "./captured-tables";
import { sameConfig } from "./config";
import { readsAnotherLog } from "./debezium-postgres";
import type { ConnectorInputs, ConnectorOutputs } from "./inputs";

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
 * was not RUNNING when it was last looked at differs from any wanted one.
 */
export function differenceOf(there: ConnectorOutputs, wanted: ConnectorInputs): Difference {
  const replaces: string[] = [];
  if (isKnown(wanted.name) && there.name !== wanted.name) replaces.push("name");
  const configKnown = isKnown(wanted.config);
  if (configKnown && readsAnotherLog(there.config, withoutUnknowns(wanted.config, there.config))) {
    replaces.push("config");
  }
  const changes =
    replaces.length > 0 ||
    !configKnown ||
    !sameConfig(there.config, wanted.config) ||
    there.state !== "RUNNING" ||
    (configKnown &&
      addedTables(withoutUnknowns(wanted.config, there.config), there.capturedTables).length > 0) ||
    (["name", "connectUrl", "database", "dropOnDelete", "deletedAlong", "timeoutSeconds"] as const).some(
      (property) => !isDeepStrictEqual(there[property], wanted[property]),
    );
  return { changes, replaces, deleteBeforeReplace: true, stables: replaces.length > 0 ? [] : ["name"] };
}

function isKnown(value: unknown): boolean {
  return value !== UNKNOWN;
}

/** A value that is not known yet is no reason to announce a replacement. */
function withoutUnknowns(config: ConnectorInputs["config"], there: ConnectorInputs["config"]) {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, isKnown(value) ? value : (there[key] ?? value)]),
  );
}
