import { html, type Markup } from "./markup.js";
import { bucketsOf, thinned } from "./thinning.js";
import { roundExtent, ticksWithin, type Extent } from "./ticks.js";

/** A line of a chart: a value for every epoch, null where there is none. */
export interface Series {
  readonly name: string;
  /** Decides the colour: the class `series-<colour>`. */
  readonly colour: "train" | "validation" | "rate" | `run-${number}`;
  readonly values: readonly (number | null)[];
}

/** The content of a chart of values by epoch. */
export interface LineChart {
  readonly title: string;
  readonly series: readonly Series[];
  /** Formats a value beside the pointer. */
  readonly format: (value: number) => string;
  /** Formats a value on the axis, with enough `decimals` to distinguish neighbouring marks. */
  readonly formatTick: (value: number, decimals: number) => string;
  /** The upper limit of the axis. */
  readonly ceiling?: number;
  /** The marked epoch, with its label. */
  readonly mark?: { readonly epoch: number; readonly text: string };
}

const size = { width: 560, height: 300 } as const;
const margin = { left: 54, right: 14, top: 14, bottom: 38 } as const;

/** The distance of lines of text beside the pointer. */
const lineHeight = 16;

/** A line of more values is drawn in this many pieces, which are about as wide as a pixel. */
const mostPieces = 500;

/** Up to this many epochs in a chart, each value has a dot. */
const mostDots = 40;

/** Positions of values in the picture. */
interface Scales {
  readonly x: (epoch: number) => number;
  readonly y: (value: number) => number;
  readonly values: Extent;
  readonly epochs: number;
}

function scalesOf({ series, ceiling = Infinity }: LineChart): Scales {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const base = low > 0 && (low < high / 3 || low === high) ? 0 : low;
  const rounded = all.length === 0 ? { low: 0, high: 1 } : roundExtent({ low: base, high }, 5);
  const values = { low: rounded.low, high: Math.min(rounded.high, ceiling) > rounded.low ? Math.min(rounded.high, ceiling) : rounded.high };
  const epochs = Math.max(1, ...series.map((each) => each.values.length));
  const across = size.width - margin.left - margin.right;
  const down = size.height - margin.top - margin.bottom;
  return {
    epochs,
    values,
    x: (epoch) => margin.left + (epochs === 1 ? across / 2 : (across * (epoch - 1)) / (epochs - 1)),
    y: (value) => margin.top + (down * (values.high - value)) / (values.high - values.low),
  };
}

/** The chart as an SVG element with a legend above it; an epoch's values show under the pointer. */
export function lineChart(given: LineChart): Markup {
  const chart: LineChart = { ...given, series: given.series.map((series) => ({ ...series, values: series.values.map(finiteOrNull) })) };
  const scales = scalesOf(chart);
  const drawn = chart.series.filter(({ values }) => values.some((value) => value !== null));
  return html`<figure class="chart">
  <figcaption><span class="chart-title">${chart.title}</span>${drawn.map(({ name, colour }) => html`<span class="key series-${colour}">${name}</span>`)}</figcaption>
  <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${chart.title} by epoch">
    ${axes(chart, scales)}
    ${chart.mark === undefined ? null : markLine(chart.mark, scales)}
    ${drawn.map((series) => line(series, scales))}
    ${hoverColumns(chart, drawn, scales)}
  </svg>
</figure>`;
}

function axes({ formatTick }: LineChart, { x, y, values, epochs }: Scales): Markup {
  const vertical = ticksWithin(values, 6);
  const across = ticksWithin({ low: 1, high: epochs }, 8, 1);
  const [left, right, bottom] = [margin.left, size.width - margin.right, size.height - margin.bottom];
  const epochMarks = across.values.includes(1) || epochs > 12 ? across.values : [1, ...across.values];
  return html`<g class="axes">
      ${vertical.values.map((value) => html`<line x1="${left}" x2="${right}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/><text x="${left - 8}" y="${fixed(y(value) + 4)}" text-anchor="end">${formatTick(value, vertical.decimals)}</text>`)}
      ${epochMarks.map((epoch) => html`<text x="${fixed(x(epoch))}" y="${bottom + 18}" text-anchor="middle">${epoch}</text>`)}
      <text class="axis-name" x="${(left + right) / 2}" y="${size.height - 3}" text-anchor="middle">epoch</text>
    </g>`;
}

function markLine({ epoch, text }: NonNullable<LineChart["mark"]>, { x }: Scales): Markup {
  const at = x(epoch);
  const toLeft = at > size.width - 120;
  return html`<g class="mark"><line x1="${fixed(at)}" x2="${fixed(at)}" y1="${margin.top}" y2="${size.height - margin.bottom}"/><text x="${fixed(at + (toLeft ? -6 : 6))}" y="${margin.top + 11}" text-anchor="${toLeft ? "end" : "start"}">${text}</text></g>`;
}

function line({ values, colour }: Series, { x, y, epochs }: Scales): Markup {
  const pointAt = (at: number): string => `${fixed(x(at + 1))} ${fixed(y(values[at] ?? 0))}`;
  const path = thinned(values, mostPieces).map((run) => `M${run.map(pointAt).join("L")}`).join("");
  const dots = epochs > mostDots ? [] : values.flatMap((value, at) => (value === null ? [] : [html`<circle cx="${fixed(x(at + 1))}" cy="${fixed(y(value))}" r="2.5"/>`]));
  return html`<g class="series-${colour}"><path d="${path}"/>${dots}</g>`;
}

/** For every epoch, or every piece of a long line, an invisible column that shows its values while the pointer is on it. */
function hoverColumns({ format }: LineChart, drawn: readonly Series[], { x, y, epochs }: Scales): Markup {
  const half = (x(Math.min(2, epochs)) - x(1)) / 2 || (size.width - margin.left - margin.right) / 2;
  const columns = bucketsOf(Array.from({ length: epochs }, () => null), mostPieces);
  const pieces = drawn.map((series) => ({ ...series, buckets: bucketsOf(Array.from({ length: epochs }, (_, at) => series.values[at] ?? null), mostPieces) }));
  return html`<g class="hover">${columns.map(({ from, to }, column) => {
    const at = (x(from + 1) + x(to + 1)) / 2;
    const known = pieces.flatMap(({ name, colour, values, buckets }) => {
      const extremes = (buckets[column]?.extremes ?? []).flatMap((index) => values[index] ?? []).toSorted((a, b) => a - b);
      return extremes.length === 0 ? [] : [{ name, colour, extremes }];
    });
    const toLeft = at > size.width / 2;
    const anchor = toLeft ? "end" : "start";
    const textX = fixed(at + (toLeft ? -8 : 8));
    const middle = (size.height + margin.top - margin.bottom) / 2;
    const high = known.filter(({ extremes }) => y(extremes[0] ?? 0) < middle).length > known.length / 2;
    const textY = high ? size.height - margin.bottom - 8 - lineHeight * known.length : margin.top + 30;
    const title = from === to ? `epoch ${from + 1}` : `epochs ${from + 1} to ${to + 1}`;
    return html`<g><rect x="${fixed(x(from + 1) - half)}" y="${margin.top}" width="${fixed(x(to + 1) - x(from + 1) + 2 * half)}" height="${size.height - margin.top - margin.bottom}"/><g class="tip"><line x1="${fixed(at)}" x2="${fixed(at)}" y1="${margin.top}" y2="${size.height - margin.bottom}"/>${known.map(({ colour, extremes }) => extremes.map((value) => html`<circle class="series-${colour}" cx="${fixed(at)}" cy="${fixed(y(value))}" r="4"/>`))}<text x="${textX}" y="${textY}" text-anchor="${anchor}"><tspan class="tip-title">${title}</tspan>${known.map(({ name, extremes }) => html`<tspan x="${textX}" dy="${lineHeight}">${name} ${[...new Set(extremes.map(format))].join(" to ")}</tspan>`)}</text></g></g>`;
  })}</g>`;
}

/** The value if it can be drawn, else null. */
function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Coordinates to a tenth of a unit. */
function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
