/** Looks often while somebody watches, and seldom otherwise: a page that nobody has open costs next to nothing. */
import { setTimeout as pause } from "node:timers/promises";
import type { View } from "./view";

export interface Pace {
  /** Milliseconds between two looks while somebody watches … */
  readonly watched: number;
  /** … and otherwise, for the charts. */
  readonly alone: number;
  /** How long after the last question somebody counts as watching. */
  readonly patience: number;
}

const USUAL: Pace = { watched: 5_000, alone: 60_000, patience: 20_000 };

export class Watch {
  private view: View | undefined;
  private lookedAt = 0;
  private askedAt = Number.NEGATIVE_INFINITY;
  private looking: Promise<View> | undefined;

  constructor(
    private readonly look: () => Promise<View>,
    private readonly pace: Pace = USUAL,
    private readonly now: () => number = Date.now,
  ) {}

  /** The last view, or a new one when that is older than somebody who watches expects. */
  async watched(): Promise<View> {
    this.askedAt = this.now();
    if (this.view && this.now() - this.lookedAt < 2 * this.pace.watched) return this.view;
    return this.again();
  }

  /** Until the process ends. */
  async run(): Promise<never> {
    for (;;) {
      if (this.isDue()) await this.again().catch((error) => console.error(error));
      await pause(Math.min(1_000, this.pace.watched));
    }
  }

  isDue(): boolean {
    const isWatched = this.now() - this.askedAt < this.pace.patience;
    return this.now() - this.lookedAt >= (isWatched ? this.pace.watched : this.pace.alone);
  }

  /** One at a time. */
  private again(): Promise<View> {
    this.looking ??= (async () => {
      this.lookedAt = this.now();
      try {
        this.view = await this.look();
        return this.view;
      } finally {
        this.looking = undefined;
      }
    })();
    return this.looking;
  }
}
