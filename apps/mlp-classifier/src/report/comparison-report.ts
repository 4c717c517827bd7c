import { differences, letterOf, results, type ComparedRow } from "../run/comparison.js";
import type { RecordedRun } from "../run/recorded-run.js";
import { counted, loss, percent, short } from "../terminal/format.js";
import { lineChart, type LineChart, type Series } from "./line-chart.js";
import { html, type Markup } from "./markup.js";
import { momentOf, page } from "./page.js";

/** Colours of lines that a reader can tell apart. */
export const mostCompared = 8;

type ValueChart = Omit<LineChart, "series"> & { readonly value: string };

const charts: readonly ValueChart[] = [
  { title: "Validation accuracy", value: "validation.accuracy", ...asPercent() },
  { title: "Validation loss", value: "validation.loss", ...asLoss() },
  { title: "Training accuracy", value: "training.accuracy", ...asPercent() },
  { title: "Training loss", value: "training.loss", ...asLoss() },
  { title: "Learning rate", value: "learningRate", format: (value) => short(value), formatTick: (value) => short(value, 2) },
];

function asPercent(): Pick<LineChart, "format" | "formatTick" | "ceiling"> {
  return { format: (value) => percent(value), formatTick: (value, decimals) => percent(value, Math.max(0, decimals - 2)), ceiling: 1 };
}

function asLoss(): Pick<LineChart, "format" | "formatTick"> {
  return { format: loss, formatTick: (value, decimals) => value.toFixed(decimals) };
}

/** A report on several runs, at most {@link mostCompared}: their curves over one another, what differs between them, and what came out. */
export function renderComparison(runs: readonly RecordedRun[], written: Date): string {
  const title = `Comparison of ${counted(runs.length, "run")}`;
  const differing = differences(runs);
  const drawn = charts.map((chart) => ({ ...chart, series: runs.map((run, at) => seriesOf(run, at, chart.value)) })).filter(isWorthDrawing);
  return page({
    title,
    lead: html`<ul class="runs">${runs.map(({ path }, at) => html`<li><span class="key series-run-${at}">${letterOf(at)}</span> ${path}</li>`)}</ul>`,
    content: html`<section><h2>Results</h2>${table(runs, results(runs))}</section>
<section><h2>Learning curves</h2>${drawn.length === 0 ? html`<p>No epoch is complete.</p>` : html`<div class="charts">${drawn.map((chart) => lineChart(chart))}</div>`}</section>
<section><h2>Settings that differ</h2>${differing.length === 0 ? html`<p>None: the settings are equal.</p>` : table(runs, differing)}</section>`,
    footer: `As of ${momentOf(written)}.`,
  });
}

/** Whether a chart has values; rates that stay where they are say no more than the settings. */
function isWorthDrawing({ value, series }: ValueChart & Pick<LineChart, "series">): boolean {
  const most = Math.max(...series.map(({ values }) => new Set(values.filter((each) => each !== null)).size));
  return most > (value === "learningRate" ? 1 : 0);
}

function seriesOf({ epochs }: RecordedRun, at: number, value: string): Series {
  return { name: letterOf(at), colour: `run-${at}`, values: epochs.map((epoch) => epoch[value] ?? null) };
}

function table(runs: readonly RecordedRun[], rows: readonly ComparedRow[]): Markup {
  return html`<div class="scroll"><table class="list"><thead><tr><th></th>${runs.map((_, at) => html`<th scope="col"><span class="key series-run-${at}">${letterOf(at)}</span></th>`)}</tr></thead>
<tbody>${rows.map(({ name, texts }) => html`<tr><th scope="row">${name}</th>${texts.map((text) => html`<td>${text}</td>`)}</tr>`)}</tbody></table></div>`;
}
