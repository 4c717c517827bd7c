import type { ConfusionMatrix } from "../evaluation/confusion.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import { counted, grouped, loss, percent } from "./format.js";
import { columnsOf, shorten, type Style } from "./style.js";
import { alignRows, fill } from "./table.js";

/** Columns that the name of a class may take. */
const nameColumns = 16;

/** How many confusions are listed where there is no room for the matrix. */
const listedMixups = 10;

/** What a model achieves, for a screen of so many columns. */
export function describeEvaluation(part: string, { confusion, loss: meanLoss }: Evaluation, style: Style, columns: number): string[] {
  const result = `${style.bold(`accuracy ${percent(confusion.accuracy)}`)}, loss ${loss(meanLoss)} on ${counted(confusion.total, "example")} (${part})`;
  return [result, "", ...describeConfusion(confusion, style, columns), "", ...describeScores(confusion, style)];
}

/** The confusion matrix, or where it is too wide its largest entries. */
export function describeConfusion(confusion: ConfusionMatrix, style: Style, columns: number): string[] {
  const names = confusion.classes.map((name) => shorten(name, nameColumns));
  const cells = confusion.rows.map((row) => row.map((count) => (count === 0 ? "·" : grouped(count))));
  const width = Math.max(...names.map(columnsOf), ...cells.flat().map(columnsOf));
  const nameWidth = Math.max(...names.map(columnsOf));
  const lineWidth = nameWidth + 2 + names.length * (width + 1);
  if (lineWidth > columns) return describeMixups(confusion, style, `the matrix of ${names.length} classes is in the report`);
  const header = `${" ".repeat(nameWidth)}  ${names.map((name) => fill(name, width, "right")).join(" ")}`;
  const lines = cells.map((row, label) => {
    const texts = row.map((cell, predicted) => {
      const text = fill(cell, width, "right");
      return predicted === label ? style.good(text) : cell === "·" ? style.dim(text) : style.bad(text);
    });
    return `${style.bold(fill(names[label] ?? "", nameWidth, "right"))}  ${texts.join(" ")}`;
  });
  return [`${style.bold("Confusion matrix")}  ${style.dim("rows: true class, columns: predicted")}`, style.bold(header), ...lines];
}

function describeMixups(confusion: ConfusionMatrix, style: Style, remark: string): string[] {
  const mixups = confusion.mixups(listedMixups);
  const rows = mixups.map(({ label, predicted, count }) => [
    shorten(confusion.classes[label] ?? "", nameColumns), "taken for", shorten(confusion.classes[predicted] ?? "", nameColumns), style.bad(counted(count, "time")),
  ]);
  return [`${style.bold("Most frequent confusions")}  ${style.dim(remark)}`, ...(rows.length === 0 ? ["none"] : alignRows(rows, ["left", "left", "left", "right"]))];
}

/** Precision, recall and F1 of every class, and their averages. */
export function describeScores(confusion: ConfusionMatrix, style: Style): string[] {
  const { macroAverage, weightedAverage, scores } = confusion;
  const row = (name: string, score: Omit<(typeof scores)[number], "name">): string[] => [
    name, percent(score.precision, 1), percent(score.recall, 1), percent(score.f1, 1), grouped(score.support),
  ];
  const rows = [
    ["Class", "Precision", "Recall", "F1", "Examples"],
    ...scores.map((score) => row(shorten(score.name, nameColumns), score)),
    row("macro average", macroAverage),
    row("weighted average", weightedAverage),
  ];
  const lines = alignRows(rows, ["left", "right", "right", "right", "right"]);
  return lines.map((line, at) => (at === 0 ? style.bold(line) : at > scores.length ? style.dim(line) : line));
}
