/** Pure: what is wrong with a key, told from its events in order. */

/** Common texts by column. */
export type RowTexts = Readonly<Record<string, string | null>>;

export interface KeyEvent {
  readonly op: "c" | "r" | "u" | "d";
  readonly ts: bigint;
  /** `partition/offset` in the topic. */
  readonly place: string;
  readonly before: RowTexts;
  readonly after: RowTexts;
  /** It lacks the row before it. */
  readonly partial: boolean;
  /** A TRUNCATE, or reading the table again, made it void. */
  readonly isVoid?: boolean;
  /** It came before a snapshot ended, and so may be the first one of its key whatever it is. */
  readonly pardoned?: boolean;
}

export type Finding =
  | { readonly kind: "missing" }
  | { readonly kind: "extra" }
  | { readonly kind: "different"; readonly columns: readonly string[] }
  /** A row of the current state, or of a source table whose configured key is none. */
  | { readonly kind: "doubled row"; readonly side: "source" | "lake"; readonly times: number }
  /** It is there, with true in `_deleted`. */
  | { readonly kind: "flagged as deleted" }
  | { readonly kind: "doubled event"; readonly event: KeyEvent }
  | {
      readonly kind: "missing event";
      /** The first event that does not follow from those before it. */
      readonly before: KeyEvent;
      /** Where its row before differs from what the lake had; empty when there was no row, or one too many. */
      readonly columns: readonly string[];
    }
  | { readonly kind: "unexplained" };

/**
 * What is wrong with a key of the change log.
 *
 * @param events of the key, in order
 * @param source the row now; undefined when there is none
 * @param late columns that came later: they do not tell whether one event follows from another
 * @returns everything that is wrong; the row's own state comes first
 */
export function eventFindings(
  events: readonly KeyEvent[],
  source: RowTexts | undefined,
  late: ReadonlySet<string> = new Set(),
): Finding[] {
  const changed = (a: RowTexts, b: RowTexts) => differing(a, b).filter((column) => !late.has(column));
  const found: Finding[] = [];
  let state: RowTexts | undefined;
  let isFirst = true;
  const base = events.filter(({ op, isVoid }) => op === "r" && !isVoid).at(-1);
  const start = base ? events.findIndex(({ place }) => place === base.place) : 0;
  for (const [index, event] of events.entries()) {
    const twin = events.slice(0, index).some((earlier) => isSame(earlier, event));
    if (twin) found.push({ kind: "doubled event", event });
    if (event.isVoid || index < start) continue;
    const expected = event.op === "u" || event.op === "d";
    const follows =
      event.op === "r" ||
      (isFirst && event.pardoned) ||
      (expected
        ? state !== undefined && (event.partial || changed(state, event.before).length === 0)
        : state === undefined);
    if (!follows && !twin) {
      const columns = expected && state ? changed(state, event.before) : [];
      found.push({ kind: "missing event", before: event, columns });
    }
    isFirst = false;
    state = event.op === "d" ? undefined : event.after;
  }
  found.unshift(...rowFindings(state, source));
  return found.length > 0 ? found : [{ kind: "unexplained" }];
}

/** What is wrong with a row, where there is one on each side at most. */
export function rowFindings(lake: RowTexts | undefined, source: RowTexts | undefined): Finding[] {
  if (lake === undefined) return source === undefined ? [] : [{ kind: "missing" }];
  if (source === undefined) return [{ kind: "extra" }];
  const columns = differing(lake, source);
  return columns.length > 0 ? [{ kind: "different", columns }] : [];
}

export function lastRow(events: readonly KeyEvent[]): RowTexts | undefined {
  const last = events.at(-1);
  return last === undefined || last.op === "d" ? undefined : last.after;
}

function isSame(a: KeyEvent, b: KeyEvent): boolean {
  return a.place === b.place && a.op === b.op;
}

/** Columns that both have. */
function differing(a: RowTexts, b: RowTexts): string[] {
  return Object.keys(a).filter((column) => column in b && a[column] !== b[column]);
}
