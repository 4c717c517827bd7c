import type { EpochMetrics } from "../run/metrics-file.js";
import { duration, loss, percent, short } from "./format.js";
import type { Style } from "./style.js";
import { fill } from "./table.js";

interface Column {
  readonly title: string;
  readonly width: number;
  /** On a narrow screen, the columns with the lowest value are omitted first. */
  readonly weight: number;
  readonly cell: (metrics: EpochMetrics) => string;
}

const orDash = (value: number | null, format: (value: number) => string): string => (value === null ? "–" : format(value));

const allColumns: readonly Column[] = [
  { title: "Epoch", width: 5, weight: 9, cell: ({ epoch }) => String(epoch) },
  { title: "Loss", width: 8, weight: 8, cell: ({ trainLoss }) => loss(trainLoss) },
  { title: "Accuracy", width: 8, weight: 5, cell: ({ trainAccuracy }) => percent(trainAccuracy) },
  { title: "Val. loss", width: 9, weight: 7, cell: ({ validationLoss }) => orDash(validationLoss, loss) },
  { title: "Val. acc.", width: 9, weight: 6, cell: ({ validationAccuracy }) => orDash(validationAccuracy, (value) => percent(value)) },
  { title: "Rate", width: 8, weight: 1, cell: ({ learningRate }) => short(learningRate) },
  { title: "Time", width: 9, weight: 2, cell: ({ seconds }) => duration(seconds) },
];

/** What stands behind the line of the best epoch so far, and of the one whose weights are kept if that is far above. */
export type Mark = "best" | "kept";

/** The width of a mark. */
const markWidth = 4;

const gap = "  ";

/** A table that has a line for every epoch, for a screen of so many columns. */
export class EpochTable {
  readonly #style: Style;
  readonly #columns: readonly Column[];

  constructor(style: Style, columns: number) {
    this.#style = style;
    const widthOf = (shown: readonly Column[]): number => shown.reduce((sum, { width }) => sum + width + gap.length, markWidth);
    let shown = allColumns;
    while (shown.length > 2 && widthOf(shown) > columns) {
      const least = Math.min(...shown.map(({ weight }) => weight));
      shown = shown.filter(({ weight }) => weight > least);
    }
    this.#columns = shown;
  }

  get header(): string {
    return this.#style.bold(this.#columns.map(({ title, width }) => fill(title, width, "right")).join(gap));
  }

  line(metrics: EpochMetrics, mark: Mark | undefined): string {
    const line = this.#columns.map(({ cell, width }) => fill(cell(metrics), width, "right")).join(gap);
    return mark === undefined ? line : `${line}${gap}${this.#style.good(mark)}`;
  }
}
