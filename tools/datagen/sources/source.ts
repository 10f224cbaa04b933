/** Text as PostgreSQL reads it for the column's type; null is NULL. */
export type Value = string | null;

/** Where a row is: bytes of a CSV file from `start` up to `end`, or the row's number, from 0, as `start`. */
export interface Place {
  start: number;
  end: number;
}

export interface SourceRow extends Place {
  values: Value[];
}

/** What stands where a row should be. */
export interface BrokenRow extends Place {
  broken: string;
  column?: string | undefined;
}

export type SourceItem = SourceRow | BrokenRow;

export interface Survey {
  /** Rows in the source, broken ones included. */
  rows: number;
  columns: SurveyedColumn[];
}

export interface SurveyedColumn {
  name: string;
  type: "bigint" | "text";
  /** For a text column of a file where most values are integers: what kept it from being bigint. */
  exceptions?: { count: number; of: number; firstValue: string; firstPlace: Place };
}

/** Rows to be loaded, from a file or made up. */
export interface Source {
  /** For people: the file's name, or what is generated. */
  title: string;
  /** For people: what to do about a row that the table does not take. */
  remedy: string;
  columns: string[];
  /** Counts the rows and infers the types; for a CSV file it reads it once. */
  survey(signal: AbortSignal): Promise<Survey>;
  /** The rows from the first, in blocks of bounded size; can be called again. */
  blocks(): AsyncIterable<SourceItem[]>;
  /** For people: `line 17`, `row 17`. */
  locate(place: Place): Promise<string>;
  /** The row as it stands in the source, without its line end. */
  original(place: Place): Promise<Buffer>;
  /** First line of a file of such rows; absent when the rows need none. */
  header(): Promise<Buffer | undefined>;
}
