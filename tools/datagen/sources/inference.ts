/** Infers column types: bigint when every value is an integer, text otherwise. */
import { isInteger } from "./integers";
import type { Place, SurveyedColumn, Value } from "./source";

interface Seen {
  integers: number;
  others: number;
  firstOther?: { value: string; place: Place };
}

export class TypeInference {
  readonly #seen: Seen[];

  constructor(private readonly names: string[]) {
    this.#seen = names.map(() => ({ integers: 0, others: 0 }));
  }

  add(values: Value[], place: Place): void {
    for (let i = 0; i < this.#seen.length; i++) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      const seen = this.#seen[i] as Seen;
      if (isInteger(value, "bigint")) {
        seen.integers++;
      } else {
        seen.others++;
        seen.firstOther ??= { value, place: { start: place.start, end: place.end } };
      }
    }
  }

  columns(): SurveyedColumn[] {
    return this.names.map((name, i) => {
      const { integers, others, firstOther } = this.#seen[i] as Seen;
      if (integers > 0 && others === 0) return { name, type: "bigint" };
      if (firstOther === undefined || integers <= others) return { name, type: "text" };
      return {
        name,
        type: "text",
        exceptions: {
          count: others,
          of: integers + others,
          firstValue: firstOther.value,
          firstPlace: firstOther.place,
        },
      };
    });
  }
}
