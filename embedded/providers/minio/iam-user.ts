import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { AdminClient } from "../../../providers/minio/admin-client";
import { unlessUnreachable } from "../../../providers/minio/connection";
import type { Properties, ResourceProvider } from "../../provider";
import { changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { physicalName } from "../resource-name";
import { deleteFrom } from "./connection";

const userInputs = z.strictObject({
  name: z.string(),
  secret: z.string().min(8, "must have at least 8 characters, MinIO asks for that").optional(),
  forceDestroy: z.boolean().optional(),
  disableUser: z.boolean().optional(),
});

type UserInputs = z.infer<typeof userInputs>;

/** `minio:index/iamUser:IamUser`. Without a `secret` one is made up and kept. */
export function iamUserProvider(admin: () => AdminClient): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const inputs = { ...newInputs, name: physicalName(urn, newInputs.name, oldInputs?.name) };
      return checkInputs("minio.IamUser", userInputs, inputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs, (name, value) =>
        name === "forceDestroy" || name === "disableUser" ? (value ?? false) : value,
      );
      return { changed, replaces: changed.filter((name) => name === "name"), deleteBeforeReplace: false };
    },

    async create({ inputs }) {
      const wanted = inputs as UserInputs;
      const secret = wanted.secret ?? randomBytes(20).toString("hex");
      await admin().setUser(wanted.name, secret, wanted.disableUser !== true);
      return { id: wanted.name, outputs: outputsOf(wanted, secret) };
    },

    /** MinIO tells nobody a secret, so a changed one cannot be seen. */
    async read({ id, inputs, outputs, progress }) {
      const recorded = { id, inputs, outputs };
      return unlessUnreachable<typeof recorded | undefined>(
        recorded,
        async () => {
          const live = await admin().user(id);
          if (live === undefined) return undefined;
          const disabled = live.status === "disabled";
          const drifted = disabled !== (inputs.disableUser === true);
          return {
            id,
            inputs: drifted ? { ...inputs, disableUser: disabled } : inputs,
            outputs: { ...outputs, status: live.status },
          };
        },
        progress,
      );
    },

    async find({ inputs }) {
      const wanted = inputs as UserInputs;
      const found = await unlessUnreachable(undefined, () => admin().user(wanted.name));
      return found && { id: wanted.name, outputs: { ...inputs, status: found.status } };
    },

    async update({ inputs, oldOutputs }) {
      const wanted = inputs as UserInputs;
      const secret = wanted.secret ?? String(oldOutputs.secret);
      await admin().setUser(wanted.name, secret, wanted.disableUser !== true);
      return { outputs: outputsOf(wanted, secret) };
    },

    async delete({ id, progress }) {
      await deleteFrom(progress, () => admin().removeUser(id));
    },
  };
}

function outputsOf(inputs: UserInputs, secret: string): Properties {
  return { ...inputs, secret, status: inputs.disableUser === true ? "disabled" : "enabled" };
}
