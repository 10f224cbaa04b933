/** Writes the results, and prints them. */
import * as fs from "node:fs";
import * as path from "node:path";
import Table from "cli-table3";
import { chartOf } from "./chart";
import { markdownOf } from "./markdown";
import type { Results } from "./results";
import { tablesOf } from "./tables";

const FOLDER = "bench/results";

/** @returns the files' paths */
export function writeResults(results: Results): string[] {
  const name = `${results.startedAt.slice(0, 10)}-${results.machine.host}`;
  const contents: [extension: string, content: string][] = [
    ["json", `${JSON.stringify(results, null, 2)}\n`],
    ["md", markdownOf(results, `${name}.svg`)],
    ["svg", chartOf(results)],
  ];
  fs.mkdirSync(FOLDER, { recursive: true });
  return contents.map(([extension, content]) => {
    const file = path.join(FOLDER, `${name}.${extension}`);
    fs.writeFileSync(file, content);
    return file;
  });
}

/** The column `How` is for the page: a terminal is too narrow for it. */
export function printResults(results: Results): void {
  for (const { title, head, rows } of tablesOf(results)) {
    const columns = head.at(-1) === "How" ? head.length - 1 : head.length;
    const table = new Table({
      head: head.slice(0, columns),
      style: { head: [], border: [] },
      wordWrap: true,
      colWidths: head.at(-1) === "How" ? [48, 14, 20, 46] : [],
    });
    table.push(...rows.map((row) => row.slice(0, columns)));
    console.log(`\n${title}\n${table.toString()}`);
  }
}
