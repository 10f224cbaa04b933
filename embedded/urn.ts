/** Names of resources: `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. */

export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

export interface UrnParts {
  /** Types from the outermost component to the resource itself, separated by `$`. */
  qualifiedType: string;
  type: string;
  name: string;
}

export function parseUrn(urn: string): UrnParts {
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return { qualifiedType, type: qualifiedType.split("$").at(-1) ?? "", name: name.join("::") };
}

export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : parseUrn(parent).qualifiedType;
  const qualifiedType = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualifiedType}::${name}`;
}

/** The package of a type token; for a provider resource `pulumi:providers:<pkg>` that is `<pkg>`. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_TYPE_PREFIX.length) : (type.split(":")[0] ?? "");
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_TYPE_PREFIX);
}

export function providerType(pkg: string): string {
  return PROVIDER_TYPE_PREFIX + pkg;
}

/** `docker:index/container:Container` → `docker:Container`; dynamic types lose their host's name. */
export function shortType(type: string): string {
  const [pkg = "", module = "", name = ""] = type.split(":");
  if (pkg === "pulumi-nodejs") {
    return `${module.split("/")[1] ?? "dynamic"}:${name}`;
  }
  return isProviderType(type) ? `${name}:Provider` : `${pkg}:${name}`;
}

/** How a resource is called in messages: `docker:Container kafka`. */
export function displayName(urn: string): string {
  const { type, name } = parseUrn(urn);
  return type === "" ? urn : `${shortType(type)} ${name}`;
}
