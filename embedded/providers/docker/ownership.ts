import { STACK_LABEL } from "../../../labels";

/**
 * Whether something that already has our name is left over from an interrupted run of this very stack: both
 * carry the same stack label. Anything else belongs to somebody else and is not touched.
 */
export function isLeftover(
  wanted: Record<string, string>,
  found: Record<string, string> | null | undefined,
): boolean {
  const stack = wanted[STACK_LABEL];
  return stack !== undefined && found?.[STACK_LABEL] === stack;
}

/** Says whose it is, as far as its labels tell. */
export function ownerOf(labels: Record<string, string> | null | undefined): string {
  const stack = labels?.[STACK_LABEL];
  return stack === undefined ? "it was not made by this stack" : `it belongs to stack "${stack}"`;
}
