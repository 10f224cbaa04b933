/** What the platform costs when nothing changes. */
import { setTimeout as pause } from "node:timers/promises";
import type { Measurement } from "../measurement";
import { IDLE_CPU, IDLE_MEMORY } from "../metrics";
import type { Findings, Scene } from "./scenario";

const CALM_DOWN = 60_000;
const WATCHED = 60_000;

export async function idle({ system, progress, sampler }: Scene): Promise<Findings> {
  progress.line("idle: two minutes in which nothing changes");
  await pause(CALM_DOWN);
  const watched = await sampler().start();
  await pause(WATCHED);
  const { containers, memory } = await watched.stop();
  const shared = { scenario: "idle", system: system.name };
  const cpu = containers.reduce((sum, container) => sum + container.cpu, 0);
  const busiest = containers[0];
  const measurements: Measurement[] = [
    {
      ...shared,
      metric: IDLE_CPU,
      value: cpu * 100,
      unit: "% of one core",
      limitedBy: busiest && `busiest: ${busiest.name} ${(busiest.cpu * 100).toFixed(1)} %`,
      detail: "over 60 s, after 60 s of calm",
    },
    { ...shared, metric: IDLE_MEMORY, value: memory.mean, unit: "MB" },
    ...containers.flatMap(({ name, cpu: share, meanMb }): Measurement[] => [
      { ...shared, metric: `CPU of ${name}, idle`, value: share * 100, unit: "% of one core" },
      { ...shared, metric: `memory of ${name}, idle`, value: meanMb, unit: "MB" },
    ]),
  ];
  return { measurements };
}
