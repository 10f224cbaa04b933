/** The containers of a stack, as Docker has them at this moment. */
import Table from "cli-table3";
import Dockerode from "dockerode";
import { ofPipeline } from "../../components/pipeline-names";
import { SERVICE_LABEL } from "../../labels";
import { type Disk, readDisks } from "./disks";
import { inTime } from "./in-time";

export interface ServiceStatus {
  /** `kafka-connect`; the container's name when Docker has no such container. */
  readonly service: string;
  readonly container: string;
  /** Docker's word: `running`, `exited`, `restarting`, `paused` …; `gone` when there is none of that name. */
  readonly state: string;
  /** `healthy`, `unhealthy` or `starting`; null: it is not running. */
  readonly health: string | null;
  /** How often Docker started it again since it was made. */
  readonly restarts: number;
  /** Bytes in use, page cache not counted, and what it may use; null: it is not running. */
  readonly memory: { readonly used: number; readonly limit: number } | null;
  /** Of its data; none where it keeps none, or cannot be asked. */
  readonly disks: readonly Disk[];
  /** Ports on this machine, such as `127.0.0.1:8083`. */
  readonly published: readonly string[];
}

const MEBIBYTE = 1024 ** 2;
/** The longest that a container may take to tell its memory and its disks. */
const MOST_MS = 1_200;

/**
 * @param containers names, of the stack's output `containerNames`
 * @throws Error when Docker does not answer
 */
export async function readServices(
  containers: readonly string[],
  docker = new Dockerode(),
): Promise<ServiceStatus[]> {
  return Promise.all(containers.map((name) => readService(docker, name)));
}

async function readService(docker: Dockerode, name: string): Promise<ServiceStatus> {
  const container = docker.getContainer(name);
  const live = await container.inspect().catch(absent);
  if (!live) {
    return {
      ...{ service: name, container: name, state: "gone", health: null },
      ...{ restarts: 0, memory: null, disks: [], published: [] },
    };
  }
  const isRunning = live.State.Running && !live.State.Restarting && !live.State.Paused;
  const volumes = live.Mounts.flatMap(({ Type, Destination }) => (Type === "volume" ? [Destination] : []));
  const [memory, disks] = isRunning
    ? await Promise.all([
        // What is not told in time, or not at all, is left out: one that hangs must not keep the others from being shown.
        inTime(memoryOf(container), MOST_MS).catch(() => null),
        inTime(readDisks(container, volumes), MOST_MS).catch(() => []),
      ])
    : [null, []];
  return {
    service: live.Config.Labels[SERVICE_LABEL] ?? name,
    container: name,
    state: live.State.Status,
    health: isRunning ? (live.State.Health?.Status ?? null) : null,
    restarts: live.RestartCount,
    memory,
    disks,
    published: Object.values(live.NetworkSettings.Ports ?? {}).flatMap((bindings) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`),
    ),
  };
}

/** As `docker stats` counts it: without the page cache that can be given up at once. */
async function memoryOf(container: Dockerode.Container): Promise<ServiceStatus["memory"]> {
  const stats = await container.stats({ stream: false, "one-shot": true });
  const { usage, limit, stats: kinds } = stats.memory_stats;
  if (usage === undefined || limit === undefined) return null;
  const cache = (kinds as { inactive_file?: number } | undefined)?.inactive_file ?? 0;
  return { used: Math.max(usage - cache, 0), limit };
}

function absent(error: { statusCode?: number }): undefined {
  if (error.statusCode !== 404) throw error;
}

/** `spark-worker-2` is of `spark-worker`, and `kafka-connect` not of `kafka`. */
export function isOf(service: string, container: string): boolean {
  return container.replace(/-\d+$/, "") === service;
}

/** Those that each pipeline has for itself. */
const OF_A_PIPELINE = ["spark-worker", "spark-client"];

/** A service as a pipeline has it; undefined: the stack's own. */
export function serviceFor(pipeline: string | undefined, service: string): string {
  return OF_A_PIPELINE.includes(service) ? ofPipeline(service, pipeline) : service;
}

/** Whether a container does not do what it is there for; one that is about to begin counts as doing it. */
export function isDown({ state, health }: ServiceStatus): boolean {
  return state !== "running" || health === "unhealthy";
}

/** What is wrong with containers, each with the command that helps. */
export function serviceAlarms(services: readonly ServiceStatus[]): string[] {
  return services.filter(isDown).map(({ service, container, state }) => {
    if (state === "gone")
      return `container ${container} is gone: \`npm run refresh\`, then \`npm run up\` makes it again`;
    if (state === "running") return `${service} is unhealthy: \`docker logs ${container}\` shows why`;
    if (state === "paused") return `${service} is paused: \`docker unpause ${container}\` lets it go on`;
    return `${service} is ${state}: \`docker logs ${container}\` shows why, \`docker start ${container}\` starts it`;
  });
}

export function serviceTable(services: readonly ServiceStatus[]): string {
  const table = new Table({
    head: ["Service", "State", "Restarts", "Memory", "Disk", "Published"],
    style: { head: [], border: [] },
  });
  for (const { service, state, health, restarts, memory, disks, published } of services) {
    table.push([
      service,
      health && state === "running" ? health : state,
      restarts,
      memory ? `${mebibytes(memory.used)} of ${mebibytes(memory.limit)} MiB` : "",
      disks.map(({ size, free }) => `${Math.round((100 * (size - free)) / size)} % full`).join("\n"),
      published.join("\n"),
    ]);
  }
  return table.toString();
}

function mebibytes(bytes: number): string {
  return Math.round(bytes / MEBIBYTE).toLocaleString("en-US");
}
