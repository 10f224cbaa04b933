/** Deletes many resources: what the program no longer has, or everything. */
import { removeInReverseOrder } from "./dependency-order";
import type { ResourceState } from "./deployment";
import { Stopped } from "./slots";
import { deleteResource, type Run } from "./steps";
import { isProviderType, parseUrn } from "./urn";

/** What to say of a resource that may not be deleted. */
export function protectedMessage(what: string): string {
  return `${what} is protected against deletion. Set \`protect: false\` in the program and run \`up\` first.`;
}

/**
 * Removes resources, dependents first, and reports what cannot be removed. In a preview announces them.
 * Replaced ones count with their replacement.
 */
export async function removeResources(run: Run, resources: ResourceState[]): Promise<void> {
  const vanishing = new Set(resources.filter((state) => !state.delete).map((state) => state.urn));
  await removeInReverseOrder(resources, async (state) => {
    if (state.protect) {
      run.reporter.fail(state.urn, protectedMessage("is no longer in the program, but it"));
      return false;
    }
    const counts = !state.delete && !isDefaultProvider(state);
    try {
      if (!run.preview) {
        await deleteResource(run, state, vanishing);
      } else if (counts) {
        run.reporter.remark("delete", state.urn, state.retainOnDelete ? "forget (it is kept)" : "delete");
      }
    } catch (error) {
      if (!(error instanceof Stopped)) {
        run.reporter.fail(state.urn, (error as Error).message);
      }
      return false;
    }
    if (counts) {
      run.reporter.count("delete");
    }
    return true;
  });
}

function isDefaultProvider(state: ResourceState): boolean {
  return isProviderType(state.type) && /^default(_|$)/.test(parseUrn(state.urn).name);
}
