import { z } from "zod";
import type { InputFailure } from "../check-failures";
import { policyFault } from "../minio/policy-document";
import { UNKNOWN } from "../unknown";

/** What the resource is given. */
export interface MinioUserInputs {
  /** The server as this machine reaches it, such as `http://localhost:9000`. */
  readonly url: string;
  /** The administrator who keeps users. */
  readonly adminUser: string;
  readonly adminPassword: string;
  /** Changing it replaces the user. */
  readonly name: string;
  readonly secretKey: string;
  /** Name of the user's one policy. Changing it replaces the user. */
  readonly policyName: string;
  /** The policy's document, JSON. */
  readonly policy: string;
}

/** What of the user is as declared, by what was last seen. */
export interface Found {
  readonly enabled: boolean;
  /** Whether the server takes the user's secret key; a server shows it to nobody. */
  readonly secretKeyWorks: boolean;
  readonly policyAttached: boolean;
  readonly policyIsDeclared: boolean;
}

export interface MinioUserOutputs extends MinioUserInputs {
  readonly found: Found;
}

export const AS_DECLARED: Found = {
  enabled: true,
  secretKeyWorks: true,
  policyAttached: true,
  policyIsDeclared: true,
};

const filled = (what: string) => z.string({ error: `must be ${what}` }).min(1, { error: `must be ${what}` });

const shape = z.looseObject({
  url: z.url({ protocol: /^https?$/, error: "must be the server's URL, such as http://localhost:9000" }),
  adminUser: filled("the administrator's name"),
  adminPassword: filled("the administrator's password"),
  name: filled("the user's name"),
  secretKey: z
    .string({ error: "must be the user's secret key" })
    .min(8, { error: "must have 8 to 40 characters" })
    .max(40, { error: "must have 8 to 40 characters" }),
  policyName: filled("the policy's name"),
  policy: z.string({ error: "must be a policy document" }).superRefine((document, context) => {
    const fault = policyFault(document);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  }),
});

/** What is wrong with the inputs. Values that are not known yet count as right. */
export function inputFailures(news: Readonly<Record<string, unknown>>): InputFailure[] {
  return (shape.safeParse(news).error?.issues ?? [])
    .map((issue) => ({ property: String(issue.path[0]), reason: issue.message }))
    .filter(({ property }) => news[property] !== UNKNOWN);
}
