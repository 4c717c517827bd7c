import { scaleLinear, scaleLog } from "d3-scale";

/** Points or a line of a {@link chart}. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** How they are drawn; default `"line"`. */
  readonly as?: "line" | "points";
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
}

/** Colours that people tell apart, also those who see red and green alike (Okabe and Ito 2008), on light and on dark. */
const colours = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8a8a8a", "#b8a000"];

const [width, height] = [640, 420];
const margin = { left: 64, right: 24, top: 60, bottom: 48 };

/** Curves or clouds of points over two axes, as an SVG picture that suits a light and a dark page. */
export function chart(series: readonly Series[], options: ChartOptions): string {
  const all = series.flatMap(({ points }) => points);
  const { logarithmic = false } = options;
  const [x, y] = scalesOf(all, options);
  let left = margin.left;
  const legend = series.length < 2 ? [] : series.map(({ name }, at) => {
    const entry = `<g transform="translate(${left}, 44)"><rect width="12" height="12" y="-10" rx="2" fill="${colourOf(at)}"/><text x="17">${escaped(name)}</text></g>`;
    left += 34 + 7.6 * name.length;
    return entry;
  });
  const drawn = series.map(({ points, as = "line" }, at) => (as === "points"
    ? points.map(([px, py]) => `<circle cx="${fixed(x(px))}" cy="${fixed(y(py))}" r="1.8" fill="${colourOf(at)}" fill-opacity="0.6"/>`).join("")
    : `<polyline fill="none" stroke="${colourOf(at)}" stroke-width="2" points="${points.map(([px, py]) => `${fixed(x(px))},${fixed(y(py))}`).join(" ")}"/>`));
  const xTicks = x.ticks(6).map((tick) => `<g transform="translate(${fixed(x(tick))}, ${height - margin.bottom})"><line y2="5" class="axis"/><text y="20" text-anchor="middle">${x.tickFormat(6)(tick)}</text></g>`);
  const yTicks = y.ticks(5).map((tick) => `<g transform="translate(${margin.left}, ${fixed(y(tick))})"><line x2="${width - margin.left - margin.right}" class="grid"/><text x="-8" dy="0.32em" text-anchor="end">${y.tickFormat(5, logarithmic ? "~e" : undefined)(tick)}</text></g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<style>text { fill: #333 } .grid { stroke: #8884 } .axis { stroke: #888 } @media (prefers-color-scheme: dark) { text { fill: #ddd } }</style>
<title>${escaped(options.title)}</title>
<text x="${margin.left}" y="22" font-size="16" font-weight="600">${escaped(options.title)}</text>
${[...yTicks, ...xTicks, ...drawn, ...legend].join("\n")}
<text x="${(margin.left + width - margin.right) / 2}" y="${height - 10}" text-anchor="middle">${escaped(options.xLabel)}</text>
<text transform="translate(16, ${(margin.top + height - margin.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(options.yLabel)}</text>
</svg>
`;
}

function scalesOf(all: Series["points"], { logarithmic = false, square = false }: ChartOptions) {
  const [[left, right], [low, high]] = [extent(all.map(([x]) => x)), extent(all.map(([, y]) => y))];
  const across = width - margin.left - margin.right;
  const down = height - margin.top - margin.bottom;
  // One scale for both axes: the wider one gets what is left over.
  const unit = square ? Math.max((right - left) / across, (high - low) / down) : 0;
  const grow = ([from, to]: readonly [number, number], length: number): [number, number] => {
    const more = square ? (unit * length - (to - from)) / 2 : 0;
    return [from - more, to + more];
  };
  const x = scaleLinear(grow([left, right], across), [margin.left, width - margin.right]);
  const range = [height - margin.bottom, margin.top];
  const y = logarithmic ? scaleLog([low, high], range) : scaleLinear(grow([low, high], down), range);
  return square ? ([x, y] as const) : ([x, y.nice()] as const);
}

function extent(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  return [finite.reduce((a, b) => Math.min(a, b), Infinity), finite.reduce((a, b) => Math.max(a, b), -Infinity)];
}

const colourOf = (at: number): string => colours[at % colours.length] ?? "#888";
const fixed = (value: number): string => value.toFixed(1);
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Charts beside one another as one SVG picture. */
export function sideBySide(charts: readonly string[]): string {
  const nested = charts.map((each, at) => each.trim().replace("<svg ", `<svg x="${at * width}" width="${width}" height="${height}" `));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${charts.length * width} ${height}">\n${nested.join("\n")}\n</svg>\n`;
}
