/** Seeded random numbers: the same seed gives the same ones on every machine. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export class Random {
  readonly #generator;

  /** `stream` keeps the numbers of different uses of one seed apart. */
  constructor(seed: number, stream: "customers" | "shuffle" | "changes") {
    this.#generator = xoroshiro128plus(
      seed ^ { customers: 0, shuffle: 0x2545_f491, changes: 0x5851_f42d }[stream],
    );
    // Seeds that are close to each other begin alike.
    for (let i = 0; i < 32; i++) this.#generator.next();
  }

  /** From `least` to `most`, both included; the range is below 2^32. */
  integer(least: number, most: number): number {
    return uniformInt(this.#generator, least, most);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)] as T;
  }

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    let text = "";
    for (let i = 0; i < digits; i++) text += this.integer(0, 15).toString(16);
    return text;
  }

  /** In place, every order equally likely (Fisher and Yates). */
  shuffle<T>(list: T[]): T[] {
    for (let last = list.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      const kept = list[last] as T;
      list[last] = list[other] as T;
      list[other] = kept;
    }
    return list;
  }
}
