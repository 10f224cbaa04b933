/** What the command line asked for. */
export interface StatusRequest {
  readonly stack: string;
  readonly engine?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly watch?: boolean;
}
