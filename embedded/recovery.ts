/** Makes sense of the steps that an earlier run was interrupted in. */
import type { PendingOperation, ResourceState } from "./deployment";
import { unwrapSecrets } from "./property-values";
import { PartialFailure } from "./provider";
import { deleteResource, isManaged, providerOf, type Run } from "./steps";
import { displayName } from "./urn";

/** What a resource is marked with that was being updated when the run ended: the next update repeats it. */
const INTERRUPTED_UPDATE = "the last run was interrupted while updating it";

/**
 * Before the program runs: repeats interrupted deletions, marks interrupted updates. Interrupted creations
 * wait for the program to ask for the resource again (its provider then takes over what is there).
 */
export async function resumePendingOperations(run: Run): Promise<void> {
  for (const pending of run.snapshot.pendingOperations()) {
    const { urn } = pending.resource;
    const live = run.snapshot.live(urn);
    run.reporter.line(`The last run was interrupted while ${pending.type} ${displayName(urn)}.`);
    if (pending.type === "creating") {
      run.reporter.line("  It is created again, or taken over if it is there already.");
      continue;
    }
    if (pending.type === "updating" && live !== undefined) {
      run.reporter.line("  It is updated again.");
      run.snapshot.replace(live, { ...live, initErrors: [INTERRUPTED_UPDATE] });
    }
    if (pending.type === "deleting" && live !== undefined && live.id === pending.resource.id) {
      run.reporter.line("  The deletion is repeated.");
      await repeatDeletion(run, live);
    }
    run.snapshot.end(pending);
  }
  await run.snapshot.save();
}

async function repeatDeletion(run: Run, live: ResourceState): Promise<void> {
  if (run.preview) {
    run.snapshot.remove(live);
  } else {
    await deleteResource(run, live);
  }
}

/** Before a destroy: only interrupted creations need care, everything else is deleted anyway. */
export function dropHarmlessOperations(run: Run): void {
  for (const pending of run.snapshot.pendingOperations()) {
    if (pending.type !== "creating") {
      run.snapshot.end(pending);
    }
  }
}

/**
 * Removes what interrupted creations may have left behind of resources that nobody asks for any more.
 * @param giveUp Whether to forget one of which nobody can say any more whether it is there.
 */
export async function removeInterruptedCreations(run: Run, giveUp = false): Promise<void> {
  const interrupted = run.snapshot.pendingOperations().filter((pending) => pending.type === "creating");
  await Promise.all(interrupted.map((pending) => removeInterruptedCreation(run, pending, giveUp)));
  await run.snapshot.save();
}

async function removeInterruptedCreation(
  run: Run,
  pending: PendingOperation,
  giveUp: boolean,
): Promise<void> {
  const { resource } = pending;
  const name = displayName(resource.urn);
  if (run.preview) {
    run.reporter.line(
      `The last run was interrupted while creating ${name}; what is there of it will be deleted.`,
    );
    return;
  }
  if (!isManaged(resource) || resource.retainOnDelete) {
    run.snapshot.end(pending);
    return;
  }
  try {
    const found = await whatIsThere(run, resource);
    if (found === undefined) {
      run.reporter.line(`The last run was interrupted while creating ${name}; nothing of it is there.`);
    } else {
      run.snapshot.add(found);
      await deleteResource(run, found);
      run.reporter.count("delete");
    }
    run.snapshot.end(pending);
  } catch (error) {
    const message =
      "an earlier run was interrupted while creating it, and whether it is there could not be found out: " +
      (error as Error).message;
    if (giveUp) {
      run.snapshot.end(pending);
      run.reporter.line(`${name}: ${message}\n  It is forgotten now, because everything else is gone.`);
    } else {
      run.reporter.fail(resource.urn, message);
    }
  }
}

/** Asks the provider; one that cannot look has to create it again, which takes over what is there. */
async function whatIsThere(run: Run, state: ResourceState): Promise<ResourceState | undefined> {
  const provider = await providerOf(run, state);
  const inputs = unwrapSecrets(state.inputs ?? {});
  if (provider.find !== undefined) {
    const found = await run.slots.use(async () => provider.find?.({ urn: state.urn, inputs }));
    return found && { ...state, id: found.id, outputs: found.outputs };
  }
  try {
    const { id, outputs } = await run.slots.use(() =>
      run.reporter.step("create", state.urn, (progress) =>
        provider.create({ urn: state.urn, inputs, progress }),
      ),
    );
    return { ...state, id, outputs };
  } catch (error) {
    if (error instanceof PartialFailure) {
      return { ...state, id: error.id, outputs: error.outputs };
    }
    throw error;
  }
}
