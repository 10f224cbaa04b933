import type { Diff, Properties, PropertyValue } from "../../provider";
import { asSet, changedProperties } from "../changed-properties";

/** Docker changes these while the container lives. */
const UPDATED_BY_DOCKER = [
  "restart",
  "maxRetryCount",
  "memory",
  "memorySwap",
  "memoryReservation",
  "cpuShares",
  "cpuSet",
];

/** These say how the engine deals with the container and are no part of it. */
const UPDATED_IN_STATE = [
  "wait",
  "waitTimeout",
  "start",
  "destroyGraceSeconds",
  "removeVolumes",
  "containerReadRefreshTimeoutMilliseconds",
];

const IN_PLACE = new Set([...UPDATED_BY_DOCKER, ...UPDATED_IN_STATE]);

/** Lists whose order means nothing. */
const SETS = new Set([
  "envs",
  "labels",
  "securityOpts",
  "networksAdvanced",
  "ports",
  "volumes",
  "uploads",
  "hosts",
  "ulimits",
  "groupAdds",
]);

const DEFAULTS: Properties = {
  mustRun: true,
  start: true,
  wait: false,
  waitTimeout: 60,
  restart: "no",
  removeVolumes: true,
  destroyGraceSeconds: 0,
};

/**
 * What a change of inputs means for a container. `mustRun` in the old state is false when the container was
 * last seen stopped or unhealthy, or never became usable: a fresh one takes its place.
 */
export function containerDiff(oldInputs: Properties, oldOutputs: Properties, newInputs: Properties): Diff {
  const lastSeen = oldOutputs.mustRun === false ? { ...oldInputs, mustRun: false } : oldInputs;
  const changed = changedProperties(lastSeen, newInputs, normalise);
  return {
    changed,
    replaces: changed.filter((name) => !IN_PLACE.has(name)),
    deleteBeforeReplace: true,
  };
}

function normalise(name: string, value: PropertyValue): PropertyValue {
  if (value === undefined) return DEFAULTS[name];
  if (name === "ports" && Array.isArray(value)) return asSet(value.map(withPortDefaults));
  if (name === "networksAdvanced" && Array.isArray(value)) return asSet(value.map(withSortedAliases));
  if (name === "capabilities") return sortedMembers(value);
  // An empty list and none at all are the same wish.
  if (Array.isArray(value) && value.length === 0) return undefined;
  return SETS.has(name) ? asSet(value) : value;
}

function withPortDefaults(port: unknown): unknown {
  if (typeof port !== "object") return port;
  return { ip: "0.0.0.0", protocol: "tcp", ...port };
}

function withSortedAliases(network: unknown): unknown {
  if (typeof network !== "object" || network === null || !("aliases" in network)) return network;
  return { ...network, aliases: asSet(network.aliases) };
}

function sortedMembers(value: PropertyValue): PropertyValue {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, list]) => [name, asSet(list)]));
}
