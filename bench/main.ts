/** Runs the benchmark: one system after the other, never two at once. */
import execa from "execa";
import { Cleanup } from "./cleanup";
import { measureLimits } from "./limits/limits";
import { ContainerSampler } from "./observe/containers";
import { measurePeer } from "./peer/peer";
import { PlainDocker } from "./plain-docker/plain-docker";
import { recipeOf } from "./plain-docker/recipe";
import { Progress } from "./progress";
import { Collected } from "./report/collected";
import { printResults, writeResults } from "./report/files";
import { describeMachine } from "./report/machine";
import type { BenchRequest, Scenario } from "./request";
import { growth } from "./scenarios/growth";
import { idle } from "./scenarios/idle";
import { latency } from "./scenarios/latency";
import { destroyed, idleCommands, standUp } from "./scenarios/platform";
import type { ScenarioRun, Scene } from "./scenarios/scenario";
import { snapshot } from "./scenarios/snapshot";
import { stream } from "./scenarios/stream";
import { tables } from "./scenarios/tables";
import { throughput } from "./scenarios/throughput";
import { ours } from "./systems/ours";
import { seed } from "./systems/seed";
import { Stack } from "./systems/stack";
import { Access, type System } from "./systems/system";

const EMBEDDED = "embedded engine";
const PULUMI = "Pulumi CLI";
const PLAIN_NETWORK = "e2e-bench-plain";

/** The peer's rate does not depend on the number of rows. */
const PEERS_SHARE = 5;
/** It commits as often as our streaming job begins a micro-batch. */
const PEER = { changes: 60, warmUp: 20, commitIntervalMs: 1000 };

/**
 * In this order, the same for both: what is measured later runs in warmer processes. The seed's way ends with the
 * snapshot, for which its job is stopped.
 */
const RUNS: Record<System["name"], [Scenario, ScenarioRun][]> = {
  seed: [
    ["latency", latency],
    ["throughput", throughput],
    ["snapshot", snapshot],
  ],
  ours: [
    ["latency", latency],
    ["throughput", throughput],
    ["snapshot", snapshot],
    ["stream", stream],
    ["growth", growth],
    ["idle", idle],
    // Last: the stack has its tables from then on.
    ["tables", tables],
  ],
};

/** @returns the exit code: 0, 1 when something could not be measured, 130 when it was interrupted */
export async function run(request: BenchRequest): Promise<number> {
  const started = Date.now();
  const progress = new Progress();
  const cleanup = new Cleanup(progress);
  const collected = new Collected(progress);
  const machine = await describeMachine();
  if (machine.loadBefore > machine.cores / 2) {
    progress.line(
      `The machine is busy (load ${machine.loadBefore}): results will be worse than they could be.`,
    );
  }

  const interrupted = interruption(progress);
  const work = measureAll(request, progress, cleanup, collected);
  const ended = await Promise.race([work.then(() => "done" as const), interrupted]);
  // What was under way fails now that its stack goes.
  work.catch(() => {});
  const clean = await cleanup.run();
  if (ended === "interrupted") {
    progress.line(clean ? "Interrupted; everything is destroyed." : "Interrupted; see above what is left.");
    process.exit(130);
  }

  const results = collected.results(new Date(started), (Date.now() - started) / 60_000, machine, request);
  printResults(results);
  console.log(`\nWritten: ${writeResults(results).join(", ")}`);
  return results.failures.length > 0 || !clean ? 1 : 0;
}

async function measureAll(
  request: BenchRequest,
  progress: Progress,
  cleanup: Cleanup,
  collected: Collected,
): Promise<void> {
  if (request.systems.includes("seed")) {
    await collected.attempt("the seed's way", () =>
      measureSystem(seed(), request, progress, cleanup, collected),
    );
  }
  // Limits and the peer are measured on our stack.
  if (request.systems.some((system) => system !== "seed")) {
    await collected.attempt("ours", () => measureSystem(ours(), request, progress, cleanup, collected));
  }
  if (request.systems.includes("ours") && request.scenarios.includes("platform")) {
    await collected.attempt(PULUMI, () => withPulumi(progress, cleanup, collected));
  }
}

async function measureSystem(
  system: System,
  request: BenchRequest,
  progress: Progress,
  cleanup: Cleanup,
  collected: Collected,
): Promise<void> {
  const { stack } = system;
  const asked = request.systems.includes(system.name);
  const platform = asked && request.scenarios.includes("platform") && system.name === "ours";
  const runs = RUNS[system.name].filter(([scenario]) => asked && request.scenarios.includes(scenario));
  const others =
    system.name === "ours" && (["limits", "peer"] as const).some((one) => request.systems.includes(one));
  if (runs.length === 0 && !platform && !others) return;

  progress.section(system.name === "ours" ? "This project" : "The seed's way");
  system.configure();
  await stack.destroy();
  system.configure();
  const destroy = cleanup.add(`${stack.name}: destroying`, () => stack.destroy());
  progress.line(`${stack.name}: up`);
  if (platform) collected.add(await standUp(stack, system.tables, EMBEDDED, progress));
  else await stack.npmRun("up");
  await system.prepare();

  const access = await Access.to(system);
  try {
    const scene = sceneOf(system, access, request, progress);
    for (const [scenario, measure] of runs) {
      progress.line(`${system.name}: ${scenario}`);
      await collected.attempt(`${system.name}: ${scenario}`, async () =>
        collected.take(await measure(scene)),
      );
    }
    if (platform) collected.add(await idleCommands(stack, EMBEDDED));
    if (others) await measureOthers(scene, cleanup, collected);
  } finally {
    await access.close();
  }
  if (!platform) return destroy();

  const recipe = await recipeOf(stack, PLAIN_NETWORK);
  progress.line(`${stack.name}: destroying`);
  const began = performance.now();
  await destroy();
  collected.add([destroyed(EMBEDDED, (performance.now() - began) / 1000)]);

  progress.line("the same containers by hand");
  const plain = new PlainDocker(recipe, PLAIN_NETWORK, stack.portOffset);
  const remove = cleanup.add("removing the containers made by hand", () => plain.remove());
  await collected.attempt("plain docker", async () => collected.add(await plain.measure(system.tables)));
  await remove();
}

/** What needs our stack, and is not ours. */
async function measureOthers(
  { system, request, progress, ids }: Scene,
  cleanup: Cleanup,
  collected: Collected,
): Promise<void> {
  const { stack } = system;
  if (request.systems.includes("limits")) {
    progress.section("Limits: parts of the platform on their own");
    await collected.attempt("limits", async () =>
      collected.add(await measureLimits(stack, (what) => progress.line(what), cleanup)),
    );
  }
  if (request.systems.includes("peer")) {
    progress.section("The peer: the Iceberg sink for Kafka Connect");
    await collected.attempt("peer", async () => {
      const rows = Math.ceil(request.rows / PEERS_SHARE);
      const options = { ...PEER, rows, firstId: ids(), progress, cleanup };
      collected.add(await measurePeer(stack, options));
    });
  }
}

/** The same commands with the real CLI, where it is. */
async function withPulumi(progress: Progress, cleanup: Cleanup, collected: Collected): Promise<void> {
  const found = await execa("pulumi", ["version"], { reject: false }).catch(() => undefined);
  if (found?.exitCode !== 0) {
    progress.line("The Pulumi CLI is not present: only the embedded engine was measured.");
    return;
  }
  const { tables } = ours();
  const stack = new Stack("e2e-bench-pulumi", 29_000, "pulumi");
  stack.configure();
  const destroy = cleanup.add(`${stack.name}: destroying`, () => stack.destroy());
  progress.section(`With the Pulumi CLI ${found.stdout}`);
  collected.add(await standUp(stack, tables, PULUMI, progress));
  collected.add(await idleCommands(stack, PULUMI));
  const began = performance.now();
  await destroy();
  collected.add([destroyed(PULUMI, (performance.now() - began) / 1000)]);
}

function sceneOf(system: System, access: Access, request: BenchRequest, progress: Progress): Scene {
  let used = 0;
  return {
    system,
    access,
    request,
    progress,
    sampler: () => new ContainerSampler(access.outputs.containerNames, `${system.stack.name}-`),
    ids: () => ++used * 100_000_000,
  };
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends at once. */
function interruption(progress: Progress): Promise<"interrupted"> {
  return new Promise((resolve) => {
    let first = 0;
    const onSignal = () => {
      // npm and the terminal can both pass on one Ctrl-C.
      if (first > 0 && Date.now() - first > 1000) process.exit(130);
      if (first > 0) return;
      first = Date.now();
      progress.line("Interrupted: what was stood up is destroyed; once more ends at once and leaves it.");
      resolve("interrupted");
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
