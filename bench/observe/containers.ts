/** CPU and memory of a stack's containers over time, from Docker, and of the machine. */
import * as os from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import type { Sample, Usage } from "./usage";
import { usageOf } from "./usage";

/** Milliseconds between two samples. */
const INTERVAL = 1000;

export class ContainerSampler {
  private readonly samples: Sample[] = [];
  private readonly stopped = new AbortController();
  private sampling: Promise<void> = Promise.resolve();

  /** @param names containers; @param prefix of the stack, left out in what is reported */
  constructor(
    private readonly names: readonly string[],
    private readonly prefix: string,
    private readonly docker = new Docker(),
  ) {}

  async start(): Promise<this> {
    await this.sample();
    this.sampling = this.goOn();
    return this;
  }

  async stop(): Promise<Usage> {
    this.stopped.abort();
    await this.sampling;
    await this.sample();
    return usageOf(this.samples);
  }

  /** A sample takes a second itself when Docker is busy: the next one then comes later, and none piles up. */
  private async goOn(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await pause(INTERVAL, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await this.sample();
    }
  }

  private async sample(): Promise<void> {
    const at = Date.now();
    const found = await Promise.all(
      this.names.map(async (name) => {
        const stats = await this.docker
          .getContainer(name)
          .stats({ stream: false, "one-shot": true })
          .catch(() => undefined);
        const memory = stats?.memory_stats;
        if (!stats || memory?.usage === undefined) return undefined;
        // As `docker stats` does: what the kernel only keeps in case it is read again is not counted.
        const cache = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0;
        return {
          name: name.replace(this.prefix, ""),
          cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9,
          bytes: memory.usage - cache,
        };
      }),
    );
    this.samples.push({
      at,
      busySeconds: busySeconds(),
      cores: os.cpus().length,
      containers: found.filter((container) => container !== undefined),
    });
  }
}

/** CPU time of the whole machine that was not idle. */
function busySeconds(): number {
  return os
    .cpus()
    .map(({ times }) => times.user + times.nice + times.sys + times.irq)
    .reduce((sum, milliseconds) => sum + milliseconds / 1000, 0);
}
