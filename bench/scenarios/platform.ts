/** How long the platform takes to stand up, and what its commands take when there is nothing to do. */
import type { System as MeasuredSystem, Measurement } from "../measurement";
import { DESTROY, FIRST_ROW, PREVIEW, UP, UP_AGAIN } from "../metrics";
import { ContainerSampler } from "../observe/containers";
import { limitOf } from "../observe/usage";
import type { Progress } from "../progress";
import type { Stack } from "../systems/stack";
import type { LakeTable } from "../systems/system";
import { defaults, firstRow } from "./first-row";

/** Of a stack with the defaults. They are watched from before they exist. */
export const SERVICES = [
  "postgresql",
  "zookeeper",
  "kafka",
  "kafka-connect",
  "supervisor",
  "minio",
  "spark-master",
  "spark-worker",
  "spark-client",
];

/** Milliseconds after `up` has ended, after which the first row is not waited for any longer. */
export const FIRST_ROW_WITHIN = 180_000;

const shared = (system: MeasuredSystem, engine: string) => ({
  scenario: `platform, ${engine}`,
  system,
  unit: "s",
});

/** `up` of a configured stack with nothing there but the images, until its first row can be read. */
export async function standUp(
  stack: Stack,
  tables: readonly LakeTable[],
  engine: string,
  progress: Progress,
): Promise<Measurement[]> {
  const { lakeSecretKey } = defaults();
  const place = { portOffset: stack.portOffset, accessKey: "lake", secretKey: lakeSecretKey };
  const failed = new AbortController();
  const watched = await watch(stack);
  const began = Date.now();
  const row = firstRow(place, tables, failed.signal);
  row.catch(() => {});
  const up = await stack.npmRun("up").catch((error) => {
    failed.abort();
    throw error;
  });
  setTimeout(() => failed.abort(), FIRST_ROW_WITHIN).unref();
  const readable = (await row) - began;
  const limitedBy = limitOf(await watched.stop());
  progress.line(
    `up took ${up.seconds.toFixed(1)} s, the first row was readable after ${(readable / 1000).toFixed(1)} s`,
  );
  const detail = "images there; the row is committed as soon as its table exists";
  return [
    { ...shared("ours", engine), metric: FIRST_ROW, value: readable / 1000, limitedBy, detail },
    {
      ...shared("ours", engine),
      metric: UP,
      value: up.seconds,
      detail: "npm run up, start of Node.js included",
    },
  ];
}

/** Commands on a stack that is up and as declared. */
export async function idleCommands(stack: Stack, engine: string): Promise<Measurement[]> {
  const timed = async (metric: string, command: string): Promise<Measurement> => {
    const watched = await watch(stack);
    const { seconds } = await stack.npmRun(command);
    return { ...shared("ours", engine), metric, value: seconds, limitedBy: limitOf(await watched.stop()) };
  };
  return [await timed(UP_AGAIN, "up"), await timed(PREVIEW, "preview")];
}

function watch(stack: Stack): Promise<ContainerSampler> {
  return new ContainerSampler(
    SERVICES.map((service) => stack.container(service)),
    `${stack.name}-`,
  ).start();
}

export function destroyed(engine: string, seconds: number): Measurement {
  return { ...shared("ours", engine), metric: DESTROY, value: seconds };
}
