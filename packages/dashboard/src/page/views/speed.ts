import { html, type TemplateResult } from "lit";
import { inWords } from "../format.js";
import type { ViewContext } from "../state.js";
import { linesOf } from "./curves.js";

const views = { graph: "graph", kernels: "kernels", profile: "profile" } as const;

/** The speed of the run, and the compiler's texts about its functions. */
export function speedView(context: ViewContext): TemplateResult {
  const { run, choices, choose } = context;
  const charts = linesOf(context, (chart) => chart === "stepsPerSecond" || chart === "seconds");
  const programs = [...run.programs].flatMap(([name, byView]) => [...byView].map(([view, record]) => ({ key: `${name}: ${views[view]}`, text: record.text })));
  const shown = programs.find(({ key }) => key === choices.program) ?? programs[0];
  return html`
    <div class="charts">${[...charts].map(([name, lines]) => html`<nn-chart .heading=${name === "seconds" ? "seconds per epoch" : inWords(name)} .lines=${lines} .look=${choices}></nn-chart>`)}</div>
    <section aria-labelledby="programs">
      <h2 id="programs">Compiled functions</h2>
      ${shown === undefined ? html`<p class="empty">None yet. <code>recording(folder, { programs: { step } })</code> records what <code>step.explain()</code> says.</p>` : html`
        <div class="choices" role="group" aria-label="Function and view">
          ${programs.map(({ key }) => html`<button type="button" aria-pressed=${key === shown.key} @click=${() => choose({ program: key })}>${key}</button>`)}
        </div>
        <pre class="text" tabindex="0" aria-label=${shown.key}>${shown.text}</pre>`}
    </section>`;
}
