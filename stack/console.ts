/** What a person reads while a command runs. */

/** One step of the preparation, with its duration when it took noticeable time. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work();
  const seconds = (Date.now() - started) / 1000;
  console.log(`• ${title}${seconds >= 1 ? ` (${seconds.toFixed(0)} s)` : ""}`);
  return result;
}

/** Says what is about to happen when it takes long. */
export function announce(text: string): void {
  console.log(`• ${text} …`);
}

/** A problem the user can solve; shown without a stack trace. */
export class UserError extends Error {
  constructor(
    message: string,
    /** What to do about it. */
    readonly fix: string,
  ) {
    super(message);
    this.name = "UserError";
  }
}
