/** Pulumi's deployment document, version 3: what a stack consists of. */
import type { Properties } from "./provider";

export interface ResourceState {
  urn: string;
  /** True for what a provider manages, false for components. */
  custom: boolean;
  /** A resource that was replaced and is still to be deleted. */
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: Properties;
  outputs?: Properties;
  parent?: string;
  protect?: boolean;
  /** Read by the program, not managed by it. */
  external?: boolean;
  dependencies?: string[];
  /** Why the last create or update left the resource unfit. The next run updates it. */
  initErrors?: string[];
  /** `<urn>::<id>` of the provider resource. */
  provider?: string;
  /** Which resources each input was computed from. */
  propertyDependencies?: Record<string, string[]>;
  additionalSecretOutputs?: string[];
  /** Seconds. */
  customTimeouts?: { create?: number; update?: number; delete?: number };
  retainOnDelete?: boolean;
  deletedWith?: string;
  replaceWith?: string[];
  created?: string;
  modified?: string;
}

/** A step that was begun and whose end is not recorded. */
export interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting" | "reading";
}

export interface Deployment {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

/** The URNs that a resource cannot be without: they are created before it and deleted after it. */
export function prerequisites(state: ResourceState): string[] {
  const urns = [...(state.dependencies ?? []), ...Object.values(state.propertyDependencies ?? {}).flat()];
  if (state.parent !== undefined) {
    urns.push(state.parent);
  }
  if (state.provider !== undefined) {
    urns.push(providerUrn(state.provider));
  }
  return [...new Set(urns)];
}

/** The URN in a provider reference `<urn>::<id>`. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}
