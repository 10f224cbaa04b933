/** How things of one pipeline are told apart from those of another. */

/** A pipeline's name is part of those of containers, resources and folders. */
export const PIPELINE_NAME = /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/;

/**
 * Name of something that each pipeline has.
 *
 * @param pipeline undefined: the stack's own pipeline, whose things have plain names
 */
export function ofPipeline(name: string, pipeline: string | undefined): string {
  return pipeline === undefined ? name : `${name}-${pipeline}`;
}

/** As a person knows it. */
export function pipelineCalled(pipeline: string | undefined): string {
  return pipeline === undefined ? "the stack's own pipeline" : `pipeline ${pipeline}`;
}

/** One of its settings in the stack's configuration, as a person finds it. */
export function settingOf(pipeline: string | undefined, setting: string): string {
  return pipeline === undefined ? `cdc:${setting}` : `${setting} of pipeline ${pipeline} (cdc:pipelines)`;
}

/** Path of its connector's file, unless it names another. */
export function connectorFileOf(pipeline: string): string {
  return `connector-configs/${pipeline}.json`;
}
