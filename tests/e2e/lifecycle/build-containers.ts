import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import Dockerode from "dockerode";
import * as tar from "tar-stream";
import { describe, expect, it } from "vitest";
import { removeBuildContainers } from "../../../stack/engines/build-containers";
import type { TestStack } from "../platform";

const TAG = "cdc/e2e-build:latest";

/** Builds as Pulumi's docker plugin does: without `rm`. */
async function build(docker: Dockerode, parent: string): Promise<void> {
  const context = tar.pack();
  context.entry({ name: "Dockerfile" }, `FROM ${parent}\nRUN echo ${Date.now()} >/dev/null\nRUN true\n`);
  context.finalize();
  const progress = await docker.buildImage(Readable.from(await buffer(context)), {
    ...{ t: TAG, rm: false, version: "1" },
  });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
  );
}

export function describeBuildContainers(stack: TestStack): void {
  describe("an image build that leaves the containers of its steps behind", () => {
    it("has them removed, and nobody else's", async () => {
      const docker = new Dockerode();
      const { Image: parent } = await docker.getContainer(stack.container("supervisor")).inspect();
      const all = () => docker.listContainers({ all: true });
      const other = await docker.createContainer({
        Image: parent,
        Cmd: ["true"],
        Labels: { "cdc.stack": "other" },
      });
      const started = new Date();
      try {
        await build(docker, parent);
        const layers = (await docker.getImage(TAG).history()).map(({ Id: id }: { Id: string }) => id);
        const steps = async () =>
          (await all()).filter(
            ({ Id: id, ImageID: image }) => id !== other.id && layers.includes(image) && image !== parent,
          );
        const left = await steps();
        expect(left.length).toBeGreaterThan(0);
        expect(await removeBuildContainers(started, 0)).toBeGreaterThanOrEqual(left.length);
        expect(await steps()).toEqual([]);
        expect((await other.inspect()).Id).toBe(other.id);
      } finally {
        await other.remove();
        await docker.getImage(TAG).remove();
      }
    });
  });
}
