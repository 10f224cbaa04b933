/** Pure: what is wrong with a key, told from its events in order. */

/** Common texts by column. */
export type RowTexts = Readonly<Record<string, string | null>>;

export interface KeyEvent {
  readonly op: "c" | "r" | "u" | "d";
  readonly ts: bigint;
  readonly before: RowTexts;
  readonly after: RowTexts;
  /** It lacks the row before it. */
  readonly partial: boolean;
}

export type Finding =
  | { readonly kind: "missing" }
  | { readonly kind: "extra" }
  | { readonly kind: "different"; readonly columns: readonly string[] }
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
 * @param events of the key, in order
 * @param source the row now; undefined when there is none
 * @returns everything that is wrong; the row's own state comes first
 */
export function findings(events: readonly KeyEvent[], source: RowTexts | undefined): Finding[] {
  const found: Finding[] = [];
  let state: RowTexts | undefined;
  for (const [index, event] of events.entries()) {
    const expected = event.op === "u" || event.op === "d";
    const follows =
      event.op === "r" ||
      (expected
        ? state !== undefined && (event.partial || differing(state, event.before).length === 0)
        : state === undefined);
    const twin = events.slice(0, index).some((earlier) => isSame(earlier, event));
    // A partial event follows from anything, and a snapshot may come twice: only a twin tells.
    if (twin && (!follows || event.op === "r")) found.push({ kind: "doubled event", event });
    else if (!follows) {
      const columns = expected && state ? differing(state, event.before) : [];
      found.push({ kind: "missing event", before: event, columns });
    }
    state = event.op === "d" ? undefined : event.after;
  }
  if (state === undefined && source !== undefined) found.unshift({ kind: "missing" });
  if (state !== undefined && source === undefined) found.unshift({ kind: "extra" });
  if (state !== undefined && source !== undefined) {
    const columns = differing(state, source);
    if (columns.length > 0) found.unshift({ kind: "different", columns });
  }
  return found.length > 0 ? found : [{ kind: "unexplained" }];
}

export function lastRow(events: readonly KeyEvent[]): RowTexts | undefined {
  const last = events.at(-1);
  return last === undefined || last.op === "d" ? undefined : last.after;
}

function isSame(a: KeyEvent, b: KeyEvent): boolean {
  return (
    a.op === b.op &&
    a.ts === b.ts &&
    differing(a.before, b.before).length === 0 &&
    differing(a.after, b.after).length === 0
  );
}

function differing(a: RowTexts, b: RowTexts): string[] {
  return Object.keys(a).filter((column) => a[column] !== b[column]);
}
