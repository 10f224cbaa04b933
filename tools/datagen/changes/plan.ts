/** Decides the changes, one after the other. Pure: the same seed and the same starting keys give the same changes. */
import { UserError } from "../../../stack/console";
import { randomCustomer } from "../customers/customer";
import type { Random } from "../random";
import type { ChangeMix } from "../request";
import type { Value } from "../sources/source";
import type { ValueMaker } from "./values";

export type Change =
  | { kind: "insert"; key: string; values: Value[] }
  | { kind: "update"; key: string; column: number; value: string }
  | { kind: "delete"; key: string };

export interface ChangedColumn {
  name: string;
  type: string;
  /** Undefined: NULL when inserted, never updated. */
  make: ValueMaker | undefined;
  /** May an update set it? */
  updatable: boolean;
}

export interface ChangeableTable {
  /** The columns that an insert fills, the key column among them. */
  columns: ChangedColumn[];
  /** Index of the key in `columns`. */
  keyColumn: number;
  /** Of the rows at the start; becomes the plan's own. */
  keys: string[];
  /** A key that no row has or had. */
  newKey: (random: Random) => string;
}

/**
 * Each kind comes with the probability of its weight. An update sets one column of a random row. When no row is left to
 * update or delete, a row is inserted; throws a UserError when the mix has no inserts.
 */
export function* planChanges(
  { columns, keyColumn, keys, newKey }: ChangeableTable,
  mix: ChangeMix,
  random: Random,
): Generator<Change, never> {
  const updatable = [...columns.keys()].filter(
    (i) => columns[i]?.updatable && columns[i]?.make && i !== keyColumn,
  );
  for (;;) {
    const kind = keys.length === 0 ? "insert" : pickKind(mix, random);
    if (kind === "insert") {
      if (mix.insert === 0) {
        throw new UserError(
          "No row is left to update or delete.",
          "Load rows first, or give insert a weight in --mix.",
        );
      }
      const key = newKey(random);
      const customer = randomCustomer(random, key);
      const values = columns.map(({ make }, i) =>
        i === keyColumn ? key : (make?.(random, customer) ?? null),
      );
      keys.push(key);
      yield { kind, key, values };
      continue;
    }
    const at = random.integer(0, keys.length - 1);
    const key = keys[at] as string;
    if (kind === "update") {
      const column = random.pick(updatable);
      const value = columns[column]?.make?.(random, randomCustomer(random, key)) as string;
      yield { kind, key, column, value };
    } else {
      const last = keys.pop() as string;
      if (at < keys.length) keys[at] = last;
      yield { kind, key };
    }
  }
}

function pickKind(mix: ChangeMix, random: Random): Change["kind"] {
  const resolution = 2 ** 30;
  const point = (random.integer(0, resolution - 1) / resolution) * (mix.insert + mix.update + mix.delete);
  if (point < mix.insert) return "insert";
  return point < mix.insert + mix.update ? "update" : "delete";
}
