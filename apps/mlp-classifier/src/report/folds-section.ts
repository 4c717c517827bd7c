import type { FoldScores } from "../training/cross-validation.js";
import type { CompleteFolds } from "../run/folds-record.js";
import { grouped, loss, percent } from "../terminal/format.js";
import { html, type Markup } from "./markup.js";

const scores: readonly { readonly name: keyof FoldScores; readonly title: string; readonly format: (value: number) => string }[] = [
  { name: "accuracy", title: "Accuracy", format: (value) => percent(value) },
  { name: "balancedAccuracy", title: "Balanced accuracy", format: (value) => percent(value) },
  { name: "loss", title: "Loss", format: loss },
];

/** The section about a cross-validation: the scores of each fold, and their means with standard deviations. */
export function foldsSection({ folds, mean, std }: CompleteFolds): Markup {
  const rows = folds.map((fold) => html`<tr><th scope="row">${fold.fold}</th><td>${grouped(fold.examples)}</td><td>${fold.epochs}</td>${scores.map(({ name, format }) => html`<td>${format(fold[name])}</td>`)}</tr>`);
  return html`<section><h2>Cross-validation</h2><p class="note">Each fold of the training examples is tested by a network that is trained on the others. The model of this run is none of them; it is trained on all.</p>
<div class="scroll"><table class="list"><thead><tr><th scope="col">Fold</th><th scope="col">Examples</th><th scope="col">Epochs</th>${scores.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
<tfoot><tr><th scope="row">Mean</th><td></td><td></td>${scores.map(({ name, format }) => html`<td>${format(mean[name])} ± ${format(std[name])}</td>`)}</tr></tfoot></table></div></section>`;
}
