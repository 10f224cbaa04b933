/** What the program asks for. */
import { inSeconds } from "./custom-timeouts";
import type { ResourceState } from "./deployment";
import type { Properties } from "./provider";

/** A resource as the program wants it. Secrets and unknown values are marked (see property-values.ts). */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  inputs: Properties;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** `<urn>::<id>` of an explicit provider; empty for the default one. */
  provider: string;
  /** Version of the package that registers the resource. */
  version: string;
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  deletedWith: string;
  /** URNs of resources with which it is replaced. */
  replaceWith: string[];
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  /** Former URNs. */
  aliases: string[];
  /** Durations such as `5m`; empty when not set. */
  customTimeouts: { create: string; update: string; delete: string };
  /** Options that the program uses and this engine does not know: better an error than no effect. */
  uncarriedOptions: string[];
}

export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  parent: string;
  inputs: Properties;
  dependencies: string[];
  provider: string;
  version: string;
  additionalSecretOutputs: string[];
}

export interface Registered {
  urn: string;
  /** Empty for a component, and in a preview for what does not exist yet. */
  id: string;
  outputs: Properties;
  result: "success" | "failed" | "skipped";
}

/** The resource as it is to be recorded, short of what its provider adds. */
export function plannedState(urn: string, goal: Goal, parent: ResourceState | undefined): ResourceState {
  const customTimeouts = inSeconds(goal.customTimeouts);
  const { additionalSecretOutputs, dependencies, propertyDependencies } = goal;
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs: goal.inputs,
    ...(goal.parent === "" ? {} : { parent: goal.parent }),
    ...((goal.protect ?? parent?.protect) ? { protect: true } : {}),
    ...((goal.retainOnDelete ?? parent?.retainOnDelete) ? { retainOnDelete: true } : {}),
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(Object.keys(propertyDependencies).length === 0 ? {} : { propertyDependencies }),
    ...(goal.deletedWith === "" ? {} : { deletedWith: goal.deletedWith }),
    ...(goal.replaceWith.length === 0 ? {} : { replaceWith: goal.replaceWith }),
    ...(additionalSecretOutputs.length === 0 ? {} : { additionalSecretOutputs }),
    ...(Object.keys(customTimeouts).length === 0 ? {} : { customTimeouts }),
  };
}
