/** Ctrl-C and SIGTERM: the running batch is finished, then the command ends. */

/** npm and the terminal can both pass on one Ctrl-C. */
const sameKeyPress = 1000;

export interface Interruption {
  signal: AbortSignal;
  dispose(): void;
}

export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  let first = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      first = Date.now();
      controller.abort();
    } else if (Date.now() - first > sameKeyPress) {
      // The server rolls the unfinished batch back.
      process.exit(130);
    }
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
