/** Decides what becomes of an existing resource. Pure. */
import type { Diff } from "./provider";

export type StepPlan =
  | { operation: "same" }
  | { operation: "update"; changed: string[] }
  | { operation: "replace"; changed: string[]; replaces: string[]; deleteFirst: boolean };

export interface StepWishes {
  /** Property paths, of which the first part counts: a change of any of them replaces; `*` is any. */
  replaceOnChanges: string[];
  /** Overrides what the provider says, when the program sets it. */
  deleteBeforeReplace: boolean | undefined;
  /** Why the last create or update left the resource unfit. */
  initErrors: string[];
}

export function planStep(diff: Diff, wishes: StepWishes): StepPlan {
  const roots = wishes.replaceOnChanges.map((path) => path.split(/[.[]/)[0]);
  const wanted = diff.changed.filter((name) => roots.includes("*") || roots.includes(name));
  const replaces = [...new Set([...diff.replaces, ...wanted])];
  const changed = [...new Set([...diff.changed, ...replaces])];
  if (replaces.length > 0) {
    const deleteFirst = wishes.deleteBeforeReplace ?? diff.deleteBeforeReplace;
    return { operation: "replace", changed, replaces, deleteFirst };
  }
  // A resource that is not right is brought up to its inputs again, even if they are the same.
  return changed.length > 0 || wishes.initErrors.length > 0
    ? { operation: "update", changed }
    : { operation: "same" };
}
