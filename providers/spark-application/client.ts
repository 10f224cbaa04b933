/** Talks to the Spark client's container: its files, its supervisor, its drivers' logs. */
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import tar from "tar-stream";
import type { CodeFile } from "./code";
import { APPLICATIONS_DIRECTORY, CODE_DIRECTORY, type ServiceFile } from "./deployment";
import type { DriverState } from "./driver-state";

/** User `spark` of the image. */
const SPARK_USER = 1000;
/** Exit code of `application` when it does not know the name. */
const NO_SUCH_APPLICATION = 3;

/** Exit code of a command that was killed. */
const KILLED = 137;
/** The container's own state can follow the end of its processes by a moment. */
const ENDING_LOOKS = 10;
const ENDING_PAUSE_MS = 200;

/** The container is not there. */
export class ContainerGone extends Error {}

/** The container is there but not running. */
export class ContainerDown extends Error {}

interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface TarFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly executable: boolean;
}

export class SparkClient {
  private readonly container: Docker.Container;

  /** `docker` is what the environment says (DOCKER_HOST), else the local socket. */
  constructor(
    private readonly containerName: string,
    docker = new Docker(),
  ) {
    this.container = docker.getContainer(containerName);
  }

  /** State of an application; undefined when the container knows none of this name. */
  async state(name: string): Promise<DriverState | undefined> {
    const result = await this.execute(["application", "state", name]);
    if (result.exitCode === NO_SUCH_APPLICATION) return undefined;
    return JSON.parse(this.succeeded(result, `application state ${name}`));
  }

  /** Replaces the code in an application's folder. A driver that runs has it in memory, and is not disturbed. */
  async putCode(folder: string, files: readonly CodeFile[]): Promise<void> {
    await this.run([
      "find",
      CODE_DIRECTORY,
      "-mindepth",
      "2",
      "-path",
      `${CODE_DIRECTORY}/${folder}/*`,
      "-delete",
    ]);
    await this.put(
      CODE_DIRECTORY,
      files.map((file) => ({ ...file, path: `${folder}/${file.path}`, executable: false })),
    );
  }

  /** Writes an application's service directory, which must not be running. */
  async putService(name: string, files: readonly ServiceFile[]): Promise<void> {
    // Under another name until it is complete: the supervisor may look at any time.
    const unfinished = `.${name}.unfinished`;
    await this.run(["rm", "-rf", `${APPLICATIONS_DIRECTORY}/${unfinished}`]);
    await this.put(
      APPLICATIONS_DIRECTORY,
      files.map((file) => ({ ...file, path: `${unfinished}/${file.path}` })),
    );
    await this.run(["application", "install", name]);
  }

  async start(name: string): Promise<void> {
    await this.run(["application", "start", name]);
  }

  /** Stops an application's driver after its running micro-batch. */
  async stop(name: string): Promise<void> {
    await this.run(["application", "stop", name]);
  }

  /** Stops and forgets an application; one that is not known is fine. */
  async remove(name: string): Promise<void> {
    const result = await this.execute(["application", "remove", name]);
    if (result.exitCode !== NO_SUCH_APPLICATION) this.succeeded(result, `application remove ${name}`);
  }

  /** The last lines of the driver's log; empty when there is none. */
  async log(name: string): Promise<string> {
    return (await this.execute(["application", "log", name])).stdout;
  }

  private async run(command: string[]): Promise<string> {
    return this.succeeded(await this.execute(command), command.join(" "));
  }

  private succeeded(result: Result, command: string): string {
    if (result.exitCode === 0) return result.stdout;
    const said = (result.stderr || result.stdout).trim();
    throw new Error(
      `\`${command}\` in container ${this.containerName} failed (exit code ${result.exitCode}): ${said}`,
    );
  }

  private async execute(command: string[]): Promise<Result> {
    const exec = await this.reach(
      this.container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true }),
    );
    const stream = await exec.start({});
    const [stdout, stderr] = await bothOutputs(stream);
    const { ExitCode } = await this.reach(exec.inspect());
    if (ExitCode === KILLED) await this.stillRuns();
    return { exitCode: ExitCode ?? -1, stdout, stderr };
  }

  /** A container that ends kills what runs in it: throws ContainerDown or ContainerGone when that was it. */
  private async stillRuns(): Promise<void> {
    for (let look = 0; look < ENDING_LOOKS; look++) {
      const { State } = await this.reach(this.container.inspect());
      if (!State.Running) throw new ContainerDown(`container ${this.containerName} was stopped meanwhile`);
      await sleep(ENDING_PAUSE_MS);
    }
  }

  private async put(directory: string, files: readonly TarFile[]): Promise<void> {
    await this.reach(this.container.putArchive(await archive(files), { path: directory }));
  }

  private async reach<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const status = (error as { statusCode?: number }).statusCode;
      if (status === 404) throw new ContainerGone(`there is no container ${this.containerName}`);
      if (status === 409)
        throw new ContainerDown(
          `container ${this.containerName} is not running: docker start ${this.containerName}`,
        );
      throw error;
    }
  }
}

/** Docker's stream of frames: stream number (1: stdout, 2: stderr), 3 zero bytes, length, content. */
async function bothOutputs(stream: NodeJS.ReadableStream): Promise<[stdout: string, stderr: string]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const all = Buffer.concat(chunks);
  const outputs: Buffer[][] = [[], [], []];
  for (let start = 0; start + 8 <= all.length; ) {
    const end = start + 8 + all.readUInt32BE(start + 4);
    outputs[all.readUInt8(start)]?.push(all.subarray(start + 8, end));
    start = end;
  }
  const text = (parts: Buffer[] = []) => Buffer.concat(parts).toString("utf8");
  return [text(outputs[1]), text(outputs[2])];
}

/** A tar archive of the files and the folders they lie in, all owned by the image's user. */
async function archive(files: readonly TarFile[]): Promise<Buffer> {
  const pack = tar.pack();
  const owner = { uid: SPARK_USER, gid: SPARK_USER };
  const folders = new Set(files.flatMap(({ path }) => parents(path)));
  for (const name of [...folders].sort()) pack.entry({ name, type: "directory", mode: 0o755, ...owner });
  for (const { path, content, executable } of files)
    pack.entry({ name: path, mode: executable ? 0o755 : 0o644, mtime: new Date(), ...owner }, content);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** `a/b/c` → `a`, `a/b` */
function parents(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
