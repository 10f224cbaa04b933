/** Deletes everything in the stack. */
import { dropHarmlessOperations, removeInterruptedCreations } from "./recovery";
import { protectedMessage, removeResources } from "./removal";
import type { Run } from "./steps";

/** Touches nothing if any resource is protected. */
export async function destroy(run: Run): Promise<void> {
  const resources = run.snapshot.all();
  const guarded = resources.filter((state) => state.protect);
  for (const state of guarded) {
    run.reporter.fail(state.urn, protectedMessage("it"));
  }
  if (guarded.length > 0) {
    return;
  }
  dropHarmlessOperations(run);
  await removeInterruptedCreations(run, resources.length === 0);
  await removeResources(run, resources);
  await run.snapshot.save();
}
