import { ArgumentError, isTensor, type Tensor } from "@nn/tensor";
import { describeValue, sizeOf } from "@nn/tensor/extend";
import { lengthOf } from "../dataset.js";

/** The label of a class. */
export type ClassLabel = number | string | boolean;

/** One label for each item, or a function from an item to its label. Default: the last element of an item. */
export type LabelSource<Item> = ArrayLike<ClassLabel | null> | Tensor | ((item: Item, index: number) => ClassLabel);

/** A source of items with labels: a data set or a table. */
export interface Labelled<Item> {
  readonly length: number;
  /** The item at an index. */
  get(index: number): Item;
}

/**
 * The class of every item. Without `labels` it is the last element of the item, which must be a number, a string, a boolean or a
 * tensor with one element, as in the pairs `[x, y]` of a `TensorDataset`.
 * @throws ArgumentError if the number of labels differs from the number of items, or an item has no label.
 */
export function classLabels<Item>(dataset: Labelled<Item>, labels?: LabelSource<Item>): ClassLabel[] {
  return labelsOf("classLabels", dataset, labels);
}

/** {@link classLabels} with the name of another function in its errors. */
export function labelsOf<Item>(operation: string, dataset: Labelled<Item>, labels: LabelSource<Item> | undefined): ClassLabel[] {
  if (typeof dataset !== "object" || dataset === null || typeof dataset.get !== "function" || !("length" in dataset)) {
    throw new ArgumentError(`${operation}: got ${describeValue(dataset)}, expected a data set or a table`);
  }
  lengthOf(operation, dataset);
  if (labels !== undefined && typeof labels !== "function" && !isTensor(labels) && !Array.isArray(labels) && !ArrayBuffer.isView(labels)) {
    throw new ArgumentError(`${operation}: labels are ${describeValue(labels)}, expected a list, a tensor, or a function of an item`);
  }
  if (labels === undefined || typeof labels === "function") {
    const find = labels ?? lastElement;
    return Array.from({ length: dataset.length }, (_, index) => requireLabel(operation, find(dataset.get(index), index), index));
  }
  const values: ArrayLike<ClassLabel | null> = isTensor(labels) ? labels.data(operation) : labels;
  if (values.length !== dataset.length) {
    throw new ArgumentError(`${operation}: there are ${values.length} labels for ${dataset.length} items`);
  }
  return Array.from(values, (label, index) => requireLabel(operation, label, index));
}

/** The class of every item, from a list or a tensor. */
export function requireLabels(operation: string, labels: unknown): ClassLabel[] {
  const values: unknown = isTensor(labels) ? labels.data(operation) : labels;
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && "length" in values)) {
    throw new ArgumentError(`${operation}: labels are ${describeValue(labels)}, expected a list or a tensor`);
  }
  const list = values as ArrayLike<unknown>;
  if (list.length === 0) throw new ArgumentError(`${operation}: there are no labels, expected at least one`);
  return Array.from(list, (label, index) => requireLabel(operation, label, index));
}

/** The number of items of each class, in the order of first occurrence. */
export function classCounts(labels: Iterable<ClassLabel>): Map<ClassLabel, number> {
  if (typeof labels !== "object" || labels === null || !(Symbol.iterator in labels)) throw new ArgumentError(`classCounts: labels are ${describeValue(labels)}, expected a list`);
  const counts = new Map<ClassLabel, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** The indices of each class in ascending order; classes are in the order of first occurrence. */
export function indicesByClass(labels: readonly ClassLabel[]): Map<ClassLabel, number[]> {
  const groups = new Map<ClassLabel, number[]>();
  labels.forEach((label, index) => {
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [index]);
    else group.push(index);
  });
  return groups;
}

function lastElement(item: unknown): unknown {
  const last: unknown = Array.isArray(item) ? item.at(-1) : item;
  return isTensor(last) && sizeOf(last.shape) === 1 ? last.data("classLabels")[0] : last;
}

function requireLabel(operation: string, label: unknown, index: number): ClassLabel {
  if (typeof label === "string" || typeof label === "boolean" || (typeof label === "number" && !Number.isNaN(label))) return label;
  throw new ArgumentError(
    `${operation}: item ${index} has no class: found ${isTensor(label) ? `a tensor [${label.shape.join(", ")}]` : describeValue(label)}, ` +
      "expected a number, a string, a boolean or a tensor with one element; pass `labels`",
  );
}
