/** What has to be undone at the end of a run, however it ends. */
import type { Progress } from "./progress";

interface Duty {
  title: string;
  work: () => Promise<unknown>;
}

export class Cleanup {
  private duties: Duty[] = [];

  constructor(private readonly progress: Progress) {}

  /** Registers something to be undone; returns what does it earlier. */
  add(title: string, work: () => Promise<unknown>): () => Promise<void> {
    const duty = { title, work };
    this.duties.push(duty);
    return async () => {
      await work();
      this.duties = this.duties.filter((other) => other !== duty);
    };
  }

  /** The newest first; one that fails is told, and the others are done nevertheless. Returns whether all went well. */
  async run(): Promise<boolean> {
    let clean = true;
    for (let duty = this.duties.pop(); duty; duty = this.duties.pop()) {
      this.progress.line(duty.title);
      await duty.work().catch((error: Error) => {
        clean = false;
        this.progress.line(`${duty?.title}: failed: ${error.message}`);
      });
    }
    return clean;
  }
}
