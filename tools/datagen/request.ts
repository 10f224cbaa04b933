/** What the command line asked for. */
export interface DatagenRequest {
  connection: ConnectionRequest;
  /** `table` or `schema.table`, as typed. */
  table: string;
  /** One column or several separated by commas, as typed. */
  primaryKey: string | undefined;
  /** Of everything random. */
  seed: number;
  /** Absent: only `changes` were asked for. */
  load: LoadRequest | undefined;
  changes: ChangesRequest | undefined;
}

export interface ConnectionRequest {
  host: string;
  port: number;
  user: string;
  database: string;
  /** Absent: PGPASSWORD or the password file, as for psql. */
  password: string | undefined;
}

export interface LoadRequest {
  /** Path of the file; absent: generated customers. */
  input: string | undefined;
  format: FileFormat;
  separator: string;
  /** Seconds after each batch; 0 streams. */
  pause: number;
  batchSize: number;
  /** How many times the rows are written. */
  repeat: number;
  /** Rows read from the source; absent: all. */
  rowLimit: number | undefined;
  shuffle: boolean;
  /** The first generated customerId. */
  firstId: number;
  /** Where bad rows are put; absent: the first one stops the load. */
  badRowsFile: string | undefined;
}

export type FileFormat = "csv" | "parquet";

export interface ChangesRequest {
  count: number;
  /** Per second; 0 is as fast as possible. */
  rate: number;
  mix: ChangeMix;
}

/** Relative weights. */
export interface ChangeMix {
  insert: number;
  update: number;
  delete: number;
}
