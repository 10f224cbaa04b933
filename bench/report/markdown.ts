/** Pure: the results as a Markdown page. */
import type { Results } from "./results";
import { tablesOf } from "./tables";

/** @param chart file name of the SVG beside it */
export function markdownOf(results: Results, chart: string): string {
  const { machine, request, startedAt, minutes } = results;
  const lines = [
    `# Benchmark of ${startedAt.slice(0, 10)} on ${machine.host}`,
    "",
    `Made by \`npm run bench\` (commit ${machine.commit || "unknown"}), ${startedAt}, ${minutes.toFixed(0)} minutes. ` +
      `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Linux ${machine.kernel}, ` +
      `Docker ${machine.docker}, Node.js ${machine.node}; load before the run ${machine.loadBefore}.`,
    `${request.rows.toLocaleString("en-US")} rows, streams of ${request.streamMinutes} minutes. ` +
      "How each figure is measured: [bench/README.md](../README.md).",
    "",
    `![chart](${chart})`,
  ];
  for (const { title, head, rows } of tablesOf(results)) {
    lines.push("", `## ${title}`, "", row(head), row(head.map(() => "---")), ...rows.map(row));
  }
  return `${lines.join("\n")}\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
}
