import type { z } from "zod";
import { type CheckResult, type Properties, UNKNOWN } from "../provider";
import { presentOnly } from "./present-only";

/**
 * Checks inputs against the schema of what the embedded engine carries of a resource type. A property that
 * is not carried is a failure of its own kind: the real plugin may well know it. Values that are unknown in
 * a preview are taken as right.
 */
export function checkInputs(type: string, schema: z.ZodType, inputs: Properties): CheckResult {
  const present = presentOnly(inputs);
  const parsed = schema.safeParse(present);
  const failures = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => failuresOf(type, issue, present));
  return { inputs: present, failures };
}

function failuresOf(type: string, issue: z.core.$ZodIssue, inputs: Properties): CheckResult["failures"] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      property: dotted([...issue.path, key]),
      reason: `the embedded engine does not carry this property of ${type}; remove it, or use the Pulumi CLI (--engine pulumi)`,
    }));
  }
  if (isUnknown(inputs, issue.path)) return [];
  return [{ property: dotted(issue.path), reason: issue.message }];
}

function isUnknown(inputs: Properties, path: PropertyKey[]): boolean {
  let value: unknown = inputs;
  for (const key of path) {
    if (value === UNKNOWN) return true;
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return value === UNKNOWN;
}

function dotted(path: PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}
