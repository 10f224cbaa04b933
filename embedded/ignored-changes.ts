/** The resource option `ignoreChanges`. Pure. */
import { isObject, isSecret } from "./property-values";
import type { Properties, PropertyValue } from "./provider";

/** The new inputs with the old values at the given property paths (`a`, `a.b`, `a[0].b`, or `*` for all). */
export function keepIgnored(newInputs: Properties, oldInputs: Properties, paths: string[]): Properties {
  if (paths.includes("*")) {
    return oldInputs;
  }
  return paths.reduce<PropertyValue>(
    (inputs, path) =>
      copyAt(
        inputs,
        oldInputs,
        path.split(/\.|\[|\]\.?/).filter((part) => part !== ""),
      ),
    newInputs,
  ) as Properties;
}

function copyAt(target: PropertyValue, source: PropertyValue, path: string[]): PropertyValue {
  const [key, ...rest] = path;
  if (key === undefined) {
    return source;
  }
  const from = isSecret(source) ? source.value : source;
  const to = isSecret(target) ? target.value : target;
  if (Array.isArray(to)) {
    const index = Number(key);
    return Array.isArray(from) && index < from.length
      ? to.map((element, position) => (position === index ? copyAt(element, from[index], rest) : element))
      : target;
  }
  if (!isObject(to)) {
    return target;
  }
  const { [key]: current, ...others } = to;
  if (!isObject(from) || !(key in from)) {
    return rest.length === 0 ? others : target;
  }
  return { ...to, [key]: copyAt(current, from[key], rest) };
}
