import { isDeepStrictEqual } from "node:util";

/** Whether two policies say the same: the order of members and lists, and "x" for ["x"], make no difference. */
export function samePolicy(a: string, b: string): boolean {
  return isDeepStrictEqual(canonical(parsed(a)), canonical(parsed(b)));
}

/** Why a text is no policy document; undefined when it is one. */
export function policyFault(document: string): string | undefined {
  const policy = parsed(document);
  if (typeof policy === "string") return `is not JSON: ${document.slice(0, 60)}`;
  const { Statement: statement } = (policy ?? {}) as { Statement?: unknown };
  return statement === undefined ? "has no Statement" : undefined;
}

/** Text that is no JSON stands for itself. */
function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return document;
  }
}

/** Lists of a policy are sets; a lone value is a set of one. Empty ones are as good as absent. */
function canonical(value: unknown, name = ""): unknown {
  if (LISTS.has(name)) return sorted([value].flat());
  if (Array.isArray(value)) return sorted(value);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => !(OPTIONAL.has(key) && isEmpty(member)))
      .sort(([x], [y]) => (x < y ? -1 : 1))
      .map(([key, member]) => [key, canonical(member, key)]),
  );
}

const LISTS = new Set(["Statement", "Action", "NotAction", "Resource", "NotResource"]);
const OPTIONAL = new Set(["Sid", "Id", "ID", "Condition"]);

function sorted(list: unknown[]): string[] {
  return list.map((element) => JSON.stringify(canonical(element))).sort();
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
