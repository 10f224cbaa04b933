/** Pure: what a commit of a Delta table says. Source: the Delta transaction log protocol, "Actions". */
import type { Action } from "./delta-actions";

export interface Add {
  readonly path: string;
  /** Rows that can be read in it: those that its deletion vector takes away are left out. NaN: the log does not say. */
  readonly rows: number;
  readonly deleted: number;
  readonly dataChange: boolean;
}

export interface Commit {
  readonly adds: readonly Add[];
  /** Paths of files. */
  readonly removes: readonly string[];
  /** False for a compaction, and for what only changes the table's properties. */
  readonly changesRows: boolean;
}

/** @param text lines of JSON, an action each */
export function commitOf(text: string): Commit {
  const adds: Add[] = [];
  const removes: string[] = [];
  let changesRows = false;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const { add, remove }: Action = JSON.parse(line);
    if (add) {
      const records = add.stats ? Number(JSON.parse(add.stats).numRecords ?? Number.NaN) : Number.NaN;
      const deleted = Number(add.deletionVector?.cardinality ?? 0);
      adds.push({ path: add.path, rows: records - deleted, deleted, dataChange: add.dataChange ?? false });
      changesRows ||= add.dataChange ?? false;
    }
    if (remove) {
      removes.push(remove.path);
      changesRows ||= remove.dataChange ?? false;
    }
  }
  return { adds, removes, changesRows };
}

/** The files of a table after some commits. */
export class TableFiles {
  private readonly byPath = new Map<string, number>();
  private total = 0;

  apply({ adds, removes }: Commit): void {
    // A commit may remove a file and add it again with another deletion vector.
    for (const path of removes) this.set(path, undefined);
    for (const { path, rows } of adds) this.set(path, rows);
  }

  get count(): number {
    return this.byPath.size;
  }

  get rows(): number {
    return this.total;
  }

  has(path: string): boolean {
    return this.byPath.has(path);
  }

  private set(path: string, rows: number | undefined): void {
    this.total += (rows ?? 0) - (this.byPath.get(path) ?? 0);
    if (rows === undefined) this.byPath.delete(path);
    else this.byPath.set(path, rows);
  }
}
