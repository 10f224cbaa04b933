/** Deletes everything in the stack. */
import { removeInReverseOrder } from "./dependency-order";
import { dropHarmlessOperations, removeInterruptedCreations } from "./recovery";
import { protectedMessage } from "./registration";
import { Stopped } from "./slots";
import { deleteResource, isManaged, type Run } from "./steps";

/** Touches nothing if any resource is protected. */
export async function destroy(run: Run): Promise<void> {
  const resources = run.snapshot.all();
  const locked = resources.filter((state) => state.protect);
  for (const state of locked) {
    run.reporter.fail(state.urn, protectedMessage("it"));
  }
  if (locked.length > 0) {
    return;
  }
  dropHarmlessOperations(run);
  await removeInterruptedCreations(run, resources.length === 0);
  const vanishing = new Set(resources.map((state) => state.urn));
  await removeInReverseOrder(resources, async (state) => {
    try {
      await deleteResource(run, state, vanishing);
      if (isManaged(state)) {
        run.reporter.count("delete");
      }
      return true;
    } catch (error) {
      if (!(error instanceof Stopped)) {
        run.reporter.fail(state.urn, (error as Error).message);
      }
      return false;
    }
  });
  await run.snapshot.save();
}
