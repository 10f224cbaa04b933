/** What a person sees of a run: plain lines, the same on a terminal and in a log. */

import type { Progress } from "./provider";
import { displayName } from "./urn";

export interface Display {
  /** Prints one line, without its newline. */
  line(text: string): void;
}

export type Operation = "create" | "update" | "replace" | "delete" | "same" | "read" | "refresh";
export type Summary = Partial<Record<Operation, number>>;

const STILL_EVERY_MILLISECONDS = 10_000;

const WORDS: Record<Operation, { symbol: string; doing: string; done: string; planned: string }> = {
  create: { symbol: "+ ", doing: "creating", done: "created", planned: "to create" },
  update: { symbol: "~ ", doing: "updating", done: "updated", planned: "to update" },
  replace: { symbol: "+-", doing: "replacing", done: "replaced", planned: "to replace" },
  delete: { symbol: "- ", doing: "deleting", done: "deleted", planned: "to delete" },
  read: { symbol: "> ", doing: "reading", done: "read", planned: "to read" },
  refresh: { symbol: "~ ", doing: "refreshing", done: "refreshed", planned: "to refresh" },
  same: { symbol: "  ", doing: "checking", done: "unchanged", planned: "unchanged" },
};

export class Reporter {
  readonly summary: Summary = {};
  readonly failed: { urn: string; message: string }[] = [];

  constructor(
    private readonly display: Display,
    private readonly preview: boolean,
  ) {}

  line(text: string): void {
    this.display.line(text);
  }

  count(operation: Operation): void {
    this.summary[operation] = (this.summary[operation] ?? 0) + 1;
  }

  /** Reports a step from its beginning to its end, with a sign of life every ten seconds. */
  async step<T>(operation: Operation, urn: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    const { symbol, doing, done } = WORDS[operation];
    const label = `${symbol} ${displayName(urn)}`;
    const started = Date.now();
    let lastProgress = "";
    this.line(`${label}  ${doing}…`);
    const timer = setInterval(() => {
      const message = lastProgress === "" ? "" : `: ${lastProgress}`;
      this.line(`${label}  … still ${doing} (${Math.round((Date.now() - started) / 1000)} s)${message}`);
    }, STILL_EVERY_MILLISECONDS);
    try {
      const result = await work((message) => {
        lastProgress = message;
      });
      this.line(`${label}  ${done} (${seconds(started)})`);
      return result;
    } catch (error) {
      this.line(`${label}  FAILED after ${seconds(started)}: ${firstLine((error as Error).message)}`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  /** In a preview, announces what an `up` would do to a resource. */
  plan(operation: Operation, urn: string, details: string[] = []): void {
    if (this.preview) {
      this.remark(operation, urn, operation, details);
    }
  }

  /** Says something about a resource, with details below. */
  remark(operation: Operation, urn: string, remark: string, details: string[] = []): void {
    this.line(`${WORDS[operation].symbol} ${displayName(urn)}  ${remark}`);
    for (const detail of details) {
      this.line(`       ${detail}`);
    }
  }

  fail(urn: string, message: string): void {
    this.failed.push({ urn, message });
  }

  /**
   * The last lines of a run: the errors, then what it all came to.
   * @param unchanged What to say of the resources when nothing changed.
   */
  conclude(unchanged: string, interrupted: boolean): void {
    if (this.failed.length > 0) {
      this.line("");
      this.line("Errors:");
      for (const { urn, message } of this.failed) {
        const [first = "", ...rest] = message.trimEnd().split("\n");
        this.line(`  ${urn === "" ? "" : `${displayName(urn)}: `}${first}`);
        for (const line of rest) {
          this.line(`    ${line}`);
        }
      }
    }
    this.line("");
    this.line(this.conclusion(unchanged, interrupted));
  }

  private conclusion(unchanged: string, interrupted: boolean): string {
    const { same = 0, ...changes } = this.summary;
    const counts = (Object.keys(WORDS) as Operation[])
      .filter((operation) => operation !== "same" && (changes as Summary)[operation])
      .map((operation) => `${this.summary[operation]} ${this.word(operation)}`);
    if (this.failed.length > 0) {
      counts.push(`${this.failed.length} failed`);
    }
    if (interrupted) {
      counts.push("then interrupted");
    }
    if (counts.length === 0) {
      return `No changes: ${unchanged.replace("{}", String(same))}.`;
    }
    if (same > 0) {
      counts.push(`${same} unchanged`);
    }
    return `Resources: ${counts.join(", ")}`;
  }

  private word(operation: Operation): string {
    return this.preview ? WORDS[operation].planned : WORDS[operation].done;
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
