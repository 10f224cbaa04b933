/** Pure: what of a table is compared, once the source and both lake tables are known. */
import { resnapshotCommand } from "../../../providers/kafka-connect/debezium/table-names";
import type { DeltaTable } from "../../../readers/lake/delta-table";
import type { ComparedColumn, TableShape } from "../source/table-shape";
import type { KeyRange } from "./key-range";

/** A source column as one lake table has it. */
export interface SideColumn extends ComparedColumn {
  /** Name in the lake table; of a change log that after `payload.after.`. */
  readonly lakeName: string;
}

export interface Side {
  readonly table: DeltaTable;
  readonly columns: readonly SideColumn[];
  /** What makes the two differ, whatever their rows are. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface Plan {
  readonly shape: TableShape;
  /** Empty: the whole row is the key. */
  readonly key: readonly string[];
  readonly state: Side | undefined;
  readonly log: Side | undefined;
  /** Only these rows; absent: all of them. */
  readonly range?: KeyRange | undefined;
}

/** Where the current state's table says which columns are its key. */
const KEY_COLUMNS = "cdc.keyColumns";
const OWN_COLUMNS = new Set(["_lsn", "_deleted", "_rescued_data"]);
export const AFTER = "payload.after.";
export const BEFORE = "payload.before.";

export function planOf(
  table: string,
  shape: TableShape,
  state: DeltaTable | undefined,
  log: DeltaTable | undefined,
): Plan {
  const logNames = [...(log?.columns.keys() ?? [])]
    .filter((name) => name.startsWith(AFTER))
    .map((name) => name.slice(AFTER.length));
  const stateNames = [...(state?.columns.keys() ?? [])].filter((name) => !OWN_COLUMNS.has(name));
  return {
    shape,
    key: keyOf(shape, state),
    state: state && sideOf(table, shape, state, stateNames),
    log: log && sideOf(table, shape, log, logNames),
  };
}

/** The key that the current state has, as long as the source has its columns: it may be configured. */
function keyOf(shape: TableShape, state: DeltaTable | undefined): readonly string[] {
  const columns = JSON.parse(state?.configuration[KEY_COLUMNS] ?? "[]") as string[];
  const names = new Set(shape.compared.map(({ name }) => name));
  return columns.length > 0 && columns.every((name) => names.has(name)) ? columns : shape.primaryKey;
}

function sideOf(table: string, shape: TableShape, delta: DeltaTable, lakeNames: readonly string[]): Side {
  const all = [...shape.compared, ...shape.notCompared].map(({ name }) => name);
  const lakeNameOf = lakeNamesOf(all, lakeNames);
  const columns = shape.compared.flatMap((column) => {
    const lakeName = lakeNameOf.get(column.name);
    return lakeName === undefined ? [] : [{ ...column, lakeName }];
  });
  const taken = new Set(lakeNameOf.values());
  const dropped = lakeNames.filter((name) => !taken.has(name));
  return {
    table: delta,
    columns,
    problems: shape.compared
      .filter(({ name }) => !lakeNameOf.has(name))
      .map(
        ({ name }) =>
          `column ${name} is only in the source: the lake gets it with the next event, and the rows that are there with \`${resnapshotCommand([table])}\``,
      ),
    notes: dropped.map((name) => `column ${name} is only in the lake: the source no longer has it`),
  };
}

/**
 * Lake tables know no two names that differ in case only: a renamed column keeps the lake's name, and a second one at the
 * same time has a number behind its own.
 */
function lakeNamesOf(source: readonly string[], lake: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const free = new Set(lake);
  const take = (name: string, lakeName: string | undefined) => {
    if (lakeName === undefined || found.has(name)) return;
    found.set(name, lakeName);
    free.delete(lakeName);
  };
  for (const name of source) take(name, free.has(name) ? name : undefined);
  for (const name of source)
    take(
      name,
      freeName(free, (one) => one.toLowerCase() === name.toLowerCase()),
    );
  for (const name of source) {
    if (source.filter((one) => one.toLowerCase() === name.toLowerCase()).length < 2) continue;
    take(
      name,
      freeName(free, (one) => one.toLowerCase().replace(/_\d+$/, "") === name.toLowerCase()),
    );
  }
  return found;
}

function freeName(free: ReadonlySet<string>, isWanted: (name: string) => boolean): string | undefined {
  return [...free].find(isWanted);
}
