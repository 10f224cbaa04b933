/** The commands of the README's walkthrough, so that the tests run what a reader is told to run. */
import * as fs from "node:fs";
import { PORTS } from "../../components/platform";
import type { TestStack } from "./platform";

export interface CodeBlock {
  /** `bash`, `sql`, `python` … */
  language: string;
  text: string;
}

/** The code blocks of each step, by the number that begins the step. */
export function walkthroughSteps(): Map<number, CodeBlock[]> {
  const readme = fs.readFileSync("README.md", "utf8");
  const [, walkthrough = ""] = readme.match(/^## Walkthrough\n([\s\S]*?)^## /m) ?? [];
  const steps = walkthrough.split(/^\*\*(\d+)\. /m).slice(1);
  const numbered = new Map<number, CodeBlock[]>();
  for (let index = 0; index < steps.length; index += 2) {
    const blocks = [...(steps[index + 1] ?? "").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
    numbered.set(
      Number(steps[index]),
      blocks.map(([, language = "", text = ""]) => ({ language, text: text.trim() })),
    );
  }
  return numbered;
}

/**
 * A command of the stack `dev`, as it is for another stack: with its container names, its ports and its name. There is no
 * terminal in a test, so `-t` goes.
 */
export function forStack(command: string, stack: TestStack): string {
  return command
    .replace(
      /docker exec (-it )?([\w-]+)/g,
      (_all, terminal, service) => `docker exec ${terminal ? "-i " : ""}${stack.container(service)}`,
    )
    .replace(/localhost:(\d+)/g, (_all, port) => `localhost:${Number(port) + stack.portOffset}`)
    .replace(/ -p (\d+) /g, (_all, port) => ` -p ${Number(port) + stack.portOffset} `)
    .replace(
      /^npm run datagen -- (?!.* -p )/gm,
      `npm run datagen -- -p ${PORTS.postgresql + stack.portOffset} `,
    )
    .replace(/^npm run (up|refresh|verify)$/gm, `npm run $1 -- --stack ${stack.name}`);
}
