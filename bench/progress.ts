/** What a person reads while the benchmark runs: each line with the minutes since its start. */

export class Progress {
  private readonly started = Date.now();
  private readonly terminal = process.stdout.isTTY;
  private open = false;

  /** A part of the run begins. */
  section(title: string): void {
    this.line(`\n── ${title}`);
  }

  line(text: string): void {
    if (this.open) process.stdout.write("\n");
    this.open = false;
    console.log(text.startsWith("\n") ? text : `[${this.clock()}] ${text}`);
  }

  /** What changes from second to second: in a terminal always the same line, elsewhere nothing. */
  now(text: string): void {
    if (!this.terminal) return;
    process.stdout.write(`\r\x1b[2K[${this.clock()}] ${text}`);
    this.open = true;
  }

  private clock(): string {
    const seconds = Math.floor((Date.now() - this.started) / 1000);
    return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  }
}
