import { html, type TemplateResult } from "lit";
import type { Line } from "../chart-element.js";
import { inWords } from "../format.js";
import { chartOf } from "../run-data.js";
import { colourOf, type ViewContext } from "../state.js";

/** Charts that other views show. */
const elsewhere: ReadonlySet<string> = new Set(["update ratio", "stepsPerSecond", "seconds", "epoch"]);

/** The charts that come first. */
const order = ["loss", "accuracy", "learningRate"];

/** The lines of each chart, over all runs that are shown. With one run, each line has its colour. With several, each run has its colour, and dashes mark validation. */
export function linesOf(context: ViewContext, wanted: (chart: string) => boolean): Map<string, Line[]> {
  const charts = new Map<string, Line[]>();
  const several = context.runs.length > 1;
  for (const run of context.runs) {
    for (const [name, { steps, seconds, values }] of [...run.scalars].toSorted(([a], [b]) => placeOf(chartOf(a).line) - placeOf(chartOf(b).line))) {
      const { chart, line } = chartOf(name);
      if (!wanted(chart)) continue;
      const lines = charts.get(chart) ?? [];
      charts.set(chart, lines);
      lines.push({
        label: [several ? run.id : "", inWords(line)].filter(Boolean).join(" · ") || inWords(chart),
        colour: several ? colourOf(context, run) : colourOfLine(line, lines.length),
        dashed: several && line !== "" && line !== "training",
        x: context.choices.axis === "step" ? steps : seconds,
        y: values,
      });
    }
  }
  return charts;
}

/** Lines that come first, with the same colours in all charts. */
const first = ["training", "validation"];

const placeOf = (line: string): number => (first.includes(line) ? first.indexOf(line) : first.length);

function colourOfLine(line: string, at: number): number {
  return first.includes(line) ? placeOf(line) : at;
}

/** Losses, metrics and rates over the steps of the runs that are shown. */
export function curvesView(context: ViewContext): TemplateResult {
  const { choices } = context;
  const charts = [...linesOf(context, (chart) => !elsewhere.has(chart))].filter(([name, lines]) => name !== "learningRate" || lines.some(isChanging)).toSorted(([a], [b]) => rank(a) - rank(b));
  return html`
    ${toolbar(context)}
    <div class="charts">
      ${charts.map(([name, lines]) => html`<nn-chart .heading=${inWords(name)} .lines=${lines} .look=${choices}></nn-chart>`)}
    </div>
    ${charts.length === 0 ? html`<p class="empty">No numbers yet. They appear here as the run records them.</p>` : ""}`;
}

/** Whether a line is worth a chart: a rate that stays where it is stands in the header of the run. */
const isChanging = ({ y: [begin, ...others] }: Line): boolean => others.some((value) => value !== begin);

const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);

function toolbar({ choices, choose }: ViewContext): TemplateResult {
  return html`
    <div class="toolbar">
      <label>Smoothing
        <input type="range" min="0" max="0.98" step="0.02" .value=${String(choices.smoothing)}
          @input=${(event: InputEvent) => choose({ smoothing: Number(inputOf(event).value) })}>
        <output>${choices.smoothing.toFixed(2)}</output>
      </label>
      <label><input type="checkbox" .checked=${choices.logarithmic} @change=${(event: InputEvent) => choose({ logarithmic: inputOf(event).checked })}> Logarithmic</label>
      <label>Over
        <select .value=${choices.axis} @change=${(event: Event) => choose({ axis: event.target instanceof HTMLSelectElement && event.target.value === "time" ? "time" : "step" })}>
          <option value="step">steps</option>
          <option value="time">time</option>
        </select>
      </label>
    </div>`;
}

/** The input that an event is of. */
export function inputOf(event: Event): HTMLInputElement {
  if (!(event.target instanceof HTMLInputElement)) throw new TypeError("the event is of no input");
  return event.target;
}
