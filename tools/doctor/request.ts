/** What the command line asked for. */
export interface DoctorRequest {
  readonly stack: string;
  readonly engine?: string;
  /** Undefined: the stack's own. */
  readonly pipeline: string | undefined;
  /** Milliseconds that the marker may take for one hop. */
  readonly patience: number;
  readonly json: boolean;
}
