/** What the command line asked for. */
export interface DoctorRequest {
  readonly stack: string;
  readonly engine?: string;
  /** Milliseconds that the marker may take for one hop. */
  readonly patience: number;
  readonly json: boolean;
}
