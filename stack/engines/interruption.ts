/** SIGINT and SIGTERM while an engine runs. */

export interface Interruption {
  /** Aborted, with the signal as its reason, when the run is to end after the steps under way. */
  readonly soon: AbortSignal;
  /** The same when it is to end at once. */
  readonly now: AbortSignal;
}

/** Takes over both signals: the first one asks for an early end, the second for one at once. */
export function listenForInterruption(): Interruption {
  const soon = new AbortController();
  const now = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (soon.signal.aborted) return now.abort(signal);
      console.error("\nFinishing the steps under way; once more ends at once.");
      soon.abort(signal);
    });
  }
  return { soon: soon.signal, now: now.signal };
}
