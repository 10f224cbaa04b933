/** What the command line asked for. */
export interface StatusRequest {
  readonly stack: string;
  readonly engine?: string;
  /** Undefined: the stack's own, and the others in short. */
  readonly pipeline?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly watch?: boolean;
}
