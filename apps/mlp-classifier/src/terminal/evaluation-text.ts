import type { ClassReport } from "@nn/metrics";
import { baseline, lacking, mixups } from "../evaluation/classes.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import { wilsonInterval } from "../evaluation/interval.js";
import { wrap } from "./facts.js";
import { counted, grouped, loss, percent } from "./format.js";
import { escapeControls } from "@nn/tensor/extend";
import { columnsOf, shortenMiddle, type Style } from "./style.js";
import { alignRows, fill } from "./table.js";

/** Longest names of classes; longer ones are cut. */
const nameColumns = 16;

/** The number of confusions that are listed if the matrix does not fit. */
const listedMixups = 10;

/** With more classes than this, only those with the lowest F1 are listed. */
const mostClasses = 24;
const listedClasses = 10;

/** On fewer examples than this an accuracy says little. */
const fewExamples = 100;

/** The evaluation of a model, for a screen of `columns` characters. */
export function describeEvaluation(part: string, evaluation: Evaluation, style: Style, columns: number): string[] {
  return [...describeResult(part, evaluation, style, columns), "", ...describeConfusion(evaluation, style, columns), "", ...describeScores(evaluation, style, columns)];
}

/** The accuracy, and what to compare it with. */
function describeResult(part: string, evaluation: Evaluation, style: Style, columns: number): string[] {
  const { balancedAccuracy, calibration, examples: total, loss: meanLoss, ranking, report: { accuracy } } = evaluation;
  const [simplest, without] = [baseline(evaluation), lacking(evaluation)];
  const lines = wrap(`accuracy ${percent(accuracy)}, loss ${loss(meanLoss)} on ${counted(total, "example")} (${escapeControls(part)})`, columns);
  const remarks = [
    ...(simplest === undefined ? [] : [`always answering ${escapeControls(shortenMiddle(simplest.name, nameColumns))}: ${percent(simplest.accuracy)}`]),
    `balanced accuracy ${percent(balancedAccuracy)}`,
    ...(Number.isNaN(ranking.rocAuc) ? [] : [`ROC AUC ${percent(ranking.rocAuc, 1)}`]),
    `calibration error ${percent(calibration.error, 1)}`,
  ].join("; ");
  const [low, high] = wilsonInterval(Math.round(accuracy * total), total);
  const cautions = [
    ...(total >= fewExamples ? [] : [`Only ${counted(total, "example")}: on other examples the accuracy may be anywhere from ${percent(low, 0)} to ${percent(high, 0)}.`]),
    ...(without.length === 0 ? [] : [`${without.length === 1 ? `Class ${escapeControls(without[0] ?? "")} has no example here and does` : `${grouped(without.length)} of ${grouped(evaluation.classes.length)} classes have no example here and do`} not count in the balanced accuracy.`]),
    ...(simplest !== undefined && accuracy <= simplest.accuracy ? ["This is no better than always answering the most frequent class."] : []),
  ];
  return [
    ...lines.map((line) => style.bold(line)),
    ...wrap(remarks, columns),
    ...cautions.flatMap((caution) => wrap(caution, columns - 2).map((line, at) => `${at === 0 ? style.warn("!") : " "} ${line}`)),
  ];
}

/** The confusion matrix, or its largest entries if it is too wide. */
export function describeConfusion(evaluation: Evaluation, style: Style, columns: number): string[] {
  const names = evaluation.classes.map((name) => escapeControls(shortenMiddle(name, nameColumns)));
  const width = Math.max(...names.map(columnsOf), columnsOf(grouped(evaluation.examples)));
  const nameWidth = Math.max(...names.map(columnsOf));
  if (nameWidth + 2 + names.length * (width + 1) > columns) return describeMixups(evaluation, style, columns);
  const header = `${" ".repeat(nameWidth)}  ${names.map((name) => fill(name, width, "right")).join(" ")}`;
  const lines = evaluation.confusion.map((row, label) => {
    const texts = row.map((count, predicted) => {
      const text = fill(count === 0 ? "·" : grouped(count), width, "right");
      return count === 0 ? style.dim(text) : predicted === label ? style.good(text) : style.bad(text);
    });
    return `${style.bold(fill(names[label] ?? "", nameWidth, "right"))}  ${texts.join(" ")}`;
  });
  return [...title("Confusion matrix", "rows: true class, columns: predicted", style, columns), style.bold(header), ...lines];
}

function title(name: string, remark: string, style: Style, columns: number): string[] {
  const line = `${style.bold(name)}  ${style.dim(remark)}`;
  return columnsOf(line) <= columns ? [line] : [style.bold(name), ...wrap(remark, columns).map((each) => style.dim(each))];
}

function describeMixups({ classes, confusion }: Evaluation, style: Style, columns: number): string[] {
  const room = Math.max(6, Math.min(nameColumns, Math.floor((columns - 27) / 2)));
  const rows = mixups(confusion, listedMixups).map(({ label, predicted, count }) => [
    escapeControls(shortenMiddle(classes[label] ?? "", room)), "predicted as", escapeControls(shortenMiddle(classes[predicted] ?? "", room)), style.bad(counted(count, "time")),
  ]);
  return [
    ...title("Most frequent confusions", `the matrix of ${classes.length} classes is in the report`, style, columns),
    ...(rows.length === 0 ? ["none"] : alignRows(rows, ["left", "left", "left", "right"])),
  ];
}

/** Precision, recall and F1 of every class, or of the worst ones of many, and their averages. */
export function describeScores({ classes, report }: Evaluation, style: Style, columns: number): string[] {
  const { macroAverage, weightedAverage } = report;
  const scores = report.classes.map((score, at) => ({ name: classes[at] ?? "", ...score }));
  const known = scores.filter(({ support }) => support > 0);
  const many = scores.length > mostClasses;
  const shown = many ? known.toSorted((a, b) => a.f1 - b.f1).slice(0, listedClasses) : scores;
  const narrow = columns < 60;
  const row = (name: string, { precision, recall, f1, support }: ClassReport, empty = false): string[] => [
    name, ...(narrow ? [] : [empty ? "–" : percent(precision, 1), empty ? "–" : percent(recall, 1)]), empty ? "–" : percent(f1, 1), grouped(support),
  ];
  const rows = [
    ["Class", ...(narrow ? [] : ["Precision", "Recall"]), "F1", "Examples"],
    ...shown.map((score) => row(escapeControls(shortenMiddle(score.name, nameColumns)), score, score.support === 0)),
    row("macro average", macroAverage),
    row("weighted average", weightedAverage),
  ];
  const lines = alignRows(rows, ["left", ...rows[0]?.slice(1).map(() => "right" as const) ?? []]);
  const styled = lines.map((line, at) => (at === 0 ? style.bold(line) : at > shown.length ? style.dim(line) : line));
  return many ? [...title(`The ${shown.length} classes with the lowest F1`, `of ${known.length} that have examples; the report has all`, style, columns), ...styled] : styled;
}
