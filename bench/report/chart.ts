/** Pure: the results as one small SVG, readable on light and dark ground. */
import type { Measurement, System } from "../measurement";
import { END_TO_END, FIRST_ROW, LATENCY, SNAPSHOT_INTO_KAFKA } from "../metrics";
import { readable } from "./numbers";
import type { Results } from "./results";
import type { Series } from "./series";

const WIDTH = 760;
const LEFT = 150;
const BAR = 16;
const COLORS: Record<System, string> = {
  ours: "#2f81f7",
  seed: "#d29922",
  peer: "#a371f7",
  limit: "#6e7681",
  "plain docker": "#6e7681",
};
const LINES = ["#2f81f7", "#a371f7", "#d29922", "#3fb950"];

/** What is shown as bars, each panel on a scale of its own. */
const PANELS: { title: string; metric: string }[] = [
  { title: "Commit → row readable in the lake, median", metric: LATENCY.median("flattened") },
  { title: "Commit → row readable in the lake, p95", metric: LATENCY.p95("flattened") },
  { title: "Inserted rows, all the way into the lake", metric: END_TO_END },
  { title: "Snapshot into Kafka", metric: SNAPSHOT_INTO_KAFKA },
  { title: "From nothing to the first row in the lake", metric: FIRST_ROW },
];

export function chartOf({ measurements, series, machine, startedAt }: Results): string {
  const parts: string[] = [];
  let y = 28;
  parts.push(text(12, y, `${startedAt.slice(0, 10)}, ${machine.host}, ${machine.cores} cores`, "title"));
  for (const { title, metric } of PANELS) {
    const bars = measurements.filter((one) => one.metric === metric);
    if (bars.length === 0) continue;
    y += 34;
    parts.push(text(12, y, title, "panel"));
    for (const bar of bars) {
      y += BAR + 6;
      parts.push(barOf(bar, Math.max(...bars.map(({ value }) => value)), y));
    }
  }
  if (series.length > 0) {
    y += 34;
    const drawn = linesOf(series, y);
    parts.push(drawn.svg);
    y += drawn.height;
  }
  const height = y + 24;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    "<title>Benchmark results</title>",
    // Grey text reads on white and on black.
    "<style>text{font:12px system-ui,sans-serif;fill:#848d97}.title{font-size:14px}.panel{font-weight:600}.axis{stroke:#848d97;stroke-opacity:.4}</style>",
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function barOf({ system, value, unit }: Measurement, most: number, y: number): string {
  const width = Math.max(2, (value / most) * (WIDTH - LEFT - 140));
  return [
    text(12, y, system),
    `<rect x="${LEFT}" y="${y - BAR + 4}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${COLORS[system]}"/>`,
    text(LEFT + width + 8, y, `${readable(value)} ${unit}`),
  ].join("");
}

/** Lines over time, on one scale. */
function linesOf(series: readonly Series[], top: number): { svg: string; height: number } {
  const height = 160;
  const points = series.flatMap((one) => one.points);
  const most = Math.max(1, ...points.map(([, value]) => value));
  const end = Math.max(1, ...points.map(([second]) => second));
  const x = (second: number) => 50 + (second / end) * (WIDTH - 80);
  const y = (value: number) => top + 16 + height - (value / most) * height;
  const unit = series[0]?.unit ?? "";
  const svg = [
    text(12, top, "How far the lake is behind, over time", "panel"),
    ...[0, 0.5, 1].flatMap((share) => [
      `<line class="axis" x1="50" x2="${WIDTH - 30}" y1="${y(most * share)}" y2="${y(most * share)}"/>`,
      text(12, y(most * share) + 4, `${readable(most * share)} ${unit}`),
    ]),
    ...series.map(({ points: of }, index) => {
      const path = of.map(([second, value]) => `${x(second).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
      return `<polyline fill="none" stroke="${LINES[index % LINES.length]}" stroke-width="1.2" points="${path}"/>`;
    }),
    text(WIDTH - 80, top + 34 + height, `${readable(end)} s`),
    ...series.map(({ title }, index) => {
      const line = top + 54 + height + index * 18;
      return `<rect x="50" y="${line - 9}" width="10" height="10" fill="${LINES[index % LINES.length]}"/>${text(68, line, title)}`;
    }),
  ].join("\n");
  return { svg, height: height + 54 + series.length * 18 };
}

function text(x: number, y: number, content: string, kind = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${kind && ` class="${kind}"`}>${escaped}</text>`;
}
