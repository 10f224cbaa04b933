import type Docker from "dockerode";
import { PartialFailure, type Progress, type ResourceProvider } from "../../provider";
import { checkInputs } from "../checked-inputs";
import { physicalName, projectOf, resourceName, stackOf } from "../resource-name";
import { dockerMessage, ifExists, request, statusOf } from "./connection";
import { createBody, furtherNetworks, updateBody } from "./container-create-body";
import { diagnosisText } from "./container-diagnosis";
import { containerDiff } from "./container-diff";
import { type ContainerInputs, containerInputs } from "./container-inputs";
import { liveInputs, outputsOf } from "./container-live-state";
import { untilUsable } from "./container-startup";
import { uploadArchive, withSourceHashes } from "./container-uploads";
import { labelMap } from "./labels";
import { isLeftover, ownerOf } from "./ownership";
import { portConflict, portConflictText } from "./port-conflict";

/** How long a leftover container may take to stop before it is killed. */
const LEFTOVER_GRACE_SECONDS = 10;

/**
 * `docker:index/container:Container`. Other than the real plugin it says why a container does not become
 * usable, as soon as that is clear, and replaces a container whose health check changed.
 */
export function containerProvider(docker: Docker): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const named = { ...newInputs, name: physicalName(urn, newInputs.name, oldInputs?.name) };
      const checked = checkInputs("docker.Container", containerInputs, named);
      const { uploads } = checked.inputs as Partial<ContainerInputs>;
      if (checked.failures.length === 0 && Array.isArray(uploads)) {
        checked.inputs.uploads = await withSourceHashes(uploads);
      }
      return checked;
    },

    async diff({ oldInputs, oldOutputs, newInputs }) {
      return containerDiff(oldInputs, oldOutputs, newInputs);
    },

    async create({ urn, inputs, progress }) {
      const wanted = inputs as ContainerInputs;
      const container = await request(docker, async (d) => {
        await makeRoom(d, wanted, progress);
        const created = await createContainer(d, wanted);
        try {
          await prepare(d, created, wanted);
          await created.start();
        } catch (error) {
          // It never ran, so there is nothing to look at in it.
          await created.remove({ force: true, v: true });
          throw await startFailure(d, error, urn, wanted);
        }
        return created;
      });
      await usableOrFailed(container, wanted, progress);
      return { id: container.id, outputs: outputsOf(wanted, await container.inspect()) };
    },

    async read({ id, inputs }) {
      const live = await request(docker, (d) => ifExists(d.getContainer(id).inspect()));
      if (live === undefined) return undefined;
      const tracked = inputs as ContainerInputs;
      return { id, inputs: liveInputs(tracked, live), outputs: outputsOf(tracked, live) };
    },

    async find({ inputs }) {
      const wanted = inputs as ContainerInputs;
      const found = await request(docker, (d) => ifExists(d.getContainer(wanted.name).inspect()));
      if (found === undefined || !isLeftover(labelMap(wanted.labels), found.Config.Labels)) return undefined;
      return { id: found.Id, outputs: outputsOf(wanted, found) };
    },

    async update({ id, inputs }) {
      const wanted = inputs as ContainerInputs;
      const container = docker.getContainer(id);
      await request(docker, () => container.update(updateBody(wanted)));
      return { outputs: outputsOf(wanted, await container.inspect()) };
    },

    async delete({ id, inputs }) {
      const { destroyGraceSeconds, removeVolumes } = inputs as ContainerInputs;
      await request(docker, (d) =>
        stopAndRemove(d.getContainer(id), destroyGraceSeconds ?? 0, removeVolumes !== false),
      );
    },
  };
}

/** Removes a container of our name when it is left over from an interrupted run; anyone else's is an error. */
async function makeRoom(docker: Docker, wanted: ContainerInputs, progress: Progress): Promise<void> {
  const found = await ifExists(docker.getContainer(wanted.name).inspect());
  if (found === undefined) return;
  if (!isLeftover(labelMap(wanted.labels), found.Config.Labels)) {
    throw new Error(
      `a container named "${wanted.name}" exists already, and ${ownerOf(found.Config.Labels)}. If it is not needed: docker rm -f ${wanted.name}`,
    );
  }
  progress(`removing container ${wanted.name}, left by an interrupted run`);
  await stopAndRemove(docker.getContainer(found.Id), LEFTOVER_GRACE_SECONDS, true);
}

async function createContainer(docker: Docker, wanted: ContainerInputs): Promise<Docker.Container> {
  try {
    return await docker.createContainer(createBody(wanted));
  } catch (error) {
    if (statusOf(error) === 404 && /no such image/i.test(dockerMessage(error))) {
      throw new Error(
        `image ${wanted.image} of container ${wanted.name} is not on this machine (removed by a prune?). \`npm run refresh\` notices that, the next up builds it again.`,
      );
    }
    throw new Error(`container ${wanted.name} cannot be created: ${dockerMessage(error)}`, { cause: error });
  }
}

async function prepare(docker: Docker, container: Docker.Container, wanted: ContainerInputs): Promise<void> {
  if (wanted.uploads !== undefined && wanted.uploads.length > 0) {
    await container.putArchive(await uploadArchive(wanted.uploads), { path: "/" });
  }
  for (const { name, endpoint } of furtherNetworks(wanted)) {
    await docker.getNetwork(name).connect({ Container: container.id, EndpointConfig: endpoint });
  }
}

async function startFailure(
  docker: Docker,
  error: unknown,
  urn: string,
  wanted: ContainerInputs,
): Promise<Error> {
  const conflict = await portConflict(docker, error);
  if (conflict !== undefined) {
    return new Error(
      portConflictText({
        ...conflict,
        service: resourceName(urn),
        project: projectOf(urn),
        stack: stackOf(urn),
      }),
    );
  }
  return new Error(`container ${wanted.name} does not start: ${dockerMessage(error)}`, { cause: error });
}

async function usableOrFailed(
  container: Docker.Container,
  wanted: ContainerInputs,
  progress: Progress,
): Promise<void> {
  if (wanted.mustRun === false && wanted.wait !== true) return;
  if (wanted.wait === true && !(await hasHealthCheck(container))) {
    throw new PartialFailure(
      `container ${wanted.name} is to be waited for (wait: true) but has no health check: add healthcheck`,
      container.id,
      await unusable(container, wanted),
    );
  }
  const diagnosis = await untilUsable(container, wanted, progress);
  if (diagnosis === undefined) return;
  throw new PartialFailure(
    diagnosisText(wanted.name, diagnosis),
    container.id,
    await unusable(container, wanted),
  );
}

async function hasHealthCheck(container: Docker.Container): Promise<boolean> {
  const { Config: config } = await container.inspect();
  const test = config.Healthcheck?.Test;
  return test !== undefined && test.length > 0 && test[0] !== "NONE";
}

/** Recorded as not running, so that the next up replaces it. */
async function unusable(container: Docker.Container, wanted: ContainerInputs) {
  return { ...outputsOf(wanted, await container.inspect()), mustRun: false };
}

async function stopAndRemove(
  container: Docker.Container,
  graceSeconds: number,
  removeAnonymousVolumes: boolean,
): Promise<void> {
  // 304: it has stopped already.
  if (graceSeconds > 0) await unless([304, 404], container.stop({ t: graceSeconds }));
  const removed = await unless([404, 409], container.remove({ force: true, v: removeAnonymousVolumes }));
  // 409: a removal is under way, by Docker itself or by somebody else.
  if (removed === 409) await unless([404], container.wait({ condition: "removed" }));
}

/** Waits for an answer; one of the given error statuses is returned and not thrown. */
async function unless(statuses: number[], call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || !statuses.includes(status)) throw error;
    return status;
  }
}
