/** Connector and job may be restarting; only a state that lasts this long, in milliseconds, is a problem. */
const PATIENCE = 15_000;

/** A state that may pass by itself. */
export class Trouble {
  private since: number | undefined;

  lasts(present: boolean): boolean {
    if (!present) this.since = undefined;
    else this.since ??= Date.now();
    return this.since !== undefined && Date.now() - this.since > PATIENCE;
  }
}
