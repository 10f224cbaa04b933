import { z } from "zod";
import type { AdminClient } from "../../../providers/minio/admin-client";
import { unlessUnreachable } from "../../../providers/minio/connection";
import { policyFault, samePolicy } from "../../../providers/minio/policy-document";
import { type ResourceProvider, UNKNOWN } from "../../provider";
import { changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { physicalName } from "../resource-name";
import { deleteFrom } from "./connection";

const policyInputs = z.strictObject({
  name: z.string(),
  policy: z.string().superRefine((document, context) => {
    const fault = policyFault(document);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  }),
});

type PolicyInputs = z.infer<typeof policyInputs>;

/** `minio:index/iamPolicy:IamPolicy`. Documents are compared by what they say and not by their text. */
export function iamPolicyProvider(admin: () => AdminClient): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const inputs = { ...newInputs, name: physicalName(urn, newInputs.name, oldInputs?.name) };
      return checkInputs("minio.IamPolicy", policyInputs, inputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs).filter(
        (name) => name !== "policy" || !isSame(oldInputs.policy, newInputs.policy),
      );
      return { changed, replaces: changed.filter((name) => name === "name"), deleteBeforeReplace: false };
    },

    async create({ inputs }) {
      const { name, policy } = inputs as PolicyInputs;
      await admin().setPolicy(name, policy);
      return { id: name, outputs: { ...inputs } };
    },

    async read({ id, inputs, outputs, progress }) {
      const recorded = { id, inputs, outputs };
      return unlessUnreachable<typeof recorded | undefined>(
        recorded,
        async () => {
          const live = await admin().policy(id);
          if (live === undefined) return undefined;
          if (isSame(live, inputs.policy)) return recorded;
          return { id, inputs: { ...inputs, policy: live }, outputs: { ...outputs, policy: live } };
        },
        progress,
      );
    },

    async find({ inputs }) {
      const { name } = inputs as PolicyInputs;
      const found = await unlessUnreachable(undefined, () => admin().policy(name));
      return found === undefined ? undefined : { id: name, outputs: { ...inputs } };
    },

    async update({ inputs }) {
      const { name, policy } = inputs as PolicyInputs;
      await admin().setPolicy(name, policy);
      return { outputs: { ...inputs } };
    },

    async delete({ id, progress }) {
      await deleteFrom(progress, () => admin().removePolicy(id));
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "string" || typeof b !== "string" || a === UNKNOWN || b === UNKNOWN) return false;
  return samePolicy(a, b);
}
