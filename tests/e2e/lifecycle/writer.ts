import type { TestStack } from "../platform";

const FIRST = 700_000;

/** Writes a row after the other into public.links, for as long as it may; a server that is down meanwhile is tried again. */
export class Writer {
  private next = FIRST;
  private running = false;
  private done: Promise<void> = Promise.resolve();

  constructor(private readonly stack: TestStack) {}

  start(): void {
    this.running = true;
    this.done = this.write();
  }

  /** Writes one row more, which is the last. @returns its key */
  async stop(): Promise<number> {
    this.running = false;
    await this.done;
    await this.insert();
    return this.next;
  }

  private async write(): Promise<void> {
    while (this.running) {
      await this.insert().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Each try has a key of its own: one that got no answer may have been carried out. */
  private async insert(): Promise<void> {
    this.next += 1;
    await this.stack.sql(`insert into public.links ("customerId") values (${this.next})`);
  }
}
