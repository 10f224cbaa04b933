import { isDeepStrictEqual } from "node:util";
import type { Properties, PropertyValue } from "../provider";

/** Brings a property's value into the one form in which equal meanings are equal (defaults, order of a set). */
export type Normalise = (name: string, value: PropertyValue) => PropertyValue;

/**
 * Names of the top-level properties whose meaning differs between two sets of inputs, sorted. An unknown
 * value differs from every known one. `null` and a missing property are the same.
 */
export function changedProperties(
  before: Properties,
  after: Properties,
  normalise: Normalise = (_, value) => value,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => {
      const [old, now] = [before[name], after[name]].map((value) => normalise(name, value ?? undefined));
      return !isDeepStrictEqual(plain(old), plain(now));
    })
    .sort();
}

/** Orders the elements of something that is a list in the inputs but a set in its meaning. */
export function asSet(value: PropertyValue): PropertyValue {
  if (!Array.isArray(value)) return value;
  return value.map((element) => JSON.stringify(sortKeys(element))).sort();
}

function sortKeys(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, element]) => element !== undefined && element !== null);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, element]) => [key, sortKeys(element)]),
  );
}

/** Drops prototypes, `undefined` and `null` members, and key order. */
const plain = sortKeys;
