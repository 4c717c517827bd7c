import { findingsIn, type Finding, type HistogramRecord } from "@nn/records";
import { html, type TemplateResult } from "lit";
import { formatCount, formatNumber, formatPercent } from "../format.js";
import type { RunData } from "../run-data.js";
import type { ViewContext } from "../state.js";
import { linesOf } from "./curves.js";
import { ridgeline } from "./ridgeline.js";

/** The findings from a run's histograms and scalars. */
export function findingsOfRun(run: RunData): Finding[] {
  const histograms = [...run.histograms].flatMap(([name, records]) => {
    const last = records.at(-1);
    return last === undefined ? [] : [[name, last] as const];
  });
  return findingsIn({ histograms: new Map(histograms), scalars: run.scalars });
}

/** Findings, the ratio of update to weight, and histograms over time. */
export function layersView(context: ViewContext): TemplateResult {
  const { run, choices, choose } = context;
  const kinds = [...new Set([...run.histograms.keys()].map(kindOf))];
  const kind = kinds.includes(choices.histograms) ? choices.histograms : (kinds[0] ?? "");
  const ratios = linesOf({ ...context, runs: [run] }, (chart) => chart === "update ratio").get("update ratio") ?? [];
  return html`
    ${findingsList(findingsOfRun(run))}
    ${ratios.length === 0 ? "" : html`
      <section aria-labelledby="ratio">
        <h2 id="ratio">Update to weight</h2>
        <p class="note">How much one step changes a weight, as a fraction of its size. Most runs that learn well lie near 0.001.</p>
        <nn-chart .heading=${"ratio"} .lines=${ratios} .look=${{ ...choices, logarithmic: true }}></nn-chart>
      </section>`}
    <section aria-labelledby="histograms">
      <h2 id="histograms">Histograms</h2>
      ${kinds.length === 0 ? html`<p class="empty">No histograms yet. <code>recording(folder, { statistics: { … } })</code> records those of weights, gradients and activations.</p>` : html`
        <div class="choices" role="group" aria-label="Kind of histograms">
          ${kinds.map((each) => html`<button type="button" aria-pressed=${each === kind} @click=${() => choose({ histograms: each })}>${each}</button>`)}
        </div>
        <p class="note">The oldest at the back, the newest in front. Each ridge is scaled to the same height.</p>
        <div class="charts small">${[...run.histograms].filter(([name]) => kindOf(name) === kind).map(([name, records]) => histogramCard(name.slice(kind.length + 1) || name, records))}</div>`}
    </section>`;
}

const kindOf = (name: string): string => (name.includes("/") ? name.slice(0, name.indexOf("/")) : "other");

function findingsList(findings: readonly Finding[]): TemplateResult {
  if (findings.length === 0) return html`<p class="verdict">Nothing unusual in the latest records.</p>`;
  return html`
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <ul class="findings">${findings.map(({ severity, subject, text, advice }) => html`
        <li class=${severity}><strong>${subject}</strong>: ${text}. <span class="advice">What often helps: ${advice}</span></li>`)}</ul>
    </section>`;
}

function histogramCard(path: string, records: readonly HistogramRecord[]): TemplateResult {
  const last = records.at(-1);
  if (last === undefined) return html``;
  const count = last.counts.reduce((sum, each) => sum + each, 0) + last.nonFinite;
  const facts = [
    `mean ${formatNumber(last.mean)}`,
    `deviation ${formatNumber(last.deviation)}`,
    last.zeros > 0 && count > 0 ? `${formatPercent(last.zeros / count)} zeros` : "",
    last.units === undefined || last.units.inactive === 0 ? "" : `${formatCount(last.units.inactive)} of ${formatCount(last.units.count)} units dead`,
    last.nonFinite > 0 ? `${formatCount(last.nonFinite)} not finite` : "",
  ];
  return html`<figure class="chart"><figcaption><h3>${path}</h3><p class="facts">${facts.filter(Boolean).join(" · ")}</p></figcaption>${ridgeline(records)}</figure>`;
}
