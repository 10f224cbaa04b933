import type { SnapshotType } from "../../providers/kafka-connect/database/signal-sql";

/** What the command line asked for. */
export interface ResnapshotRequest {
  readonly stack: string;
  readonly engine: string | undefined;
  /** Undefined: the stack's own. */
  readonly pipeline: string | undefined;
  /** `schema.table`; empty with `all`. */
  readonly tables: readonly string[];
  readonly all: boolean;
  /** Undefined: incremental where that works. */
  readonly type: SnapshotType | undefined;
  /** Milliseconds without any progress after which it is given up. */
  readonly silence: number;
}
