import { equal, flatten, full, logicalAnd, scatterAdd, sum, where, type Tensor } from "@nn/tensor";
import type { StatisticValues } from "../rule.js";
import { labelsOf, type LabelInputs, type LabelOptions, type MultiLabelOptions } from "./labels.js";

/** For each class (or label): the weight of its correct predictions, of all its predictions, and of its examples; and the weight of all examples. */
export type ClassCountName = "hits" | "predicted" | "actual" | "total";

/** The counts of one class. */
export interface ClassCount {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/** The shapes of the counts. */
export function classCountShapes(classes: number): Readonly<Record<ClassCountName, readonly number[]>> {
  return { hits: [classes], predicted: [classes], actual: [classes], total: [] };
}

/** The counts of a batch. All are NaN if a score is: its class, and so the counts of all classes, are not known. */
export function classCounts(operation: string, inputs: LabelInputs, options: LabelOptions & MultiLabelOptions, classes: number): Readonly<Record<ClassCountName, Tensor>> {
  const { predicted, target, weights } = labelsOf(operation, inputs, options, classes);
  const total = sum(weights);
  const zeros = full([classes], 0, { dtype: "float64" }).add(total.sub(total));
  if (options.multiLabel === true) {
    const weightWhere = (condition: Tensor): Tensor => sum(where(condition, weights, 0), 0).add(zeros);
    const [isPredicted, isActual] = [equal(predicted, 1), equal(target, 1)];
    return { hits: weightWhere(logicalAnd(isPredicted, isActual)), predicted: weightWhere(isPredicted), actual: weightWhere(isActual), total };
  }
  const perClass = (labels: Tensor, of: Tensor): Tensor => scatterAdd(zeros, flatten(labels), flatten(of), 0);
  return { hits: perClass(target, where(equal(predicted, target), weights, 0)), predicted: perClass(predicted, weights), actual: perClass(target, weights), total };
}

/** The counts as one object for each class. */
export function countsOf({ hits, predicted, actual }: StatisticValues<ClassCountName>): readonly ClassCount[] {
  return Array.from(hits, (value, at) => ({ hits: value, predicted: predicted[at] as number, actual: actual[at] as number }));
}

/** The sum of the counts of classes. */
export function totalCount(counts: readonly ClassCount[]): ClassCount {
  const sumOf = (name: keyof ClassCount): number => counts.reduce((total, count) => total + count[name], 0);
  return { hits: sumOf("hits"), predicted: sumOf("predicted"), actual: sumOf("actual") };
}
