import type { ConfusionRows } from "@nn/metrics";
import type { Evaluation } from "./evaluate.js";

/** Examples of one class that were predicted as another. */
export interface Mixup {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
}

/** The most frequent confusions, at most `limit`. */
export function mixups(confusion: ConfusionRows, limit: number): readonly Mixup[] {
  const all = confusion.flatMap((row, label) => row.map((count, predicted) => ({ label, predicted, count })));
  return all.filter(({ label, predicted, count }) => label !== predicted && count > 0).toSorted((a, b) => b.count - a.count).slice(0, limit);
}

/** The accuracy of always predicting the most frequent class; undefined without examples. */
export function baseline({ classes, examples, report }: Pick<Evaluation, "classes" | "examples" | "report">): { readonly name: string; readonly accuracy: number } | undefined {
  const supports = report.classes.map(({ support }) => support);
  const most = Math.max(...supports);
  return examples === 0 ? undefined : { name: classes[supports.indexOf(most)] ?? "", accuracy: most / examples };
}

/** Names of the classes that have no examples. */
export function lacking({ classes, report }: Pick<Evaluation, "classes" | "report">): readonly string[] {
  return classes.filter((_, at) => report.classes[at]?.support === 0);
}
