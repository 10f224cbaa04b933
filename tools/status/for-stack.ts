import { DEFAULT_STACK } from "../../stack/engines/stacks";

const VERBS = /npm run (up|refresh|preview|verify|resnapshot|status|doctor|outputs)\b( --)?/g;

/** Pure: the npm commands in a text as they have to be typed for this stack. */
export function forStack(text: string, stack: string): string {
  return stack === DEFAULT_STACK ? text : text.replace(VERBS, `npm run $1 -- --stack ${stack}`);
}
