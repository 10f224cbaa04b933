import { stripVTControlCharacters } from "node:util";

/** One message of Docker's build stream. */
export interface BuildEvent {
  stream?: string;
  status?: string;
  id?: string;
  error?: string;
  errorDetail?: { message?: string };
}

const STEP = /^Step \d+\/\d+ : /;
/** What the builder says about its own containers. */
const BUILDER_NOISE = /^( ---> |Removing intermediate container )/;
const KEPT_LINES = 20;
const SHOWN_LENGTH = 120;

/** Follows a classic build: says which step it is at, and remembers what to show should it fail. */
export class BuildLog {
  #step = "";
  #output: string[] = [];
  #error: string | undefined;

  constructor(private readonly onStep: (step: string) => void) {}

  add(event: BuildEvent): void {
    this.#error ??= event.errorDetail?.message ?? event.error;
    for (const line of stripVTControlCharacters(event.stream ?? "").split(/[\r\n]+/)) {
      if (line.trim() !== "" && !BUILDER_NOISE.test(line)) this.#addLine(line.trimEnd());
    }
  }

  #addLine(line: string): void {
    if (!STEP.test(line)) {
      this.#output = [...this.#output, line].slice(-KEPT_LINES);
      return;
    }
    this.#step = line;
    this.#output = [];
    this.onStep(line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line);
  }

  /** The failing step, its last output and Docker's error; undefined when the build did not fail. */
  failure(): string | undefined {
    if (this.#error === undefined) return undefined;
    return [
      ...(this.#step === "" ? [] : [this.#step]),
      ...this.#output.map((line) => `  ${line}`),
      this.#error.trim(),
    ].join("\n");
  }
}
