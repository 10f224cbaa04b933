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

export const networkInputs = z.strictObject({
  name: z.string(),
  driver: z.string().optional(),
  internal: z.boolean().optional(),
  options: z.record(z.string(), z.string()).optional(),
  labels: labelList.optional(),
});

type NetworkInputs = z.infer<typeof networkInputs>;

/** `docker:index/network:Network`. Every change replaces it, the old one first, as its name is fixed. */
export function networkProvider(docker: Docker): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const inputs = { ...newInputs, name: physicalName(urn, newInputs.name, oldInputs?.name) };
      return checkInputs("docker.Network", networkInputs, inputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs, normalise);
      return { changed, replaces: changed, deleteBeforeReplace: changed.length > 0 };
    },

    async create({ inputs, progress }) {
      const wanted = inputs as NetworkInputs;
      const labels = labelMap(wanted.labels);
      const found = await request(docker, (d) => findByName(d, wanted.name));
      if (found !== undefined) {
        if (!isLeftover(labels, found.Labels) || found.Driver !== (wanted.driver ?? "bridge")) {
          throw new Error(
            `a network named "${wanted.name}" exists already, and ${ownerOf(found.Labels)}. Remove it: docker network rm ${wanted.name}`,
          );
        }
        progress(`taking over network ${wanted.name}, left by an interrupted run`);
        return { id: found.Id, outputs: outputsOf(wanted, found) };
      }
      const network = await request(docker, (d) =>
        d.createNetwork({
          Name: wanted.name,
          Driver: wanted.driver ?? "bridge",
          Internal: wanted.internal ?? false,
          Options: wanted.options,
          Labels: labels,
          CheckDuplicate: true,
        }),
      );
      return { id: network.id, outputs: outputsOf(wanted, await network.inspect()) };
    },

    async read({ id, inputs }) {
      const live = await request(docker, (d) => ifExists(d.getNetwork(id).inspect()));
      return live && { id, inputs, outputs: outputsOf(inputs as NetworkInputs, live) };
    },

    async find({ inputs }) {
      const wanted = inputs as NetworkInputs;
      const found = await request(docker, (d) => findByName(d, wanted.name));
      if (found === undefined || !isLeftover(labelMap(wanted.labels), found.Labels)) return undefined;
      return { id: found.Id, outputs: outputsOf(wanted, found) };
    },

    async update() {
      throw new Error("a network is never updated in place");
    },

    async delete({ id, inputs }) {
      await request(docker, (d) =>
        removeOnceFree(
          `network ${String(inputs.name)}`,
          () => d.getNetwork(id).remove(),
          () => attachedContainers(d, id),
        ),
      );
    },
  };
}

function normalise(name: string, value: unknown): unknown {
  if (name === "labels") return asSet(value);
  if (name === "driver") return value ?? "bridge";
  if (name === "internal") return value ?? false;
  return value;
}

async function findByName(docker: Docker, name: string): Promise<Docker.NetworkInspectInfo | undefined> {
  const networks = await docker.listNetworks({ filters: { name: [name] } });
  return networks.find((network) => network.Name === name);
}

async function attachedContainers(docker: Docker, id: string): Promise<string[]> {
  const network = await ifExists(docker.getNetwork(id).inspect());
  return Object.values(network?.Containers ?? {}).map((container) => container.Name);
}

function outputsOf(inputs: NetworkInputs, live: Docker.NetworkInspectInfo): Properties {
  return presentOnly({
    ...inputs,
    driver: live.Driver,
    internal: live.Internal,
    options: live.Options ?? {},
    scope: live.Scope,
    ipamDriver: live.IPAM?.Driver ?? "default",
    ipamConfigs: (live.IPAM?.Config ?? []).map(({ Subnet, Gateway }) => ({
      subnet: Subnet,
      gateway: Gateway,
    })),
  });
}
