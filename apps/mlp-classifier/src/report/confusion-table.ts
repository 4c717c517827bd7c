import type { ClassReport } from "@nn/metrics";
import { lacking, mixups } from "../evaluation/classes.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import { counted, grouped, percent } from "../terminal/format.js";
import { shortenMiddle } from "../terminal/style.js";
import { html, type Markup } from "./markup.js";

/** With more classes than this, cells are too small for numbers. */
const mostNumbered = 24;

/** With more classes than this, a list of confusions replaces the matrix. */
const mostDrawn = 200;

/** The most cells to draw; the largest ones are drawn. */
const mostCells = 2000;

/** Number of listed confusions. */
const mostListed = 50;

/** The most classes to list; of more, those with the lowest F1 are listed. */
const mostScores = 100;

/** The most characters of a name beside the matrix. */
const nameLength = 18;

/** The confusion matrix as a heat map: the colour of a cell shows its fraction of the examples of its row. */
export function confusionTable(evaluation: Evaluation): Markup {
  const { classes } = evaluation;
  if (classes.length > mostDrawn) return mixupList(evaluation);
  const note = html`<p class="note">Rows: true class. Columns: predicted class. The stronger the colour, the larger the fraction of the row: <b class="key-cell hit">blue</b> where it is correct, <b class="key-cell miss">orange</b> where it is not.</p>`;
  return html`${note}<div class="scroll">${classes.length > mostNumbered ? denseMatrix(evaluation) : numberedMatrix(evaluation)}</div>`;
}

/** A matrix with the number in every cell. */
function numberedMatrix({ classes, confusion, report }: Evaluation): Markup {
  const head = html`<thead><tr><th></th>${classes.map((name) => html`<th scope="col" title="${name}">${shortenMiddle(name, nameLength)}</th>`)}</tr></thead>`;
  const body = confusion.map((row, label) => {
    const support = Math.max(1, report.classes[label]?.support ?? 1);
    const cells = row.map((count, predicted) => {
      const fraction = count / support;
      const look = count === 0 ? "none" : fraction > 0.5 ? "strong" : "";
      return html`<td class="${predicted === label ? "hit" : "miss"} ${look}" style="--fraction:${fraction.toFixed(3)}" title="${cellTitle(classes, label, predicted, count, support)}">${grouped(count)}</td>`;
    });
    return html`<tr><th scope="row" title="${classes[label] ?? ""}">${shortenMiddle(classes[label] ?? "", nameLength)}</th>${cells}</tr>`;
  });
  return html`<table class="heat">${head}<tbody>${body}</tbody></table>`;
}

function cellTitle(classes: readonly string[], label: number, predicted: number, count: number, support: number): string {
  return `${classes[label] ?? ""} taken for ${classes[predicted] ?? ""}: ${grouped(count)} of ${grouped(support)} (${percent(count / support, 1)})`;
}

/** Sizes of the drawn matrix. */
const cellSize = 13;
const letterWidth = 6.2;

/** A matrix of many classes: only the cells that are not empty are drawn, so that it stays small. */
function denseMatrix({ classes, confusion, report }: Evaluation): Markup {
  const labels = classes.map((name) => shortenMiddle(name, nameLength));
  const margin = Math.ceil(Math.max(...labels.map(({ length }) => length)) * letterWidth) + 10;
  const size = classes.length * cellSize;
  const cells = confusion.flatMap((row, label) => row.flatMap((count, predicted) => (count === 0 ? [] : [{ label, predicted, count, support: report.classes[label]?.support ?? 1 }])));
  const drawn = cells.toSorted((a, b) => b.count - a.count).slice(0, mostCells);
  const left = drawn.length < cells.length ? html`<p class="note">The ${grouped(cells.length - drawn.length)} smallest cells are not drawn.</p>` : null;
  return html`<svg class="matrix" width="${margin + size + 2}" height="${margin + size + 2}" role="img" aria-label="confusion matrix of ${classes.length} classes">
<rect class="ground" x="${margin}" y="${margin}" width="${size}" height="${size}"/>
${labels.map((name, at) => html`<text x="${margin - 5}" y="${margin + (at + 0.5) * cellSize + 3.5}" text-anchor="end">${name}</text><text transform="translate(${margin + (at + 0.5) * cellSize + 3.5} ${margin - 5}) rotate(-90)">${name}</text>`)}
${drawn.map(({ label, predicted, count, support }) => html`<rect class="${label === predicted ? "hit" : "miss"}" x="${margin + predicted * cellSize + 1}" y="${margin + label * cellSize + 1}" width="${cellSize - 1}" height="${cellSize - 1}" fill-opacity="${(0.15 + (0.85 * count) / support).toFixed(2)}"><title>${cellTitle(classes, label, predicted, count, support)}</title></rect>`)}
</svg>${left}`;
}

function mixupList({ classes, confusion, report }: Evaluation): Markup {
  const rows = mixups(confusion, mostListed).map(({ label, predicted, count }) => html`<tr><th scope="row">${classes[label] ?? ""}</th><td>${classes[predicted] ?? ""}</td><td>${grouped(count)}</td><td>${percent(count / Math.max(1, report.classes[label]?.support ?? 1), 1)}</td></tr>`);
  return html`<p class="note">A matrix of ${grouped(classes.length)} classes would be too large; these are the most frequent confusions.</p><div class="scroll"><table class="list">
<thead><tr><th scope="col">Class</th><th scope="col">Predicted</th><th scope="col">Times</th><th scope="col">Of its examples</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Precision, recall and F1 of every class, or of the worst ones of many. */
export function scoreTable(evaluation: Evaluation): Markup {
  const { classes, macroAverage, weightedAverage } = evaluation.report;
  const scores = classes.map((score, at) => ({ name: evaluation.classes[at] ?? "", ...score }));
  const without = lacking(evaluation).length;
  const many = scores.length > mostScores;
  const shown = many ? scores.filter(({ support }) => support > 0).toSorted((a, b) => a.f1 - b.f1).slice(0, mostScores) : scores;
  const notes = [
    ...(many ? [`The ${shown.length} of ${counted(scores.length, "class", "classes")} with the lowest F1.`] : []),
    ...(without === 0 ? [] : [`${counted(without, "class has", "classes have")} no test example and no part in the balanced accuracy.`]),
  ];
  const figures = ({ precision, recall, f1, support }: ClassReport): Markup =>
    support === 0
      ? html`<td>–</td><td>–</td><td>–</td><td class="wide"></td><td>0</td>`
      : html`<td>${percent(precision, 1)}</td><td>${percent(recall, 1)}</td><td>${percent(f1, 1)}</td><td class="wide"><span class="bar" style="--fraction:${f1.toFixed(3)}"></span></td><td>${grouped(support)}</td>`;
  return html`${notes.length === 0 ? null : html`<p class="note">${notes.join(" ")}</p>`}<div class="scroll"><table class="list">
<thead><tr><th scope="col">Class</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">F1</th><th class="wide"></th><th scope="col">Examples</th></tr></thead>
<tbody>${shown.map((score) => html`<tr><th scope="row" title="${score.name}">${shortenMiddle(score.name, 28)}</th>${figures(score)}</tr>`)}</tbody>
<tfoot><tr><td>macro average</td>${figures(macroAverage)}</tr><tr><td>weighted average</td>${figures(weightedAverage)}</tr></tfoot>
</table></div>`;
}
