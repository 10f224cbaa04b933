/** The pipelines beside the stack's own, in short. */
import { outputsOfPipeline, pipelinesIn } from "../../stack/outputs";
import { readStatus, type Status } from "./status";

/** What is told of one; what is not well in the stack's own status too is left out. */
export interface PipelineInShort extends Pick<Status, "overview" | "alarms" | "notReached"> {
  readonly pipeline: string;
}

/** @param outputs outputs of the stack, secrets in clear */
export async function readPipelines(
  outputs: Readonly<Record<string, unknown>>,
  stack: string,
): Promise<Status[]> {
  const names = Object.keys(pipelinesIn(outputs)).sort();
  return Promise.all(
    names.map((pipeline) => readStatus(outputsOfPipeline(outputs, stack, pipeline), { stack, pipeline })),
  );
}

/** Pure. */
export function inShort(own: Status, others: readonly Status[]): PipelineInShort[] {
  return others.map(({ pipeline = "", overview, alarms, notReached }) => ({
    ...{ pipeline, overview },
    alarms: alarms.filter((alarm) => !own.alarms.includes(alarm)),
    notReached: notReached.filter(({ part }) => !own.notReached.some((one) => one.part === part)),
  }));
}

/** Pure: a line for each. */
export function pipelineLines(pipelines: readonly PipelineInShort[]): string[] {
  return pipelines.map(({ pipeline, overview }) => `Pipeline ${pipeline}: ${overview}`);
}
