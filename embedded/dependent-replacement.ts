/** What has to go before a resource can be deleted in order to be replaced. */
import { providerUrn, type ResourceState } from "./deployment";
import { unwrapSecrets } from "./property-values";
import { UNKNOWN } from "./provider";
import { isManaged, providerOf, type Run } from "./steps";

/**
 * The resources that cannot outlive `replaced`: those deleted or replaced with it, and those with an input computed from it (or from
 * another of them) whose provider would replace them if that input changed. A mere `dependsOn` is no reason.
 * @param seen URNs that the program has registered already in this run; they are settled.
 * @returns In dependency order.
 */
export async function dependentsToReplace(
  run: Run,
  replaced: ResourceState,
  seen: ReadonlySet<string>,
): Promise<ResourceState[]> {
  const doomed = new Set([replaced.urn]);
  const dependents: ResourceState[] = [];
  for (const state of run.snapshot.all()) {
    if (state.delete || seen.has(state.urn) || !isManaged(state)) {
      continue;
    }
    const losesProvider = state.provider !== undefined && doomed.has(providerUrn(state.provider));
    const goesAlong = goesWith(state).some((urn) => doomed.has(urn));
    if (losesProvider || goesAlong || (await mustFollow(run, state, doomed))) {
      doomed.add(state.urn);
      dependents.push(state);
    }
  }
  return dependents;
}

/** URNs of resources whose replacement is that of a resource, too. */
export function goesWith({ deletedWith, replaceWith }: ResourceState): string[] {
  return [...(deletedWith === undefined ? [] : [deletedWith]), ...(replaceWith ?? [])];
}

async function mustFollow(run: Run, state: ResourceState, doomed: ReadonlySet<string>): Promise<boolean> {
  const uncertain = Object.entries(state.propertyDependencies ?? {})
    .filter(([, urns]) => urns.some((urn) => doomed.has(urn)))
    .map(([property]) => property);
  if (uncertain.length === 0) {
    return false;
  }
  const inputs = unwrapSecrets(state.inputs ?? {});
  const provider = await providerOf(run, state);
  const diff = await provider.diff({
    urn: state.urn,
    id: state.id ?? "",
    oldInputs: inputs,
    oldOutputs: unwrapSecrets(state.outputs ?? {}),
    newInputs: { ...inputs, ...Object.fromEntries(uncertain.map((property) => [property, UNKNOWN])) },
  });
  return diff.replaces.length > 0;
}
