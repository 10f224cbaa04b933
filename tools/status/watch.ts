/** Shows a text again and again. */
import { setTimeout as pause } from "node:timers/promises";

/** To the upper left corner, and what is below it away: unlike clearing, it leaves what was there before in the scrollback. */
const HOME = "\x1b[H\x1b[J";

export interface Watching {
  /** In the place of the text before; else below it. */
  readonly redraw: boolean;
  readonly out?: Pick<NodeJS.WriteStream, "write">;
}

/** Until SIGINT or SIGTERM; what is being asked for then is not waited for. */
export async function untilInterrupted(
  text: () => Promise<string>,
  everyMs: number,
  { redraw, out = process.stdout }: Watching,
): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  const interruption = new Promise<undefined>((resolve) =>
    ended.signal.addEventListener("abort", () => resolve(undefined)),
  );
  try {
    while (!ended.signal.aborted) {
      const began = Date.now();
      const shown = await Promise.race([text(), interruption]);
      if (shown === undefined) return;
      out.write(redraw ? `${HOME}${shown}\n` : `${shown}\n`);
      const rest = Math.max(0, everyMs - (Date.now() - began));
      await pause(rest, undefined, { signal: ended.signal }).catch(() => {});
    }
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
  }
}
