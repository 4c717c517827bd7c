import type { Tensor } from "@nn/tensor";
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from "d3-scale";
import { encode } from "fast-png";
import { colourOf, escaped, fixed, svgPicture, textWidth } from "./svg.js";

type Range = readonly [from: number, to: number];
type Scale = ScaleContinuousNumeric<number, number>;

/** Points, a line or an area of a {@link chart}. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** How to draw the points; default `"line"`. The points are the outline of an area. */
  readonly as?: "line" | "dashed" | "points" | "area";
  /** The radius of points; default 1.8. Large ones get an outline. */
  readonly radius?: number;
}

/** The probabilities of a classifier at every position: the background of a {@link chart}. */
export interface Regions {
  /** `[rows, columns, classes]`: from the bottom up and from left to right. A class has the colour of the series with its number. */
  readonly probabilities: Tensor;
  readonly x: Range;
  readonly y: Range;
}

/** Options of {@link chart}. */
export interface ChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether the vertical axis is logarithmic; default false. */
  readonly logarithmic?: boolean;
  /** Whether a unit has the same length on both axes; default false. */
  readonly square?: boolean;
  readonly regions?: Regions;
}

/** Below the rows of the legend is the plot. */
const margin = { left: 70, right: 24, legend: 44, bottom: 50 };
/** The height and the greatest width of the plot itself: small, so that the text is readable where a phone shrinks the picture. */
const [down, widest] = [270, 420];
const legendRow = 20;

/** Curves or clouds of points over two axes, as an SVG picture for light and dark pages. */
export function chart(series: readonly Series[], options: ChartOptions): string {
  const { title, xLabel, yLabel, logarithmic = false, regions } = options;
  const extents = extentsOf(series, regions);
  const across = acrossOf(extents, options);
  const right = margin.left + across;
  const legend = legendOf(series, right);
  const top = legend.bottom;
  const height = top + down + margin.bottom;
  const [x, y] = scalesOf(extents, options, across, top);
  const ticks = across < 300 ? 4 : 6;
  const xTicks = x.ticks(ticks).map((tick) => `<g transform="translate(${fixed(x(tick))}, ${height - margin.bottom})"><line y2="5" class="axis"/><text y="20" text-anchor="middle">${x.tickFormat(ticks)(tick)}</text></g>`);
  // On a logarithmic axis only some ticks have labels, so that they do not overlap.
  const yLabels = y.ticks(5).map((tick) => ({ tick, label: y.tickFormat(5, logarithmic ? "~e" : undefined)(tick) })).filter(({ label }) => label !== "");
  const yTicks = yLabels.map(({ tick, label }) => `<g transform="translate(${margin.left}, ${fixed(y(tick))})"><line x2="${fixed(right - margin.left)}" class="grid"/><text x="-8" dy="0.32em" text-anchor="end">${label}</text></g>`);
  const labels = [
    `<text x="${fixed((margin.left + right) / 2)}" y="${height - 10}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text transform="translate(15, ${top + down / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
  ];
  const background = regions === undefined ? [] : [regionsImage(regions, x, y)];
  const drawn = series.map((each, index) => draw(each, colourOf(index), x, y));
  return svgPicture({ title, width: right + margin.right, height, body: [...background, ...yTicks, ...xTicks, ...drawn, ...legend.entries, ...labels] });
}

function draw({ points, as = "line", radius = 1.8 }: Series, colour: string, x: Scale, y: Scale): string {
  const path = points.map(([px, py]) => `${fixed(x(px))},${fixed(y(py))}`);
  switch (as) {
    case "points": {
      const paint = radius < 3 ? `fill="${colour}" fill-opacity="0.75"` : `fill="${colour}" stroke="#fff" stroke-width="1.5"`;
      return points.map(([px, py]) => `<circle cx="${fixed(x(px))}" cy="${fixed(y(py))}" r="${radius}" ${paint}/>`).join("");
    }
    case "area": return `<polygon fill="${colour}" fill-opacity="0.25" points="${path.join(" ")}"/>`;
    case "line": return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path.join(" ")}"/>`;
    case "dashed": return `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="6 5" points="${path.join(" ")}"/>`;
  }
}

/** The names of the series, in as many rows as they need, and where the plot begins below them. */
function legendOf(series: readonly Series[], right: number): { readonly entries: readonly string[]; readonly bottom: number } {
  if (series.length < 2) return { entries: [], bottom: margin.legend };
  let [left, row]: [number, number] = [margin.left, 0];
  const entries = series.map(({ name }, index) => {
    const width = 17 + textWidth(name);
    if (left > margin.left && left + width > right) [left, row] = [margin.left, row + 1];
    const entry = `<g transform="translate(${fixed(left)}, ${margin.legend + legendRow * row})"><rect width="12" height="12" y="-10" rx="2" fill="${colourOf(index)}"/><text x="17">${escaped(name)}</text></g>`;
    left += width + 20;
    return entry;
  });
  return { entries, bottom: margin.legend + legendRow * row + 16 };
}

/** The probabilities as an image: the colours of the classes mixed, and smoothed by the browser. */
function regionsImage({ probabilities, x: [left, right], y: [bottom, top] }: Regions, x: Scale, y: Scale): string {
  const [rows = 0, columns = 0, classes = 0] = probabilities.shape;
  const values = probabilities.toTypedArray();
  const colours = Array.from({ length: classes }, (_, index) => [1, 3, 5].map((at) => Number.parseInt(colourOf(index).slice(at, at + 2), 16)));
  const data = new Uint8Array(rows * columns * 3);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    // Rows of an image go down, those of the chart go up.
    const from = ((rows - 1 - Math.floor(pixel / columns)) * columns + (pixel % columns)) * classes;
    for (let channel = 0; channel < 3; channel++) {
      data[3 * pixel + channel] = colours.reduce((sum, colour, index) => sum + Number(values[from + index]) * (colour[channel] ?? 0), 0);
    }
  }
  const png = Buffer.from(encode({ width: columns, height: rows, channels: 3, depth: 8, data })).toString("base64");
  const frame = `x="${fixed(x(left))}" y="${fixed(y(top))}" width="${fixed(x(right) - x(left))}" height="${fixed(y(bottom) - y(top))}"`;
  return `<image ${frame} preserveAspectRatio="none" opacity="0.35" href="data:image/png;base64,${png}"/>`;
}

/** What a chart shows, along both axes. */
type Extents = readonly [x: Range, y: Range];

function extentsOf(series: readonly Series[], regions: Regions | undefined): Extents {
  const all = series.flatMap(({ points }) => points);
  return [extent([...all.map(([x]) => x), ...(regions?.x ?? [])]), extent([...all.map(([, y]) => y), ...(regions?.y ?? [])])];
}

/** The width of the plot. With equal units, it is only as wide as needed. */
function acrossOf([[left, right], [low, high]]: Extents, { square = false }: ChartOptions): number {
  return square ? Math.min(widest, Math.round((down * (right - left)) / (high - low))) : widest;
}

function scalesOf([[left, right], [low, high]]: Extents, { logarithmic = false, square = false, regions }: ChartOptions, across: number, top: number): [x: Scale, y: Scale] {
  // One scale for both axes; the wider axis gets the remaining space.
  const unit = square ? Math.max((right - left) / across, (high - low) / down) : 0;
  const grow = (from: number, to: number, length: number): [number, number] => {
    const more = square ? (unit * length - (to - from)) / 2 : 0;
    return [from - more, to + more];
  };
  const x = scaleLinear(grow(left, right, across), [margin.left, margin.left + across]);
  const range = [top + down, top];
  const y = logarithmic ? scaleLog([low, high], range) : scaleLinear(grow(low, high, down), range);
  return square || regions !== undefined ? [x, y] : [x, y.nice()];
}

function extent(values: readonly number[]): Range {
  const finite = values.filter(Number.isFinite);
  return [finite.reduce((a, b) => Math.min(a, b), Infinity), finite.reduce((a, b) => Math.max(a, b), -Infinity)];
}
