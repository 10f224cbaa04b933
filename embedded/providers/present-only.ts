import type { Properties } from "../provider";

/**
 * Drops members that are `null` or `undefined`, at any depth: over the wire an absent value may arrive as `null`, and
 * a state document cannot tell `undefined` from absent.
 */
export function presentOnly(properties: Properties): Properties {
  return present(properties) as Properties;
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([key, member]) => [key, present(member)]),
  );
}
