/**
 * Property values as they travel between program, engine and state: JSON, in which a secret is an object
 * `{[SIGNATURE]: SECRET, value}` and an unknown value is the string {@link UNKNOWN}.
 */
import { isDeepStrictEqual } from "node:util";
import { type Properties, type PropertyValue, UNKNOWN } from "./provider";

/** Key that marks special objects, as in `@pulumi/pulumi/runtime/rpc`. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** Value of {@link SIGNATURE} in a secret. */
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export interface Secret {
  [SIGNATURE]: typeof SECRET;
  value: PropertyValue;
}

export function secret(value: PropertyValue): Secret {
  return { [SIGNATURE]: SECRET, value };
}

export function isSecret(value: PropertyValue): value is Secret {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

export function isObject(value: PropertyValue): value is Record<string, PropertyValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of the value in which `change` has replaced what it wants to; it returns undefined to go deeper. */
function transform(value: PropertyValue, change: (value: PropertyValue) => PropertyValue): PropertyValue {
  const changed = change(value);
  if (changed !== undefined) {
    return changed;
  }
  if (Array.isArray(value)) {
    return value.map((element) => transform(element, change) ?? null);
  }
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, element]) => element !== undefined);
    return Object.fromEntries(entries.map(([key, element]) => [key, transform(element, change)]));
  }
  return value;
}

/** The properties with every secret in clear, for a provider. */
export function unwrapSecrets(properties: Properties): Properties {
  const unwrap = (value: PropertyValue): PropertyValue =>
    isSecret(value) ? transform(value.value, unwrap) : undefined;
  return transform(properties, unwrap) as Properties;
}

/** The value with `[secret]` in place of every secret, and unknown values spelled out. */
export function forDisplay(value: PropertyValue): PropertyValue {
  return transform(value, (part) =>
    isSecret(part) ? "[secret]" : part === UNKNOWN ? "<unknown until up>" : undefined,
  );
}

export function containsUnknown(value: PropertyValue): boolean {
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isObject(value) ? Object.values(value).some(containsUnknown) : value === UNKNOWN;
}

/** Whether two sets of properties are the same to a provider: secrets compare by what they hold. */
export function sameProperties(one: Properties, other: Properties): boolean {
  return isDeepStrictEqual(unwrapSecrets(one), unwrapSecrets(other));
}

/** Names of the top-level properties that differ to a provider. */
export function changedNames(one: Properties, other: Properties): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !sameProperties({ value: one[name] }, { value: other[name] }));
}

/**
 * Marks as secret what a provider, which sees everything in clear, gave back for values that are secret in
 * `model` (the inputs of the resource, or its last outputs).
 */
export function markSecretsLike(properties: Properties, model: Properties): Properties {
  return markLike(properties, model) as Properties;
}

function markLike(value: PropertyValue, model: PropertyValue): PropertyValue {
  if (isSecret(value)) {
    return value;
  }
  if (isSecret(model)) {
    return secret(value);
  }
  if (isObject(value) && isObject(model)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, element]) => [
        key,
        key in model && element !== undefined ? markLike(element, model[key]) : element,
      ]),
    );
  }
  if (Array.isArray(value) && Array.isArray(model)) {
    return value.map((element, index) => markLike(element, model[index]));
  }
  return value;
}

/** Marks the named top-level properties as secret. */
export function markSecretNames(properties: Properties, names: string[]): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      names.includes(key) && !isSecret(value) ? secret(value) : value,
    ]),
  );
}

/** A copy that holds only what JSON can: no undefined, at any depth. */
export function withoutUndefined(properties: Properties): Properties {
  return transform(properties, () => undefined) as Properties;
}
