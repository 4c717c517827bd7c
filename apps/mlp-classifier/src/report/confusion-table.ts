import type { AverageScore, ConfusionMatrix } from "../evaluation/confusion.js";
import { grouped, percent } from "../terminal/format.js";
import { html, type Markup } from "./markup.js";

/** With more classes than this, cells are too small for numbers. */
const mostNumbered = 24;

/** The confusion matrix as a heat map: blue what was correct, red what was confused. */
export function confusionTable(confusion: ConfusionMatrix): Markup {
  const { classes, rows, scores } = confusion;
  const dense = classes.length > mostNumbered;
  const worst = Math.max(1, ...rows.flatMap((row, label) => row.filter((_, predicted) => predicted !== label)));
  const head = html`<thead><tr><th></th>${classes.map((name) => html`<th scope="col">${dense ? "" : name}</th>`)}</tr></thead>`;
  const body = rows.map((row, label) => {
    const support = Math.max(1, scores[label]?.support ?? 1);
    const cells = row.map((count, predicted) => cell(classes, { label, predicted, count }, predicted === label ? count / support : (0.8 * count) / worst, dense));
    return html`<tr><th scope="row">${classes[label] ?? ""}</th>${cells}</tr>`;
  });
  return html`<p class="note">Rows: true class. Columns: what it was taken for. Blue by the share of the class, red by the largest confusion.</p><div class="scroll"><table class="heat${dense ? " dense" : ""}">${head}<tbody>${body}</tbody></table></div>`;
}

interface Cell {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
}

function cell(classes: readonly string[], { label, predicted, count }: Cell, share: number, dense: boolean): Markup {
  const kind = label === predicted ? "hit" : "miss";
  const look = count === 0 ? "none" : share > 0.55 ? "strong" : "";
  const title = `${classes[label] ?? ""} taken for ${classes[predicted] ?? ""}: ${grouped(count)}`;
  return html`<td class="${kind} ${look}" style="--share:${share.toFixed(3)}" title="${title}">${dense ? "" : grouped(count)}</td>`;
}

/** Precision, recall and F1 of every class. */
export function scoreTable({ scores, macroAverage, weightedAverage }: ConfusionMatrix): Markup {
  const figures = ({ precision, recall, f1, support }: AverageScore): Markup =>
    html`<td>${percent(precision, 1)}</td><td>${percent(recall, 1)}</td><td>${percent(f1, 1)}</td><td><span class="bar" style="--share:${f1.toFixed(3)}"></span></td><td>${grouped(support)}</td>`;
  return html`<div class="scroll"><table class="list">
<thead><tr><th scope="col">Class</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">F1</th><th></th><th scope="col">Examples</th></tr></thead>
<tbody>${scores.map((score) => html`<tr><th scope="row">${score.name}</th>${figures(score)}</tr>`)}</tbody>
<tfoot><tr><td>macro average</td>${figures(macroAverage)}</tr><tr><td>weighted average</td>${figures(weightedAverage)}</tr></tfoot>
</table></div>`;
}
