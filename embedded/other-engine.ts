/** Turns a resource's state from that of one engine into that of the other. What both mean by it is the same. Pure. */
import type { ResourceState } from "./deployment";
import { isObject, isSecret, secret } from "./property-values";
import type { Properties, PropertyValue } from "./provider";
import { packageOf } from "./urn";

/** Packages whose plugins keep notes of their own among a resource's properties. */
const PLUGINS = new Set(["docker", "minio", "command", "pulumi"]);

/** Which of an object's properties the plugin filled in. */
const DEFAULTS = "__defaults";

/** Where a plugin keeps the version of a state's form. */
const META = "__meta";
const SCHEMA_VERSIONS: Record<string, string> = {
  "docker:index/container:Container": "2",
  "docker:index/network:Network": "1",
  "docker:index/volume:Volume": "1",
};

/** What the docker plugin records of a container that says nothing about it; without these it would make the container anew. */
const CONTAINER_DEFAULTS: Properties = {
  attach: false,
  containerReadRefreshTimeoutMilliseconds: 15_000,
  logs: false,
  mustRun: true,
  networkMode: "bridge",
  publishAllPorts: false,
  readOnly: false,
  removeVolumes: true,
  rm: false,
  start: true,
  stdinOpen: false,
  tty: false,
};

/** A resource of the Pulumi CLI's state as the embedded engine would have recorded it: with the program's own inputs only. */
export function fromPulumi(state: ResourceState): ResourceState {
  if (!state.custom || !PLUGINS.has(packageOf(state.type)) || state.inputs === undefined) return state;
  return {
    ...state,
    inputs: programsOwn(state.inputs) as Properties,
    ...(state.outputs && { outputs: withoutNotes(state.outputs) as Properties }),
  };
}

/** A resource of the embedded engine's state as the CLI's plugins would have recorded it. */
export function toPulumi(state: ResourceState): ResourceState {
  const version = SCHEMA_VERSIONS[state.type];
  if (version === undefined) return state;
  const defaults = state.type === "docker:index/container:Container" ? CONTAINER_DEFAULTS : {};
  const outputs = {
    ...defaults,
    ...state.outputs,
    [META]: JSON.stringify({ schema_version: version }),
  };
  return { ...state, outputs };
}

function programsOwn(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return secret(programsOwn(value.value));
  if (Array.isArray(value)) return value.map(programsOwn);
  if (!isObject(value)) return value;
  const filledIn = new Set(Array.isArray(value[DEFAULTS]) ? value[DEFAULTS] : []);
  const own = Object.entries(value).filter(([key]) => !key.startsWith("__") && !filledIn.has(key));
  return Object.fromEntries(own.map(([key, element]) => [key, programsOwn(element)]));
}

function withoutNotes(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return secret(withoutNotes(value.value));
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (!isObject(value)) return value;
  const own = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(own.map(([key, element]) => [key, withoutNotes(element)]));
}
