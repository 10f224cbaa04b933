/** Orders that follow from what a resource cannot be without. */
import { prerequisites, type ResourceState } from "./deployment";

/** The resources with every prerequisite before what needs it, otherwise in the given order. */
export function inDependencyOrder(resources: Iterable<ResourceState>): ResourceState[] {
  const byUrn = new Map<string, ResourceState[]>();
  for (const state of resources) {
    byUrn.set(state.urn, [...(byUrn.get(state.urn) ?? []), state]);
  }
  const ordered = new Set<ResourceState>();
  const visited = new Set<ResourceState>();
  const visit = (state: ResourceState) => {
    if (visited.has(state)) {
      return;
    }
    visited.add(state);
    for (const urn of prerequisites(state)) {
      for (const prerequisite of byUrn.get(urn) ?? []) {
        visit(prerequisite);
      }
    }
    ordered.add(state);
  };
  for (const state of resources) {
    visit(state);
  }
  return [...ordered];
}

/**
 * Removes resources side by side, each after everything among them that needs it.
 * @param remove Resolves to false when the resource is still there; what it needs is then left alone.
 */
export async function removeInReverseOrder(
  resources: ResourceState[],
  remove: (state: ResourceState) => Promise<boolean>,
): Promise<void> {
  const ordered = inDependencyOrder(resources);
  const removals = new Map<ResourceState, Promise<boolean>>();
  // From the last to the first: whatever needs a resource comes after it, so its removal is already known.
  for (const state of ordered.toReversed()) {
    const dependents = [...removals]
      .filter(([other]) => prerequisites(other).includes(state.urn))
      .map(([, removal]) => removal);
    removals.set(
      state,
      Promise.all(dependents).then((removed) => removed.every(Boolean) && remove(state)),
    );
  }
  await Promise.all(removals.values());
}
