import type { Evaluation } from "../evaluation/evaluate.js";
import type { ClassCurves } from "../evaluation/ranking.js";
import { counted, percent } from "../terminal/format.js";
import { shortenMiddle } from "../terminal/style.js";
import { html, type Markup } from "./markup.js";
import { unitCurve, unitSquare, type UnitPoint } from "./unit-square.js";

/** The most characters of a name in the legend. */
const nameLength = 20;

/** The ROC and precision-recall curves of the test examples; nothing if they are all of one class. */
export function rankingSection({ ranking, classes }: Evaluation): Markup | undefined {
  if (ranking.curves.length === 0) return undefined;
  const many = classes.length > 2;
  const nameOf = (label: number): string => classes[label] ?? "";
  const note = many
    ? `Each class against all others, ranked by its probability${ranking.curves.length < classes.length ? `; the ${ranking.curves.length} of ${counted(classes.length, "class", "classes")} with the smallest areas` : ""}. The means over the classes: area under the ROC curve ${percent(ranking.rocAuc, 1)}, average precision ${percent(ranking.averagePrecision, 1)}.`
    : `The examples of ${nameOf(1)} against those of ${nameOf(0)}, ranked by the probability of ${nameOf(1)}: area under the ROC curve ${percent(ranking.rocAuc, 1)}, average precision ${percent(ranking.averagePrecision, 1)}.`;
  const keys = (value: (curves: ClassCurves) => number): Markup[] =>
    ranking.curves.map((each, at) => html`<span class="key series-class-${at + 1}" title="${nameOf(each.label)}">${shortenMiddle(nameOf(each.label), nameLength)}: ${percent(value(each), 1)}</span>`);
  const roc = unitSquare({
    title: "ROC", legend: keys(({ rocAuc }) => rocAuc), label: "true-positive rate by the false-positive rate",
    xName: "false-positive rate", yName: "true-positive rate", diagonal: true,
    content: ranking.curves.map(({ label, rocAuc, roc: { fpr, tpr } }, at) => unitCurve(fpr.map((x, index): UnitPoint => [x, tpr[index] ?? 0]), `class-${at + 1}`, `${nameOf(label)}: area ${percent(rocAuc, 1)}`)),
  });
  const precision = unitSquare({
    title: "Precision and recall", legend: keys(({ averagePrecision }) => averagePrecision), label: "precision by the recall",
    xName: "recall", yName: "precision", diagonal: false,
    content: ranking.curves.map(({ label, averagePrecision, precisionRecall }, at) => unitCurve(stepsOf(precisionRecall), `class-${at + 1}`, `${nameOf(label)}: average precision ${percent(averagePrecision, 1)}`)),
  });
  return html`<section><h2>Ranking</h2><p class="note">${note}</p><div class="charts">${roc}${precision}</div></section>`;
}

/** The steps of a precision-recall curve, whose area is the average precision: each precision holds back to the recall before it. */
function stepsOf({ precision, recall }: ClassCurves["precisionRecall"]): UnitPoint[] {
  return recall.flatMap((x, at): UnitPoint[] => {
    const y = precision[at] ?? 0;
    const next = recall[at + 1];
    return next === undefined ? [] : [[x, y], [next, y]];
  });
}
