import { DEFAULT_STACK } from "../../stack/engines/stacks";

const VERBS = /npm run (up|refresh|preview|verify|resnapshot|status|doctor|outputs)\b( --)?/g;
/** Those that are about one pipeline. */
const OF_A_PIPELINE = ["verify", "resnapshot", "status", "doctor", "outputs"];

/** Where a command is to work; without a pipeline: on the stack's own. */
export interface Place {
  readonly stack: string;
  readonly pipeline?: string | undefined;
}

/** Pure: the npm commands in a text as they have to be typed for this stack and this pipeline. */
export function forStack(text: string, { stack, pipeline }: Place): string {
  return text.replace(VERBS, (typed, verb: string) => {
    const options = [
      ...(stack === DEFAULT_STACK ? [] : [`--stack ${stack}`]),
      ...(pipeline && OF_A_PIPELINE.includes(verb) ? [`--pipeline ${pipeline}`] : []),
    ];
    return options.length > 0 ? `npm run ${verb} -- ${options.join(" ")}` : typed;
  });
}
