import type { Health } from "../view";

/** Each has a shape of its own: colour is not all that tells them apart. */
const SHAPES: Record<Health, { readonly path: string; readonly word: string }> = {
  well: { path: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", word: "well" },
  trouble: { path: "M8 1 15.5 14.5H.5Z", word: "trouble" },
  silent: { path: "M2 2H14V14H2Z", word: "no answer" },
  unseen: { path: "M8 1 15 8 8 15 1 8Z", word: "cannot be seen from here" },
};

export function HealthMark({ health }: { health: Health }) {
  const { path, word } = SHAPES[health];
  return (
    <svg class={`mark ${health}`} viewBox="0 0 16 16" width="14" height="14" role="img" aria-label={word}>
      <path d={path} />
    </svg>
  );
}
