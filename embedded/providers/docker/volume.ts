import type Docker from "dockerode";
import { z } from "zod";
import type { Properties, ResourceProvider } from "../../provider";
import { asSet, changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { presentOnly } from "../present-only";
import { physicalName } from "../resource-name";
import { ifExists, request } from "./connection";
import { removeOnceFree } from "./in-use";
import { labelList, labelMap } from "./labels";
import { isLeftover, ownerOf } from "./ownership";

export const volumeInputs = z.strictObject({
  name: z.string(),
  driver: z.string().optional(),
  driverOpts: z.record(z.string(), z.string()).optional(),
  labels: labelList.optional(),
});

type VolumeInputs = z.infer<typeof volumeInputs>;

/**
 * `docker:index/volume:Volume`. As in the real plugin any change, even of a label, replaces the volume and
 * loses its data: set `protect` or `retainOnDelete` where that must not happen.
 */
export function volumeProvider(docker: Docker): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const inputs = { ...newInputs, name: physicalName(urn, newInputs.name, oldInputs?.name) };
      return checkInputs("docker.Volume", volumeInputs, inputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs, normalise);
      return { changed, replaces: changed, deleteBeforeReplace: changed.length > 0 };
    },

    async create({ inputs, progress }) {
      const wanted = inputs as VolumeInputs;
      const labels = labelMap(wanted.labels);
      // Docker would silently hand out an existing volume of that name, whoever's data is in it.
      const found = await request(docker, (d) => ifExists(d.getVolume(wanted.name).inspect()));
      if (found !== undefined) {
        if (!isLeftover(labels, found.Labels)) {
          throw new Error(
            `a volume named "${wanted.name}" exists already, and ${ownerOf(found.Labels)}. If its data is not needed: docker volume rm ${wanted.name}`,
          );
        }
        progress(`taking over volume ${wanted.name} with its data, left by an interrupted run`);
        return { id: wanted.name, outputs: outputsOf(wanted, found) };
      }
      await request(docker, (d) =>
        d.createVolume({
          Name: wanted.name,
          Driver: wanted.driver ?? "local",
          DriverOpts: wanted.driverOpts,
          Labels: labels,
        }),
      );
      return { id: wanted.name, outputs: outputsOf(wanted, await docker.getVolume(wanted.name).inspect()) };
    },

    async read({ id, inputs }) {
      const live = await request(docker, (d) => ifExists(d.getVolume(id).inspect()));
      return live && { id, inputs, outputs: outputsOf(inputs as VolumeInputs, live) };
    },

    async find({ inputs }) {
      const wanted = inputs as VolumeInputs;
      const found = await request(docker, (d) => ifExists(d.getVolume(wanted.name).inspect()));
      if (found === undefined || !isLeftover(labelMap(wanted.labels), found.Labels)) return undefined;
      return { id: wanted.name, outputs: outputsOf(wanted, found) };
    },

    async update() {
      throw new Error("a volume is never updated in place");
    },

    async delete({ id }) {
      await request(docker, (d) =>
        removeOnceFree(
          `volume ${id}`,
          () => d.getVolume(id).remove(),
          () => containersUsing(d, id),
        ),
      );
    },
  };
}

function normalise(name: string, value: unknown): unknown {
  if (name === "labels") return asSet(value);
  if (name === "driver") return value ?? "local";
  return value;
}

async function containersUsing(docker: Docker, volume: string): Promise<string[]> {
  const containers = await docker.listContainers({ all: true, filters: { volume: [volume] } });
  return containers.map((container) => container.Names[0]?.slice(1) ?? container.Id);
}

function outputsOf(inputs: VolumeInputs, live: { Driver: string; Mountpoint: string }): Properties {
  return presentOnly({ ...inputs, driver: live.Driver, mountpoint: live.Mountpoint });
}
