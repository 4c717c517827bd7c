import { escapeControls } from "@nn/tensor/extend";
import type { Importance, Spread } from "../evaluation/importance.js";
import { wrap } from "./facts.js";
import { counted, loss, percent } from "./format.js";
import { columnsOf, shortenMiddle, type Style } from "./style.js";
import { alignRows, fill } from "./table.js";

/** Columns of a name. */
const nameColumns = 24;

/** Columns of the longest bar. */
const barColumns = 20;

/** On a narrower screen there are no bars. */
const narrowColumns = 78;

/** The importance of columns as a table, for a screen of `columns` characters. */
export function describeImportance(part: string, { accuracy, loss: whole, examples, columns: found }: Importance, repeats: number, style: Style, columns: number): string[] {
  const most = Math.max(...found.map(({ lossRise }) => lossRise.mean));
  const withBars = columns >= narrowColumns && most > 0;
  const cells = [
    ["Column", "Loss rise", "", "Accuracy drop", ""],
    ...found.map(({ column, lossRise, accuracyDrop }) => [
      escapeControls(shortenMiddle(column, nameColumns)), ...spread(lossRise, loss), ...spread(accuracyDrop, (value) => percent(value, 1)),
    ]),
  ];
  const lines = alignRows(cells, ["left", "right", "left", "right", "left"]);
  const width = Math.max(...lines.map(columnsOf));
  const rows = lines.map((line, at) => {
    const column = found[at - 1];
    if (column === undefined) return style.bold(line);
    if (column.lossRise.mean <= 2 * column.lossRise.deviation) return style.dim(line);
    return withBars ? `${fill(line, width, "left")}  ${style.accent("━".repeat(Math.round((barColumns * column.lossRise.mean) / most)))}` : line;
  });
  const heading = `accuracy ${percent(accuracy)}, loss ${loss(whole)} on ${counted(examples, "example")} (${escapeControls(part)})`;
  const explanation = repeats === 1
    ? "How much worse the model is when the values of a column are permuted, once. With --repeats there is a deviation."
    : `How much worse the model is when the values of a column are permuted: mean ± standard deviation over ${counted(repeats, "permutation")}. Columns whose rise is within twice its deviation may not matter.`;
  return [...wrap(heading, columns).map((line) => style.bold(line)), ...wrap(explanation, columns), "", ...rows];
}

function spread({ mean, deviation }: Spread, format: (value: number) => string): [string, string] {
  return [format(mean), `± ${format(deviation)}`];
}
