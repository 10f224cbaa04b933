/** Looks once, or again and again. */
import { chooseEngine } from "../../stack/engines/choose";
import { outputsOfPipeline } from "../../stack/outputs";
import { inShort, type PipelineInShort, pipelineLines, readPipelines } from "./pipelines";
import { reportOf } from "./report";
import type { StatusRequest } from "./request";
import { readStatus, type Status, statusText } from "./status";
import { untilInterrupted } from "./watch";

const LOOK_EVERY_MS = 2_000;

/** @returns the exit code */
export async function run(request: StatusRequest): Promise<number> {
  const { json = false, all = false, watch = false } = request;
  const text = (look: Look, indent?: number) =>
    json
      ? JSON.stringify(reportOf(look.status, look.pipelines), null, indent)
      : [statusText(look.status, all), ...pipelineLines(look.pipelines)].join("\n");
  if (watch) {
    const shown = async () => {
      const look = await lookOnce(request);
      return json ? text(look) : [text(look), ...wrong(look)].join("\n");
    };
    await untilInterrupted(shown, LOOK_EVERY_MS, { redraw: !json && process.stdout.isTTY });
    return 0;
  }
  const look = await lookOnce(request);
  console.log(text(look, 2));
  const lines = wrong(look);
  for (const line of lines) console.error(line);
  return lines.length > 0 ? 1 : 0;
}

interface Look {
  readonly status: Status;
  /** None where one is asked for. */
  readonly pipelines: readonly PipelineInShort[];
}

async function lookOnce({ stack, engine, pipeline }: StatusRequest): Promise<Look> {
  const outputs = await (await chooseEngine(engine, stack)).outputs(stack, true);
  const [status, others] = await Promise.all([
    readStatus(outputsOfPipeline(outputs, stack, pipeline), { stack, pipeline }),
    pipeline === undefined ? readPipelines(outputs, stack) : [],
  ]);
  return { status, pipelines: inShort(status, others) };
}

function wrong({ status, pipelines }: Look): string[] {
  return [
    ...wrongIn(status),
    ...pipelines.flatMap((one) => wrongIn(one).map((line) => `Pipeline ${one.pipeline}: ${line}`)),
  ];
}

function wrongIn({ alarms, notReached }: Pick<Status, "alarms" | "notReached">): string[] {
  return [
    ...alarms.map((alarm) => `ALARM: ${alarm}`),
    ...notReached.map(({ part, reason }) => `NO ANSWER from ${part}: ${reason}`),
  ];
}
