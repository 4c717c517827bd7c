import type { ConfusionExample, ConfusionRecord } from "@nn/records";
import { html, type TemplateResult } from "lit";
import { formatCount, formatPercent } from "../format.js";
import type { ViewContext } from "../state.js";

/** Confusion matrices whose cells open their examples. */
export function confusionView(context: ViewContext): TemplateResult {
  const { run } = context;
  if (run.confusions.size === 0) return html`<p class="empty">No confusion matrix yet. A run records one when its validation has the metric <code>confusion</code>.</p>`;
  return html`${[...run.confusions.values()].map((record) => matrix(record, context))}${dialog(context)}`;
}

function matrix(record: ConfusionRecord, { choose }: ViewContext): TemplateResult {
  const { name, classes, counts, step } = record;
  const totals = counts.map((row) => row.reduce((sum, each) => sum + each, 0));
  const total = totals.reduce((sum, each) => sum + each, 0);
  const right = counts.reduce((sum, row, at) => sum + (row[at] ?? 0), 0);
  return html`
    <section class="matrix">
      <h2>${name}</h2>
      <p class="note">${formatCount(right)} of ${formatCount(total)} examples right${total === 0 ? "" : ` (${formatPercent(right / total)})`}, at step ${formatCount(step)}. Each row is a true class; the shade is the share of the row. A cell opens its examples.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix ${name}">
        <table>
          <thead><tr><td></td>${classes.map((each) => html`<th scope="col">${each}</th>`)}<th scope="col">recall</th></tr></thead>
          <tbody>${counts.map((row, target) => html`
            <tr><th scope="row">${classes[target]}</th>
              ${row.map((count, predicted) => html`<td>${cell(record, target, predicted, count, totals[target] ?? 0, () => choose({ cell: { name, target, predicted } }))}</td>`)}
              <td class="recall">${totals[target] === 0 ? "" : formatPercent((row[target] ?? 0) / (totals[target] ?? 1))}</td>
            </tr>`)}
          </tbody>
        </table>
      </div>
    </section>`;
}

/** A cell in one of ten shades, which are classes because the content security policy forbids inline styles. */
function cell({ classes }: ConfusionRecord, target: number, predicted: number, count: number, total: number, open: () => void): TemplateResult {
  const shade = total === 0 || count === 0 ? 0 : Math.max(1, Math.round((9 * count) / total));
  const label = `${formatCount(count)} examples of ${classes[target]} predicted as ${classes[predicted]}`;
  return html`<button type="button" class="cell ${target === predicted ? "hit" : "miss"} shade-${shade}" aria-label=${label} @click=${open}>${count === 0 ? html`<span class="none">·</span>` : formatCount(count)}</button>`;
}

/** The examples of a cell. */
function dialog({ run, choices, choose }: ViewContext): TemplateResult {
  const { cell } = choices;
  const record = cell === undefined ? undefined : run.confusions.get(cell.name);
  if (cell === undefined || record === undefined) return html``;
  const examples = (record.examples ?? []).filter(({ target, predicted }) => target === cell.target && predicted === cell.predicted);
  const close = (): void => choose({ cell: undefined });
  return html`
    <dialog class="examples" aria-labelledby="examples" @close=${close} @click=${(event: Event) => { if (event.target === event.currentTarget) close(); }}>
      <header><h2 id="examples">${record.classes[cell.target]} predicted as ${record.classes[cell.predicted]}</h2><button type="button" @click=${close}>Close</button></header>
      ${examples.length === 0 ? html`<p class="empty">The run recorded ${record.counts[cell.target]?.[cell.predicted] === 0 ? "no such example" : "no examples of this cell"}.</p>` : html`<ul class="gallery ${examples.some(({ image }) => image !== undefined) ? "" : "texts"}">${examples.map((each) => card(each))}</ul>`}
    </dialog>`;
}

function card({ image, text, probability }: ConfusionExample): TemplateResult {
  return html`<li>
    ${image === undefined ? "" : html`<img src="data:image/png;base64,${image.png}" width=${image.width} height=${image.height} alt=${text ?? "example"}>`}
    ${text === undefined ? "" : html`<span class="caption">${text}</span>`}
    ${probability === undefined ? "" : html`<span class="caption">${formatPercent(probability)} sure</span>`}
  </li>`;
}
