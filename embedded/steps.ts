/** The steps that change something outside: each is recorded before it begins and after it ends. */
import { type PendingOperation, providerUrn, type ResourceState } from "./deployment";
import type { Operation, Reporter } from "./display";
import { markSecretNames, markSecretsLike, unwrapSecrets } from "./property-values";
import { PartialFailure, type Properties } from "./provider";
import type { ProviderRegistry } from "./provider-registry";
import type { Slots } from "./slots";
import type { Snapshot } from "./snapshot";
import { isProviderType } from "./urn";

export interface Run {
  readonly preview: boolean;
  readonly snapshot: Snapshot;
  readonly providers: ProviderRegistry;
  readonly reporter: Reporter;
  readonly slots: Slots;
}

export function providerOf(run: Run, state: ResourceState) {
  return run.providers.find(state.type, providerUrn(state.provider ?? "::"));
}

/**
 * Creates a resource.
 * @param replaced The resource in whose place it comes; it is deleted at the end of the run.
 */
export async function createResource(
  run: Run,
  state: ResourceState,
  operation: "create" | "replace",
  replaced?: ResourceState,
): Promise<ResourceState> {
  const { snapshot } = run;
  const provider = await providerOf(run, state);
  const record = async (created: ResourceState) => {
    if (replaced !== undefined) {
      snapshot.replace(replaced, { ...replaced, delete: true });
    }
    snapshot.add(created);
    // An earlier run may have been interrupted in this step; what it left behind is now accounted for.
    for (const pending of snapshot.pendingOperations()) {
      if (pending.type === "creating" && pending.resource.urn === state.urn) {
        snapshot.end(pending);
      }
    }
  };
  const now = new Date().toISOString();
  return perform(run, operation, { type: "creating", resource: state }, async (progress) => {
    try {
      const { id, outputs } = await provider.create({
        urn: state.urn,
        inputs: unwrapSecrets(state.inputs ?? {}),
        timeoutSeconds: state.customTimeouts?.create,
        progress,
      });
      const created = { ...state, id, outputs: withSecrets(state, outputs), created: now, modified: now };
      await record(created);
      return created;
    } catch (error) {
      if (error instanceof PartialFailure) {
        await record({ ...unfit(state, error), created: now, modified: now });
      }
      throw error;
    }
  });
}

/** Updates a resource in place. */
export async function updateResource(
  run: Run,
  old: ResourceState,
  state: ResourceState,
): Promise<ResourceState> {
  const { snapshot } = run;
  const provider = await providerOf(run, state);
  return perform(run, "update", { type: "updating", resource: state }, async (progress) => {
    const modified = new Date().toISOString();
    try {
      const { outputs } = await provider.update({
        urn: state.urn,
        id: old.id ?? "",
        inputs: unwrapSecrets(state.inputs ?? {}),
        oldInputs: unwrapSecrets(old.inputs ?? {}),
        oldOutputs: unwrapSecrets(old.outputs ?? {}),
        timeoutSeconds: state.customTimeouts?.update,
        progress,
      });
      const updated = { ...state, outputs: withSecrets(state, outputs), modified };
      snapshot.replace(old, updated);
      return updated;
    } catch (error) {
      if (error instanceof PartialFailure) {
        snapshot.replace(old, { ...unfit(state, error), modified });
      }
      throw error;
    }
  });
}

/**
 * Deletes a resource; what no provider manages, or what is to be kept, just leaves the state.
 * @param vanishing URNs that are deleted in the same run: a resource `deletedWith` one of them goes with it.
 */
export async function deleteResource(
  run: Run,
  state: ResourceState,
  vanishing: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { snapshot } = run;
  const goesAlong = state.deletedWith !== undefined && vanishing.has(state.deletedWith);
  if (!isManaged(state) || state.retainOnDelete || goesAlong) {
    snapshot.remove(state);
    await snapshot.save();
    return;
  }
  const provider = await providerOf(run, state);
  await perform(run, "delete", { type: "deleting", resource: state }, async (progress) => {
    await provider.delete({
      urn: state.urn,
      id: state.id ?? "",
      inputs: unwrapSecrets(state.inputs ?? {}),
      outputs: unwrapSecrets(state.outputs ?? {}),
      progress,
    });
    snapshot.remove(state);
  });
}

/** Whether there is something outside that only this stack takes care of. */
export function isManaged(state: ResourceState): boolean {
  return state.custom && !state.external && !isProviderType(state.type);
}

async function perform<T>(
  run: Run,
  operation: Operation,
  pending: PendingOperation,
  step: (progress: (message: string) => void) => Promise<T>,
): Promise<T> {
  const { snapshot, reporter, slots } = run;
  return slots.use(async () => {
    snapshot.begin(pending);
    await snapshot.save();
    try {
      return await reporter.step(operation, pending.resource.urn, step);
    } finally {
      snapshot.end(pending);
      await snapshot.save();
    }
  });
}

function withSecrets(state: ResourceState, outputs: Properties): Properties {
  return markSecretNames(markSecretsLike(outputs, state.inputs ?? {}), state.additionalSecretOutputs ?? []);
}

function unfit(state: ResourceState, failure: PartialFailure): ResourceState {
  return {
    ...state,
    id: failure.id,
    outputs: withSecrets(state, failure.outputs),
    initErrors: [failure.message],
  };
}
