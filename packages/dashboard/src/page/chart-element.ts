import { html, LitElement, type TemplateResult } from "lit";
import uPlot from "uplot";
import { colourAt, colourClass, resolved } from "./colours.js";
import { formatNumber, widthOfLabels } from "./format.js";
import { smooth } from "./smoothing.js";

/** A line of a chart. */
export interface Line {
  readonly label: string;
  /** The index of its colour. */
  readonly colour: number;
  readonly dashed: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** How a chart is drawn. */
export interface ChartStyle {
  readonly logarithmic: boolean;
  /** The weight of the moving average, from 0 on, below 1. */
  readonly smoothing: number;
  /** The horizontal axis: steps, or seconds. */
  readonly axis: "step" | "time";
}

const height = 220;

/** A chart of lines over steps or time. The legend shows the last values, or those under the pointer; arrow keys move it. */
export class ChartElement extends LitElement {
  static override properties = { heading: {}, lines: { attribute: false }, look: { attribute: false }, hovered: { state: true } };
  declare heading: string;
  declare lines: readonly Line[];
  declare look: ChartStyle;
  declare hovered: number | null;
  #plot: uPlot | undefined;
  /** A key of the lines, style and theme of the plot: if one changes, a new plot is needed. */
  #shape = "";
  #data: uPlot.AlignedData = [[]];
  readonly #resizes = new ResizeObserver(() => this.#plot?.setSize({ width: this.#width(), height }));
  readonly #theme = matchMedia("(prefers-color-scheme: dark)");
  readonly #repaint = (): void => this.requestUpdate();

  constructor() {
    super();
    this.heading = "";
    this.lines = [];
    this.look = { logarithmic: false, smoothing: 0, axis: "step" };
    this.hovered = null;
  }

  /** One style sheet for the whole page. */
  override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
    this.#theme.addEventListener("change", this.#repaint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.#theme.removeEventListener("change", this.#repaint);
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#shape = "";
  }

  protected override render(): TemplateResult {
    return html`
      <figure class="chart">
        <figcaption>
          <h3>${this.heading}</h3>
          <ul class="legend">${this.lines.map((line, at) => html`
            <li class=${`${colourClass(line.colour)}${line.dashed ? " dashed" : ""}`}><span class="key">${line.label}</span> <span class="value">${this.#valueOf(at)}</span></li>`)}
          </ul>
        </figcaption>
        <div class="plot" role="img" tabindex="0" aria-label=${this.#summary()} @keydown=${this.#onKey}></div>
      </figure>`;
  }

  protected override updated(): void {
    this.#data = this.#aligned();
    const shape = JSON.stringify([this.lines.map(({ label, colour, dashed }) => [label, colour, dashed]), this.look.logarithmic, this.look.smoothing > 0, this.look.axis, this.#theme.matches]);
    if (shape === this.#shape && this.#plot !== undefined) return this.#plot.setData(this.#data);
    this.#shape = shape;
    this.#plot?.destroy();
    const target = this.querySelector<HTMLElement>(".plot");
    if (target !== null) this.#plot = new uPlot(this.#options(), this.#data, target);
  }

  /** All lines over the union of their steps or times. If they are smoothed, the raw lines come first. */
  #aligned(): uPlot.AlignedData {
    const { smoothing, logarithmic } = this.look;
    const shown = (values: readonly number[]): (number | null)[] => values.map((value) => (Number.isFinite(value) && (!logarithmic || value > 0) ? value : null));
    const tables = this.lines.map(({ x, y }): uPlot.AlignedData => {
      const xs = [...x];
      return smoothing > 0 ? [xs, shown(y), shown(smooth(y, smoothing))] : [xs, shown(y)];
    });
    return tables.length === 0 ? [[]] : uPlot.join(tables);
  }

  #options(): uPlot.Options {
    const [ink, faint] = [resolved("--soft"), resolved("--faint")];
    const axis = { stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    return {
      width: this.#width(),
      height,
      padding: [10, 16, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: "nn" }, y: false, drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { distr: this.look.logarithmic ? 3 : 1 } },
      axes: [
        { ...axis, size: 28, values: (_, values) => values.map((value) => (this.look.axis === "step" ? compact(value) : clock(value))) },
        { ...axis, size: (_, values) => widthOfLabels(values), values: (_, values) => values.map((value) => (value === null ? "" : formatNumber(value))) },
      ],
      series: [{}, ...this.lines.flatMap((line) => this.#strokes(line))],
      hooks: { setCursor: [(plot) => { this.hovered = plot.cursor.idx ?? null; }] },
    };
  }

  #strokes({ colour, dashed }: Line): uPlot.Series[] {
    const stroke = resolved(colourAt(colour));
    const line = { stroke, width: 2, spanGaps: true, points: { show: false }, ...(dashed ? { dash: [6, 4] } : {}) };
    return this.look.smoothing > 0 ? [{ ...line, stroke: `${stroke}55`, width: 1 }, line] : [line];
  }

  #width(): number {
    return Math.max(200, this.querySelector(".plot")?.clientWidth ?? 400);
  }

  /** The value of a line under the pointer, else its last one. */
  #valueOf(at: number): string {
    const perLine = this.look.smoothing > 0 ? 2 : 1;
    const column = this.#data[1 + at * perLine];
    const under = this.hovered === null ? undefined : column?.[this.hovered];
    const last = this.lines[at]?.y.at(-1);
    const value = under ?? (this.hovered === null ? last : undefined);
    return value === undefined || value === null ? "" : formatNumber(value);
  }

  #summary(): string {
    const last = this.lines.map(({ label, y, x }) => `${label || this.heading} ${formatNumber(y.at(-1) ?? NaN)} at ${this.look.axis} ${formatNumber(x.at(-1) ?? 0)}`);
    return `Chart of ${this.heading}: ${last.join("; ")}`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const plot = this.#plot;
    const xs = this.#data[0];
    if (move === undefined || plot === undefined || xs.length === 0) return;
    event.preventDefault();
    const to = Math.min(xs.length - 1, Math.max(0, (this.hovered ?? (move < 0 ? xs.length : -1)) + move));
    plot.setCursor({ left: plot.valToPos(xs[to] ?? 0, "x"), top: 10 });
  };
}

/** 12 000 as `12k`. */
const compact = (value: number): string => Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 }).format(value);

const clock = (seconds: number): string => (seconds < 120 ? `${formatNumber(seconds)} s` : seconds < 7200 ? `${formatNumber(seconds / 60)} min` : `${formatNumber(seconds / 3600)} h`);
