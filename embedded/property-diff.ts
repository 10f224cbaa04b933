/** Puts the difference between two sets of properties into lines for people. Pure. */
import { isDeepStrictEqual } from "node:util";
import { forDisplay, isObject, isSecret } from "./property-values";
import { type Properties, type PropertyValue, UNKNOWN } from "./provider";

const MAX_VALUE_LENGTH = 160;
/** Of one property; a thousand topics would fill the screen. */
const MAX_LINES = 10;
/** Entries of a long list that are named. */
const MAX_ENTRIES = 5;
/** Holds the code of a dynamic provider; it would fill the screen. */
const DYNAMIC_CODE = "__provider";

/** A line such as `memory: 512 → 1024` for each place under the named properties that differs. */
export function describeChanges(names: string[], old: Properties, wanted: Properties): string[] {
  return names.flatMap((name) => {
    if (name === DYNAMIC_CODE) {
      return ["(code of its provider)"];
    }
    const lines = describe(name, old[name], wanted[name]);
    // The provider knows of a difference that the inputs do not show.
    if (lines.length > MAX_LINES) {
      return [...lines.slice(0, MAX_LINES), `${name}: and ${lines.length - MAX_LINES} more`];
    }
    return lines.length > 0 ? lines : [name];
  });
}

function describe(path: string, old: PropertyValue, wanted: PropertyValue): string[] {
  if (isDeepStrictEqual(old, wanted)) {
    return [];
  }
  if (isSecret(old) || isSecret(wanted)) {
    return [`${path}: [secret] → ${wanted === UNKNOWN ? forDisplay(wanted) : "[secret]"}`];
  }
  if (isObject(old) && isObject(wanted)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(wanted)]);
    return [...keys].flatMap((key) => describe(`${path}.${key}`, old[key], wanted[key]));
  }
  if (Array.isArray(old) && Array.isArray(wanted) && old.length === wanted.length) {
    return old.flatMap((element, index) => describe(`${path}[${index}]`, element, wanted[index]));
  }
  if (isLongList(old) && isLongList(wanted)) {
    return [`${path}: ${listChanges(old.split(","), wanted.split(","))}`];
  }
  return [`${path}: ${show(old)} → ${show(wanted)}`];
}

/** A list in a text, such as the tables of a connector, of which the beginning would say nothing. */
function isLongList(value: PropertyValue): value is string {
  return typeof value === "string" && value.length > MAX_VALUE_LENGTH && value.includes(",");
}

function listChanges(old: string[], wanted: string[]): string {
  const [before, after] = [new Set(old), new Set(wanted)];
  const added = wanted.filter((entry) => !before.has(entry)).map((entry) => `+${entry}`);
  const removed = old.filter((entry) => !after.has(entry)).map((entry) => `-${entry}`);
  const all = [...removed, ...added];
  const more = all.length > MAX_ENTRIES ? `, and ${all.length - MAX_ENTRIES} more` : "";
  const what = all.length > 0 ? `${all.slice(0, MAX_ENTRIES).join(", ")}${more}` : "in another order";
  return `${old.length} → ${wanted.length} entries: ${what}`;
}

function show(value: PropertyValue): string {
  if (value === undefined) {
    return "(none)";
  }
  if (value === UNKNOWN) {
    return String(forDisplay(value));
  }
  const text = JSON.stringify(forDisplay(value));
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}
