import { scaleLinear, scaleLog } from "d3-scale";
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Point } from "./plane.js";

/** An axis of a chart. */
export interface Axis {
  readonly domain: readonly [from: number, to: number];
  readonly label: string;
  readonly logarithmic?: boolean;
  /** Where there are lines with numbers; by default about five places. */
  readonly ticks?: readonly number[];
}

/** A curve in a chart. */
export interface Series {
  readonly points: readonly Point[];
  readonly colour: string;
  readonly dashes?: string;
  readonly width?: number;
}

/** Where values are in a chart. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A chart as a plot of a figure, in a frame of its shape; the caption is its name too. */
export function chartFigure(caption: string, picture: SVGTemplateResult): TemplateResult {
  return html`<figure class="plot"><div class="frame" style="aspect-ratio: ${chartWidth} / ${chartHeight}"><svg viewBox="0 0 ${chartWidth} ${chartHeight}" role="img" aria-label=${caption}>${picture}</svg></div><figcaption>${caption}</figcaption></figure>`;
}

/** The size of a chart in its own pixels. */
export const [chartWidth, chartHeight] = [360, 280];
/** Where the axes of a chart begin and end, in its own pixels. */
export const chartArea = { left: 44, right: chartWidth - 10, top: 12, bottom: chartHeight - 40 } as const;

/** Curves over two axes. What lies beyond the axes is cut off. `more` draws what else is in the chart; its scales end at the axes. */
export function chart({ x: horizontal, y: vertical, series, more = () => svg`` }: { readonly x: Axis; readonly y: Axis; readonly series: readonly Series[]; readonly more?: (scales: Scales) => SVGTemplateResult }): SVGTemplateResult {
  const { left, right, top, bottom } = chartArea;
  const [x, y] = [scaleOf(horizontal, [left, right]), scaleOf(vertical, [bottom, top])];
  return svg`
    ${ticksOf(horizontal, x).map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1=${top} y2=${bottom} stroke="var(--nn-faint)"/><text x=${x(tick) < right ? x(tick) : right + 8} y=${bottom + 16} text-anchor=${x(tick) < right ? "middle" : "end"}>${textOf(tick, horizontal)}</text>`)}
    ${ticksOf(vertical, y).map((tick) => svg`<line x1=${left} x2=${right} y1=${y(tick)} y2=${y(tick)} stroke="var(--nn-faint)"/><text x=${left - 6} y=${y(tick) + 4} text-anchor="end">${textOf(tick, vertical)}</text>`)}
    <text class="axis" x=${right} y=${chartHeight - 7} text-anchor="end">${horizontal.label}</text>
    <svg x=${left} y=${top} width=${right - left} height=${bottom - top} viewBox="${left} ${top} ${right - left} ${bottom - top}">
      ${series.map(({ points, colour, dashes = "none", width = 2 }) => svg`<polyline points=${points.map(([a, b]) => `${bounded(x(a))},${bounded(y(b))}`).join(" ")} fill="none" stroke=${colour} stroke-width=${width} stroke-dasharray=${dashes} stroke-linejoin="round"/>`)}
    </svg>
    ${more({ x: x.copy().clamp(true), y: y.copy().clamp(true) })}
    <text class="axis" x=${left + 6} y=${top + 12}>${vertical.label}</text>`;
}

type Scale = ReturnType<typeof scaleLinear<number, number>> | ReturnType<typeof scaleLog<number, number>>;

function scaleOf({ domain, logarithmic = false }: Axis, ends: readonly [number, number]): Scale {
  return (logarithmic ? scaleLog() : scaleLinear()).domain([...domain]).range([...ends]);
}

function ticksOf({ domain: [from, to], ticks, logarithmic = false }: Axis, scale: Scale): readonly number[] {
  if (ticks !== undefined) return ticks;
  if (!logarithmic) return scale.ticks(5);
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const stride = Math.max(1, Math.ceil((last - first) / 6));
  return Array.from({ length: Math.floor((last - first) / stride) + 1 }, (_, at) => 10 ** (first + at * stride));
}

/** Browsers draw no coordinates without bounds. The logarithm of 0 is far below. */
const bounded = (coordinate: number): string => (Number.isNaN(coordinate) ? far : Math.max(-far, Math.min(far, coordinate))).toFixed(1);
const far = 2000;

function textOf(value: number, { logarithmic = false }: Axis): string {
  if (!logarithmic || (value >= 0.01 && value <= 1000)) return String(Number(value.toPrecision(6))).replace("-", "−");
  return `10${[...String(Math.round(Math.log10(value)))].map((digit) => superscripts[digit] ?? "").join("")}`;
}

const superscripts: Readonly<Record<string, string>> = { "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹" };
