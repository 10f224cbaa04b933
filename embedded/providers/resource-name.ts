import { randomBytes } from "node:crypto";

/** The name given to the resource in the program: the last part of its URN. */
export function resourceName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The stack a URN belongs to: `urn:pulumi:<stack>::<project>::<type>::<name>`. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.replace(/^urn:pulumi:/, "") ?? "";
}

/** The project a URN belongs to. */
export function projectOf(urn: string): string {
  return urn.split("::")[1] ?? "";
}

/** Pulumi's auto-naming, for a resource whose physical name the program leaves open: kept once it is chosen. */
export function physicalName(urn: string, chosen: unknown, previous: unknown): string {
  if (typeof chosen === "string") return chosen;
  if (typeof previous === "string") return previous;
  return `${resourceName(urn)}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}
