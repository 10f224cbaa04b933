/** What a scenario is given, and what it gives back. */
import type { Measurement } from "../measurement";
import type { ContainerSampler } from "../observe/containers";
import type { Progress } from "../progress";
import type { Series } from "../report/series";
import type { BenchRequest } from "../request";
import type { Access, System } from "../systems/system";

export interface Scene {
  readonly system: System;
  readonly access: Access;
  readonly request: BenchRequest;
  readonly progress: Progress;
  /** Watches all containers of the system. */
  sampler(): ContainerSampler;
  /** Ids of customers that no other scenario uses; the first of at most a hundred million. */
  ids(): number;
}

export interface Findings {
  readonly measurements: Measurement[];
  readonly series?: Series[];
}

export type ScenarioRun = (scene: Scene) => Promise<Findings>;
