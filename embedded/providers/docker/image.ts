import { stat } from "node:fs/promises";
import path from "node:path";
import type Docker from "dockerode";
import { z } from "zod";
import { type Progress, type Properties, type ResourceProvider, UNKNOWN } from "../../provider";
import { changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { presentOnly } from "../present-only";
import { contextDigest, packContext, readContext } from "./build-context";
import { type BuildEvent, BuildLog } from "./build-log";
import { dockerMessage, ifExists, request } from "./connection";

export const imageInputs = z.strictObject({
  imageName: z.string(),
  skipPush: z.literal(true, "must be true: the embedded engine does not push images to a registry"),
  buildOnPreview: z.literal(false, "the embedded engine does not build in a preview").optional(),
  build: z.strictObject({
    context: z.string().optional(),
    dockerfile: z.string().optional(),
    args: z.record(z.string(), z.string()).optional(),
    platform: z.string().optional(),
    target: z.string().optional(),
    network: z.string().optional(),
    addHosts: z.array(z.string()).optional(),
    builderVersion: z
      .literal("BuilderV1", "must be BuilderV1: the embedded engine builds with Docker's classic builder")
      .optional(),
    /** Set by `check`, as the real plugin does: what a diff sees of the context's files. */
    contextDigest: z.string().optional(),
  }),
});

type ImageInputs = z.infer<typeof imageInputs>;
type Build = ImageInputs["build"];

/**
 * `docker:index/image:Image`, built locally. Its `repoDigest` is the local image id (`sha256:…`). Every change,
 * of the context's files too, is an update in place that builds again; deleting it leaves the image.
 */
export function imageProvider(docker: Docker): ResourceProvider {
  return {
    async check({ newInputs }) {
      const checked = checkInputs("docker.Image", imageInputs, newInputs);
      const build = checked.inputs.build as Build;
      if (checked.failures.length > 0 || [build, build.context, build.dockerfile].includes(UNKNOWN))
        return checked;
      const located = locate(build);
      if ("reason" in located) return { ...checked, failures: [located] };
      if (!(await isFolder(located.folder))) {
        const reason = `there is no folder ${located.folder}`;
        return { ...checked, failures: [{ property: "build.context", reason }] };
      }
      const digest = contextDigest(await readContext(located.folder, located.dockerfile));
      return { ...checked, inputs: { ...checked.inputs, build: { ...build, contextDigest: digest } } };
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs);
      return { changed, replaces: [], deleteBeforeReplace: false };
    },

    async create({ inputs, progress }) {
      const wanted = inputs as ImageInputs;
      const id = await buildImage(docker, wanted, progress);
      return { id: wanted.imageName, outputs: outputsOf(wanted, id) };
    },

    /**
     * An image that was built elsewhere under our tag, or whose tag is gone, shows as a change of its
     * context, so that the next up builds it again (from Docker's cache, mostly).
     */
    async read({ id, inputs, outputs }) {
      const wanted = inputs as ImageInputs;
      const built = String(outputs.repoDigest);
      const image = await request(docker, (d) => ifExists(d.getImage(built).inspect()));
      if (image === undefined) return undefined;
      const tagged = await request(docker, (d) => ifExists(d.getImage(wanted.imageName).inspect()));
      if (tagged?.Id === built) return { id, inputs, outputs };
      const drift = tagged === undefined ? "the tag was removed" : `the tag was moved to ${tagged.Id}`;
      return { id, inputs: { ...inputs, build: { ...wanted.build, contextDigest: drift } }, outputs };
    },

    /** What an interrupted build left is in Docker's cache, and stays there. */
    async find() {
      return undefined;
    },

    async update({ inputs, progress }) {
      const wanted = inputs as ImageInputs;
      return { outputs: outputsOf(wanted, await buildImage(docker, wanted, progress)) };
    },

    async delete() {
      // As with the real plugin the image stays: it is a cache.
    },
  };
}

function locate(build: Build): { folder: string; dockerfile: string } | { property: string; reason: string } {
  const folder = path.resolve(build.context ?? ".");
  // As with the real plugin a Dockerfile's path starts at the project and not at the context.
  const dockerfile = path.relative(folder, path.resolve(build.dockerfile ?? path.join(folder, "Dockerfile")));
  if (dockerfile.startsWith("..")) {
    return {
      property: "build.dockerfile",
      reason: `must lie in the context ${folder}: the embedded engine sends nothing else`,
    };
  }
  return { folder, dockerfile };
}

async function isFolder(folder: string): Promise<boolean> {
  const stats = await stat(folder).catch(() => undefined);
  return stats?.isDirectory() === true;
}

async function buildImage(
  docker: Docker,
  { imageName, build }: ImageInputs,
  progress: Progress,
): Promise<string> {
  const located = locate(build);
  if ("reason" in located) throw new Error(`${located.property} ${located.reason}`);
  const context = await readContext(located.folder, located.dockerfile);
  const log = new BuildLog(progress);
  try {
    await request(docker, async (d) => {
      const stream: NodeJS.ReadableStream = await d.buildImage(packContext(context), {
        t: imageName,
        dockerfile: located.dockerfile.split(path.sep).join("/"),
        version: "1",
        rm: true,
        forcerm: true,
        // Docker takes an empty value for a wrong one, so what is not given must not be sent.
        ...(build.args && { buildargs: build.args }),
        ...(build.platform && { platform: build.platform }),
        ...(build.target && { target: build.target }),
        ...(build.network && { networkmode: build.network }),
        ...(build.addHosts && { extrahosts: build.addHosts.join(",") }),
      });
      await finished(d, stream, log);
    });
  } catch (error) {
    throw new Error(`image ${imageName} cannot be built: ${log.failure() ?? dockerMessage(error)}`, {
      cause: error,
    });
  }
  const image = await docker.getImage(imageName).inspect();
  return image.Id;
}

function finished(docker: Docker, stream: NodeJS.ReadableStream, log: BuildLog): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error) => {
        const failure = error?.message ?? log.failure();
        failure === undefined ? resolve() : reject(new Error(failure));
      },
      (event: BuildEvent) => log.add(event),
    );
  });
}

function outputsOf(inputs: ImageInputs, id: string): Properties {
  const { imageName, build } = inputs;
  const context = build.context ?? ".";
  return presentOnly({
    ...inputs,
    baseImageName: imageName,
    repoDigest: id,
    context,
    dockerfile: build.dockerfile ?? path.join(context, "Dockerfile"),
    platform: build.platform ?? "",
    registryServer: "",
  });
}
