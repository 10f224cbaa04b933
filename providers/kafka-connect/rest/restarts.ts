import type { Pacing } from "../pacing";

/** When to restart what keeps failing, and when to stop trying. Times are those of `Date.now()`. */
export class Restarts {
  /** How often it was restarted. */
  count = 0;
  private failedSince: number | undefined;
  private lastRestart = Number.NEGATIVE_INFINITY;
  private hasRecovered = true;

  constructor(private readonly pacing: Pick<Pacing, "restartPauses" | "staleFailure">) {}

  get limit(): number {
    return this.pacing.restartPauses.length;
  }

  /** @param isOld whether it had failed before we came: then there is nothing to wait for before the first restart */
  afterFailure(now: number, isOld: boolean): "wait" | "restart" | "give up" {
    // Connect goes on showing the failure for a moment after it has agreed to a restart.
    if (!this.hasRecovered && now - this.lastRestart < this.pacing.staleFailure) return "wait";
    this.failedSince ??= now;
    const pause = this.pacing.restartPauses[this.count];
    if (pause === undefined) return "give up";
    if (now - this.failedSince < pause && !(isOld && this.count === 0)) return "wait";
    this.count += 1;
    this.lastRestart = now;
    this.hasRecovered = false;
    this.failedSince = undefined;
    return "restart";
  }

  noFailure(): void {
    this.hasRecovered = true;
    this.failedSince = undefined;
  }

  /** The reasons of a failure, followed by how often a restart was tried. */
  appendedTo(reasons: readonly string[]): string[] {
    if (this.count === 0) return [...reasons];
    const tried = `It was restarted ${this.count === 1 ? "once" : `${this.count} times`}`;
    return [...reasons.slice(0, -1), `${reasons.at(-1)}\n  ${tried}`];
  }
}

/** A failure's first line with its last cause: enough to know it by, while it is tried again. */
export function failureInShort(reason: string): string {
  const [first = "", ...more] = reason.split("\n");
  const cause = more.findLast((line) => line.trim().startsWith("Caused by: "));
  const what = /^(.*? is FAILED on worker \S+): /.exec(first)?.[1];
  return cause && what ? `${what}: ${cause.trim().replace("Caused by: ", "")}` : first;
}
