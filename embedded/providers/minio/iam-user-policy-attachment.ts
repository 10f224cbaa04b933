import { z } from "zod";
import type { AdminClient } from "../../../providers/minio/admin-client";
import { unlessUnreachable } from "../../../providers/minio/connection";
import type { ResourceProvider } from "../../provider";
import { changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { deleteFrom } from "./connection";

const attachmentInputs = z.strictObject({ userName: z.string(), policyName: z.string() });

type AttachmentInputs = z.infer<typeof attachmentInputs>;

/** `minio:index/iamUserPolicyAttachment:IamUserPolicyAttachment`. Leaves the user's other policies alone. */
export function iamUserPolicyAttachmentProvider(admin: () => AdminClient): ResourceProvider {
  return {
    async check({ newInputs }) {
      return checkInputs("minio.IamUserPolicyAttachment", attachmentInputs, newInputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs);
      return { changed, replaces: changed, deleteBeforeReplace: false };
    },

    async create({ inputs }) {
      const { userName, policyName } = inputs as AttachmentInputs;
      await admin().attach(policyName, userName);
      return { id: `${userName}/${policyName}`, outputs: { ...inputs } };
    },

    async read({ id, inputs, outputs, progress }) {
      const { userName, policyName } = inputs as AttachmentInputs;
      const recorded = { id, inputs, outputs };
      return unlessUnreachable<typeof recorded | undefined>(
        recorded,
        async () => {
          const user = await admin().user(userName);
          return user?.policies.includes(policyName) ? recorded : undefined;
        },
        progress,
      );
    },

    async find({ inputs }) {
      const { userName, policyName } = inputs as AttachmentInputs;
      const user = await unlessUnreachable(undefined, () => admin().user(userName));
      if (!user?.policies.includes(policyName)) return undefined;
      return { id: `${userName}/${policyName}`, outputs: { ...inputs } };
    },

    async update() {
      throw new Error("an attachment is never updated in place");
    },

    async delete({ inputs, progress }) {
      const { userName, policyName } = inputs as AttachmentInputs;
      await deleteFrom(progress, () => admin().detach(policyName, userName));
    },
  };
}
