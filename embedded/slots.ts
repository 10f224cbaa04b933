/** Bounds how many steps are under way, and lets a run be stopped between steps. */

/** Thrown instead of starting a step after {@link Slots.stop}. */
export class Stopped extends Error {
  constructor() {
    super("not started, because the run was stopped");
    this.name = "Stopped";
  }
}

export class Slots {
  private underWay = 0;
  private isStopped = false;
  private readonly waiting: (() => void)[] = [];
  private readonly idleListeners: (() => void)[] = [];

  constructor(private readonly size: number) {}

  get stopped(): boolean {
    return this.isStopped;
  }

  get active(): number {
    return this.underWay;
  }

  /** Runs a step once there is room. @throws Stopped when the run was stopped before it began. */
  async use<T>(step: () => Promise<T>): Promise<T> {
    while (this.underWay >= this.size && !this.isStopped) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.isStopped) {
      throw new Stopped();
    }
    this.underWay++;
    try {
      return await step();
    } finally {
      this.underWay--;
      this.waiting.shift()?.();
      if (this.underWay === 0) {
        for (const listener of this.idleListeners.splice(0)) {
          listener();
        }
      }
    }
  }

  /** No step starts from now on; those under way finish. */
  stop(): void {
    this.isStopped = true;
    for (const wake of this.waiting.splice(0)) {
      wake();
    }
  }

  /** Resolves when no step is under way. */
  async idle(): Promise<void> {
    if (this.underWay > 0) {
      await new Promise<void>((resolve) => this.idleListeners.push(resolve));
    }
  }
}
