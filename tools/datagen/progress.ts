/** How far a run is: a bar on a terminal, a line now and then elsewhere. */
import { SingleBar } from "cli-progress";

const lineEvery = 5_000;

export interface Estimate {
  perSecond: number;
  /** Seconds; undefined while unknown. */
  remaining: number | undefined;
}

/** Pure. `total` may be unknown; `elapsed` in seconds. */
export function estimate(done: number, total: number | undefined, elapsed: number): Estimate {
  const perSecond = elapsed > 0 ? done / elapsed : 0;
  return {
    perSecond,
    remaining: total === undefined || perSecond === 0 ? undefined : Math.max(0, total - done) / perSecond,
  };
}

/** Pure: `0.4 s`, `14 s`, `2 min 5 s`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Pure: thousands apart, one digit after the point below 100 when there is a fraction. */
export function quantity(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 1 : 0 });
}

/** Pure: `1 row`, `1,000 rows`. */
export function counted(value: number, one: string, several: string): string {
  return `${quantity(value)} ${value === 1 ? one : several}`;
}

export class Progress {
  readonly #started = performance.now();
  readonly #bar: SingleBar | undefined;
  #lastLine = performance.now();

  /** `unit`: what is counted, in plural. */
  constructor(
    private readonly title: string,
    private readonly unit: string,
    private readonly total: number | undefined,
  ) {
    if (process.stderr.isTTY && total !== undefined) {
      this.#bar = new SingleBar({
        format: `${title} {bar} {percentage}% | {counts} ${unit} | {speed} | {left}`,
        barCompleteChar: "█",
        barIncompleteChar: "░",
        barsize: 24,
        hideCursor: true,
        // Signals end the run between two batches; the bar must not end it before that.
        gracefulExit: false,
        stream: process.stderr,
      });
      this.#bar.start(total, 0, this.#texts(0));
    }
  }

  update(done: number): void {
    if (this.#bar) {
      this.#bar.update(done, this.#texts(done));
    } else if (performance.now() - this.#lastLine >= lineEvery) {
      this.#lastLine = performance.now();
      const { counts, speed, left } = this.#texts(done);
      console.log([`${this.title}: ${counts} ${this.unit}`, speed, left].filter(Boolean).join(", "));
    }
  }

  stop(): void {
    this.#bar?.stop();
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #texts(done: number) {
    const { perSecond, remaining } = estimate(done, this.total, this.seconds);
    return {
      counts: this.total === undefined ? quantity(done) : `${quantity(done)}/${quantity(this.total)}`,
      speed: `${quantity(perSecond)} ${this.unit}/s`,
      left: remaining === undefined ? "" : `${duration(remaining)} left`,
    };
  }
}
