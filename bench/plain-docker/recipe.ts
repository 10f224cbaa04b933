/** What `docker run` needs in order to make a stack's containers again: read from the running ones. */
import Docker from "dockerode";
import tar from "tar-stream";
import type { Stack } from "../systems/stack";

/** A file as a tar archive has it. */
export interface ContainerFile {
  readonly header: Pick<tar.Header, "name"> & Partial<tar.Header>;
  readonly content: Buffer;
}

export interface ContainerRecipe {
  readonly service: string;
  readonly body: Docker.ContainerCreateOptions;
  /** Files that the stack had put into it, by the folder that they go to. */
  readonly files: readonly { folder: string; file: ContainerFile }[];
}

export interface Recipe {
  readonly containers: ReadonlyMap<string, ContainerRecipe>;
  readonly connector: { name: string; config: Record<string, string> };
  readonly topics: readonly string[];
  /** The streaming job's service directory and code, under the names that `application install` expects. */
  readonly job: { name: string; archives: readonly { folder: string; archive: Buffer }[] };
}

/** What the components upload (components/*.ts). */
const UPLOADS: Record<string, string[]> = {
  postgresql: ["/etc/postgresql/cdc/password"],
  zookeeper: ["/zookeeper/conf/zoo.cfg"],
  kafka: ["/kafka/config/server.properties"],
  "kafka-connect": ["/kafka/config/connect-distributed.properties", "/kafka/secrets/postgresql.properties"],
  minio: ["/etc/minio/root-password"],
  "spark-master": ["/opt/spark/conf/spark-defaults.conf"],
  "spark-worker": ["/opt/spark/conf/spark-defaults.conf"],
  "spark-client": ["/opt/spark/conf/spark-defaults.conf"],
};
const CODE = "/opt/examples/streaming";
const APPLICATIONS = "/srv/applications";
const SERVICE_FILES = ["run", "finish", "log/run", "deployment.json"];

export async function recipeOf(stack: Stack, network: string, docker = new Docker()): Promise<Recipe> {
  const outputs = await stack.outputs();
  const containers = new Map<string, ContainerRecipe>();
  for (const name of outputs.containerNames) {
    const recipe = await containerRecipe(docker, name, stack.name, network);
    containers.set(recipe.service, recipe);
  }
  const { connectorName, kafkaConnectUrl, streamingJobName } = outputs;
  const answer = await fetch(`${kafkaConnectUrl}/connectors/${connectorName}/config`);
  return {
    containers,
    connector: { name: connectorName, config: (await answer.json()) as Record<string, string> },
    topics: outputs.topicNames,
    job: { name: streamingJobName, archives: await jobArchives(docker, stack, streamingJobName) },
  };
}

async function containerRecipe(
  docker: Docker,
  name: string,
  stack: string,
  network: string,
): Promise<ContainerRecipe> {
  const container = docker.getContainer(name);
  const { Config, HostConfig } = await container.inspect();
  const service = Config.Labels["cdc.service"] ?? name;
  const files = await Promise.all(
    (UPLOADS[service] ?? []).map(async (path) => ({
      folder: path.slice(0, path.lastIndexOf("/")),
      file: await firstFile(await container.getArchive({ path })),
    })),
  );
  return {
    service,
    files,
    body: {
      name: name.replace(stack, network),
      Hostname: Config.Hostname,
      Image: Config.Image,
      Cmd: Config.Cmd,
      Entrypoint: Config.Entrypoint,
      Env: Config.Env,
      Healthcheck: Config.Healthcheck,
      ExposedPorts: Config.ExposedPorts,
      Labels: { "cdc.bench": network },
      HostConfig: {
        Memory: HostConfig.Memory,
        MemorySwap: HostConfig.MemorySwap,
        ShmSize: HostConfig.ShmSize,
        PortBindings: HostConfig.PortBindings,
        CapDrop: HostConfig.CapDrop,
        SecurityOpt: HostConfig.SecurityOpt,
        LogConfig: HostConfig.LogConfig,
        RestartPolicy: HostConfig.RestartPolicy,
        ReadonlyRootfs: HostConfig.ReadonlyRootfs,
        Tmpfs: HostConfig.Tmpfs,
        // The same places, with volumes of their own that go with the container.
        Mounts: [...(HostConfig.Mounts ?? []), ...boundVolumes(HostConfig.Binds)].map(({ Target }) => ({
          Target,
          Source: "",
          Type: "volume",
        })),
      },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [service] } } },
    },
  };
}

function boundVolumes(binds: string[] | undefined): { Target: string }[] {
  return (binds ?? []).map((bind) => ({ Target: bind.split(":")[1] ?? "" }));
}

async function jobArchives(
  docker: Docker,
  stack: Stack,
  name: string,
): Promise<{ folder: string; archive: Buffer }[]> {
  const container = docker.getContainer(stack.container("spark-client"));
  const service = await Promise.all(
    SERVICE_FILES.map(async (path) => {
      const file = await firstFile(await container.getArchive({ path: `${APPLICATIONS}/${name}/${path}` }));
      return { ...file, header: { ...file.header, name: `.${name}.unfinished/${path}` } };
    }),
  );
  const owner = { uid: service[0]?.header.uid, gid: service[0]?.header.gid };
  const folders = [`.${name}.unfinished`, `.${name}.unfinished/log`].map(
    (folder): ContainerFile => ({
      header: { name: folder, type: "directory", mode: 0o755, ...owner },
      content: Buffer.alloc(0),
    }),
  );
  const code = await wholeStream(await container.getArchive({ path: CODE }));
  return [
    { folder: CODE.slice(0, CODE.lastIndexOf("/")), archive: code },
    { folder: APPLICATIONS, archive: await archiveOf([...folders, ...service]) },
  ];
}

async function firstFile(stream: NodeJS.ReadableStream): Promise<ContainerFile> {
  const extract = tar.extract();
  stream.pipe(extract);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    stream.unpipe(extract);
    return { header: entry.header, content: Buffer.concat(chunks) };
  }
  throw new Error("the archive is empty");
}

async function wholeStream(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function archiveOf(files: readonly ContainerFile[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { header, content } of files) {
    if (header.type === "directory") pack.entry(header);
    else pack.entry({ ...header, size: content.length }, content);
  }
  pack.finalize();
  return wholeStream(pack);
}
