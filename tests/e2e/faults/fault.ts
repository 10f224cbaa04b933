/** One thing that goes wrong, done by hand, and what `status` and `doctor` have to say of it. */
import type { TestStack } from "../platform";

export interface Fault {
  readonly name: string;
  plant(stack: TestStack): Promise<unknown>;
  /** What `status` says. */
  readonly seen: RegExp;
  /** Only once the doctor has compared the rows: a look of two seconds cannot. */
  readonly seenAfterDoctor?: boolean;
  readonly hop: string;
  readonly cause: RegExp;
  /** What is left to a person before the commands, such as making room on a disk. */
  byHand?(stack: TestStack): Promise<unknown>;
  /** Commands as the doctor prints them, in their order. */
  mend(stack: TestStack): readonly string[];
}

export const JOB = "streaming_from_kafka_to_minio";

/** As the doctor writes an npm command for a stack that is not the default one. */
export function npm(stack: TestStack, verb: string, ...args: string[]): string {
  return ["npm run", verb, "--", "--stack", stack.name, ...args].join(" ");
}

export const UP = (stack: TestStack) => [npm(stack, "up")];
export const REFRESH_AND_UP = (stack: TestStack) => [npm(stack, "refresh"), npm(stack, "up")];
