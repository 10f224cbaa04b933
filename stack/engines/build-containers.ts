/** Containers that image builds leave behind: Pulumi's docker plugin has Docker's classic builder keep that of each step. */
import Dockerode from "dockerode";
import { STACK_LABEL } from "../../labels";

/** The platform's images, in which the steps are layers. */
const IMAGES = "cdc/*";
/** A step that ended just now may still be on its way into its layer, in a build of somebody else's. */
const SETTLED_MILLISECONDS = 30_000;

/**
 * Removes those of builds of the platform's images that ran since a time. Nobody else's, and none that runs.
 *
 * @returns how many
 */
export async function removeBuildContainers(since: Date, settled = SETTLED_MILLISECONDS): Promise<number> {
  const docker = new Dockerode();
  const ended = await docker.listContainers({ all: true, filters: { status: ["exited", "created"] } });
  const candidates = ended.filter(
    ({ Created: created, Labels: labels }) =>
      created * 1_000 >= since.getTime() - 1_000 && !labels[STACK_LABEL],
  );
  if (candidates.length === 0) return 0;
  const layers = await layersOfImages(docker);
  let removed = 0;
  for (const { Id: id } of candidates) {
    const container = docker.getContainer(id);
    const { Image: image, State: state } = await container.inspect();
    const endedAt = Date.parse(state.FinishedAt);
    if (!layers.has(image) || Date.now() - endedAt < settled) continue;
    await container.remove({ v: true });
    removed += 1;
  }
  return removed;
}

/** Ids of the platform's images and of the layers that they were built from. */
async function layersOfImages(docker: Dockerode): Promise<Set<string>> {
  const images = await docker.listImages({ filters: { reference: [IMAGES] } });
  const histories = await Promise.all(images.map(({ Id: id }) => docker.getImage(id).history()));
  return new Set(histories.flat().map(({ Id: id }: { Id: string }) => id));
}
