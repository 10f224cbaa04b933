/** Counts what a table's topic got while its rows were sent. */

export interface Arrivals {
  /** Events with op `r`. */
  readonly rows: number;
  /** Other events of rows: created, updated, deleted. A row that changes while rows are read need not come as `r`. */
  readonly changes: number;
  /** The table was emptied meanwhile, so that nothing can be expected any more. */
  readonly wasTruncated: boolean;
}

export const NO_ARRIVALS: Arrivals = { rows: 0, changes: 0, wasTruncated: false };

/** @param value a message's value as Kafka Connect's JSON converters write it; null for a tombstone */
export function withMessage(arrivals: Arrivals, value: Buffer | null): Arrivals {
  const op = value && operationOf(value);
  if (op === "r") return { ...arrivals, rows: arrivals.rows + 1 };
  if (op === "c" || op === "u" || op === "d") return { ...arrivals, changes: arrivals.changes + 1 };
  // Ours says that rows are read again, and empties nothing at the source.
  if (op === "t" && value && !value.includes('"resnapshot":')) return { ...arrivals, wasTruncated: true };
  return arrivals;
}

/**
 * How many of the rows that were there when they were asked for have not come.
 * @param expected rows of the source at that moment
 */
export function missingRows(expected: number, { rows, changes, wasTruncated }: Arrivals): number {
  return wasTruncated ? 0 : Math.max(0, expected - rows - changes);
}

const OP = Buffer.from('"op":"');

/** The envelope's own: before it come the rows, which may have a column `op`, and after it times. */
function operationOf(value: Buffer): string | undefined {
  const at = value.lastIndexOf(OP);
  return at < 0 ? undefined : String.fromCharCode(value[at + OP.length] ?? 0);
}
