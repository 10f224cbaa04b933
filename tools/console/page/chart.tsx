import { numberText } from "../text";
import { type Point, pathOf, roundAbove } from "./series";

interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

interface ChartProps {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly format?: (value: number) => string;
}

/** One line a series over the last hour; what it shows is said in words, too. */
export function Chart({ title, unit, series, format = numberText }: ChartProps) {
  const known = series.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  const end = Math.max(0, ...series.flatMap(({ points }) => points.map(([at]) => at)));
  const most = roundAbove(Math.max(0, ...known));
  const last = series.map(({ name, points }) => ({
    name,
    value: points.findLast(([, value]) => value !== null)?.[1] ?? null,
  }));
  const told = last
    .map(({ name, value }) => `${name} ${value === null ? "not known" : format(value)}`)
    .join(", ");
  const label = `${title}, ${unit}: now ${told}; at most ${known.length > 0 ? format(Math.max(...known)) : "not known"} within the hour`;
  return (
    <figure>
      <figcaption>
        <strong>{title}</strong> <span class="quiet">{unit}</span>
      </figcaption>
      <div class="plot">
        <span class="most">{format(most)}</span>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
          <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
          {series.map(({ name, points }, index) => (
            <path key={name} class={`line line-${index}`} d={pathOf(points, end, most)} />
          ))}
        </svg>
        <span class="from">an hour ago</span>
        <span class="to">now</span>
      </div>
      <ul class="legend">
        {last.map(({ name, value }, index) => (
          <li key={name} class={`line-${index}`}>
            {name} <b>{value === null ? "–" : format(value)}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}
