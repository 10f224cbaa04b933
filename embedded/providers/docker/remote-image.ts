import type Docker from "dockerode";
import { z } from "zod";
import type { Properties, ResourceProvider } from "../../provider";
import { changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { presentOnly } from "../present-only";
import { dockerMessage, ifExists, request, statusOf } from "./connection";

export const remoteImageInputs = z.strictObject({
  name: z.string(),
  keepLocally: z.boolean().optional(),
  platform: z.string().optional(),
  pullTriggers: z.array(z.string()).optional(),
  triggers: z.record(z.string(), z.unknown()).optional(),
});

type RemoteImageInputs = z.infer<typeof remoteImageInputs>;

/** What may change without getting the image again. */
const IN_PLACE = new Set(["keepLocally"]);

/** `docker:index/remoteImage:RemoteImage`: pulls an image unless it is there already. Does not build. */
export function remoteImageProvider(docker: Docker): ResourceProvider {
  return {
    async check({ newInputs }) {
      return checkInputs("docker.RemoteImage", remoteImageInputs, newInputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs);
      const replaces = changed.filter((name) => !IN_PLACE.has(name));
      return { changed, replaces, deleteBeforeReplace: false };
    },

    async create({ inputs, progress }) {
      const wanted = inputs as RemoteImageInputs;
      const image =
        (await request(docker, (d) => ifExists(d.getImage(wanted.name).inspect()))) ??
        (await pull(docker, wanted, progress));
      return { id: `${image.Id}${wanted.name}`, outputs: outputsOf(wanted, image) };
    },

    async read({ id, inputs }) {
      const wanted = inputs as RemoteImageInputs;
      const live = await request(docker, (d) => ifExists(d.getImage(wanted.name).inspect()));
      return live && { id, inputs, outputs: outputsOf(wanted, live) };
    },

    async find({ inputs }) {
      const wanted = inputs as RemoteImageInputs;
      const found = await request(docker, (d) => ifExists(d.getImage(wanted.name).inspect()));
      return found && { id: `${found.Id}${wanted.name}`, outputs: outputsOf(wanted, found) };
    },

    async update({ inputs, oldOutputs }) {
      return { outputs: { ...oldOutputs, ...inputs } };
    },

    async delete({ inputs, outputs }) {
      const { name, keepLocally } = inputs as RemoteImageInputs;
      if (keepLocally === true) return;
      try {
        await request(docker, (d) => ifExists(d.getImage(name).remove()));
      } catch (error) {
        if (statusOf(error) !== 409) throw error;
        throw new Error(
          `image ${name} (${String(outputs.imageId)}) cannot be removed: ${dockerMessage(error)}. Set keepLocally to leave it.`,
        );
      }
    },
  };
}

async function pull(
  docker: Docker,
  { name, platform }: RemoteImageInputs,
  progress: (message: string) => void,
): Promise<Docker.ImageInspectInfo> {
  progress(`pulling ${name}`);
  // Without a tag Docker would pull every tag of the repository.
  const reference = /[@:][^/]*$/.test(name) ? name : `${name}:latest`;
  try {
    const stream = await docker.pull(reference, platform === undefined ? {} : { platform });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw new Error(
      `image ${name} is not on this machine and cannot be pulled: ${dockerMessage(error)}. Check the name and the connection to its registry; \`npm run setup\` makes the base image without one.`,
    );
  }
  return docker.getImage(name).inspect();
}

function outputsOf(inputs: RemoteImageInputs, live: Docker.ImageInspectInfo): Properties {
  return presentOnly({ ...inputs, imageId: live.Id, repoDigest: live.RepoDigests?.[0] ?? "" });
}
