import type { HistogramRecord } from "@nn/records";
import { scaleLinear } from "d3-scale";
import { svg, type SVGTemplateResult } from "lit";
import { formatCount, formatNumber } from "../format.js";

const size = { width: 360, top: 34, row: 9, ridge: 40, axis: 22 };
/** The largest number of histograms that are drawn: more would hide one another. */
const most = 14;

/** Histograms over time: the oldest at the back, the newest in front. All have the same height, so that shapes can be compared. */
export function ridgeline(records: readonly HistogramRecord[]): SVGTemplateResult {
  const shown = selected(records.filter(({ edges }) => edges.length > 0));
  const limits = shown.flatMap(({ edges }) => [edges[0] ?? 0, edges.at(-1) ?? 0]);
  const [least, largest] = [Math.min(...limits), Math.max(...limits)];
  const margin = largest > least ? 0 : Math.abs(least) || 1;
  const x = scaleLinear().domain([least - margin, largest + margin]).range([6, size.width - 6]);
  const height = size.top + size.row * (shown.length - 1) + size.axis + 6;
  const ground = (at: number): number => size.top + size.row * at;
  return svg`
    <svg class="ridges" viewBox="0 0 ${size.width} ${height}" role="img" aria-label=${labelOf(shown)}>
      ${shown.map((record, at) => svg`
        <path class="ridge" d=${pathOf(record, x, ground(at))} fill-opacity=${0.9} stroke-opacity=${opacityAt(at, shown.length)}>
          <title>step ${formatCount(record.step)}: mean ${formatNumber(record.mean)}, deviation ${formatNumber(record.deviation)}</title>
        </path>`)}
      ${x.ticks(5).filter((tick) => x(tick) > 16 && x(tick) < size.width - 16).map((tick) => svg`<text x=${x(tick)} y=${height - 5} text-anchor="middle">${formatNumber(tick)}</text>`)}
    </svg>`;
}

/** The newest one is the most opaque. */
const opacityAt = (at: number, count: number): number => (count === 1 ? 1 : 0.25 + (0.75 * at) / (count - 1));

function selected(records: readonly HistogramRecord[]): readonly HistogramRecord[] {
  if (records.length <= most) return records;
  return Array.from({ length: most }, (_, at) => records[Math.round((at * (records.length - 1)) / (most - 1))]).filter((each) => each !== undefined);
}

/** The outline of the densities of the bins: counts over widths. */
function pathOf({ edges, counts }: HistogramRecord, x: (value: number) => number, ground: number): string {
  const densities = counts.map((count, at) => count / ((edges[at + 1] ?? 0) - (edges[at] ?? 0) || 1));
  const highest = Math.max(...densities);
  const y = (density: number): number => ground - (highest === 0 ? 0 : (density / highest) * size.ridge * 0.8);
  const centres = densities.map((density, at) => `L${round(x(((edges[at] ?? 0) + (edges[at + 1] ?? 0)) / 2))} ${round(y(density))}`);
  const [from, to] = [x(edges[0] ?? 0) - 1, x(edges.at(-1) ?? 0) + 1];
  return `M${round(from)} ${ground}${centres.join("")}L${round(to)} ${ground}Z`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function labelOf(records: readonly HistogramRecord[]): string {
  const last = records.at(-1);
  return last === undefined ? "No values" : `${records.length} histograms up to step ${formatCount(last.step)}, the last with mean ${formatNumber(last.mean)} and deviation ${formatNumber(last.deviation)}`;
}
