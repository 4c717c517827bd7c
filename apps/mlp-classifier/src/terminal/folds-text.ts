import type { CrossValidation } from "@nn/train";
import type { FoldResult, FoldScores } from "../training/cross-validation.js";
import { wrap } from "./facts.js";
import { counted, grouped, loss, percent } from "./format.js";
import type { Style } from "./style.js";
import { fill } from "./table.js";

/** A score in the table: its values stand below one another, the deviation of their mean beside them. */
interface ScoreColumn {
  readonly name: keyof FoldScores;
  readonly title: string;
  readonly format: (value: number) => string;
  /** Whether a narrow screen lacks it. */
  readonly isExtra?: true;
}

const scoreColumns: readonly ScoreColumn[] = [
  { name: "accuracy", title: "Accuracy", format: (value) => percent(value) },
  { name: "balancedAccuracy", title: "Balanced", format: (value) => percent(value), isExtra: true },
  { name: "loss", title: "Loss", format: loss },
];

/** The scores of folds as a table, a line after the other, for a screen of so many columns. */
export class FoldsTable {
  readonly #style: Style;
  readonly #columns: number;
  readonly #scores: readonly ScoreColumn[];

  constructor(style: Style, columns: number) {
    this.#style = style;
    this.#columns = columns;
    this.#scores = scoreColumns.filter(({ isExtra }) => isExtra !== true || columns >= 80);
  }

  /** What is done, and the head of the table. */
  header(folds: number): string[] {
    const about = `Cross-validation: ${counted(folds, "fold")} of the training examples; each is tested by a network that is trained on the others.`;
    return [...wrap(about, this.#columns), "", this.#style.bold(line(["Fold", "Examples", "Epochs"], this.#scores.map(({ title }) => [title, ""])))];
  }

  fold(result: FoldResult): string {
    return line([String(result.fold), grouped(result.examples), String(result.epochs)], this.#scores.map(({ name, format }) => [format(result[name]), ""]));
  }

  /** The means over the folds, with their standard deviations. */
  summary({ mean, std }: Pick<CrossValidation<FoldScores>, "mean" | "std">): string {
    return this.#style.bold(line(["mean", "", ""], this.#scores.map(({ name, format }) => [format(mean[name]), `± ${format(std[name])}`])));
  }
}

function line(cells: readonly string[], scores: readonly (readonly [value: string, deviation: string])[]): string {
  const left = cells.map((cell, at) => fill(cell, [4, 8, 6][at] ?? 0, at === 0 ? "left" : "right")).join("  ");
  return `${left}${scores.map(([value, deviation]) => `  ${fill(value, 8, "right")} ${fill(deviation, 8, "left")}`).join("")}`.trimEnd();
}
