/** Asks parts of a stack; one that does not answer is named, and keeps no other from answering. */
import { inTime } from "./in-time";

/** What did not answer, and why. */
export interface NotReached {
  readonly part: string;
  readonly reason: string;
}

export class Parts {
  readonly notReached: NotReached[] = [];

  /** @returns undefined when there was no answer in time */
  async ask<T>(part: string, milliseconds: number, answer: Promise<T>): Promise<T | undefined> {
    return inTime(answer, milliseconds).catch((error: Error) => {
      const fix = "fix" in error ? ` ${error.fix}` : "";
      this.notReached.push({ part, reason: `${error.message.replace(/\.$/, "")}.${fix}` });
      return undefined;
    });
  }
}
