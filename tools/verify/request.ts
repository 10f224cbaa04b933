/** What the command line asked for. */
export interface VerifyRequest {
  stack: string;
  engine: string | undefined;
  /** Undefined: the stack's own. */
  pipeline: string | undefined;
  /** `schema.table`; empty: every captured table. */
  tables: string[];
  /** Milliseconds to wait for the lake. */
  timeout: number;
  /** How many differing keys of a table are shown. */
  listed: number;
  /** Whether tables are shown that are equal, however many there are. */
  all: boolean;
  json: boolean;
}
