import { describe, expect, test } from "vitest";
import {
  argSort, binCount, bucketize, gather, histogram, indexAdd, indexAt, indexCopy, indexFill, indexPut, indexSelect, kthValue, maskedFill,
  maskedScatter, maskedSelect, nonZero, oneHot, scatter, scatterAdd, scatterReduce, searchSorted, sort, take, takeAlongAxis, topK, unique,
  type Tensor, type ValuesAndIndices,
} from "../../src/index.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedArguments } from "../reference.js";

type Arguments = RecordedArguments & { readonly names: readonly string[] };
type Run = (inputs: readonly Tensor[], args: Arguments) => Tensor | readonly Tensor[];

const axisOf = ({ dim }: RecordedArguments): number => dim as number;
const pairOf = ({ values, indices }: ValuesAndIndices): Tensor[] => [values, indices];
const one = (run: (x: Tensor, args: Arguments) => Tensor | readonly Tensor[]): Run => ([x], args) => run(x as Tensor, args);
const two = (run: (x: Tensor, y: Tensor, args: Arguments) => Tensor | readonly Tensor[]): Run => ([x, y], args) => run(x as Tensor, y as Tensor, args);
const three = (run: (x: Tensor, y: Tensor, z: Tensor, args: Arguments) => Tensor): Run =>
  ([x, y, z], args) => run(x as Tensor, y as Tensor, z as Tensor, args);

const reductions = { sum: "sum", mean: "mean", prod: "prod", amax: "max", amin: "min" } as const;

function getItem([x, ...indices]: readonly Tensor[], { names }: Arguments): Tensor {
  const source = x as Tensor;
  const [first] = indices as [Tensor];
  // A mask of the first axis takes the rows where it is true.
  if (names[1] === "mask") return indexSelect(source, nonZero(first).reshape([-1]), 0);
  return indexAt(source, names[1] === "index1" ? [null, first] : indices);
}

const functions: Readonly<Record<string, Run>> = {
  "torch.gather": two((x, index, args) => gather(x, index, axisOf(args))),
  "torch.index_select": two((x, index, args) => indexSelect(x, index, axisOf(args))),
  "torch.index_add": three((x, index, source, { dim, alpha }) => indexAdd(x, index, source, dim as number, { alpha: alpha as number })),
  "torch.scatter_add": three((x, index, source, args) => scatterAdd(x, index, source, axisOf(args))),
  "torch.take_along_dim": two((x, index, args) => takeAlongAxis(x, index, axisOf(args))),
  "torch.sort": one((x, { dim, descending }) => pairOf(sort(x, { axis: dim as number, descending: descending as boolean | undefined }))),
  "torch.argsort": one((x, { dim, descending }) => argSort(x, { axis: dim as number, descending: descending as boolean })),
  "torch.topk": one((x, { k, dim, largest }) => pairOf(topK(x, k as number, { axis: dim as number, largest: largest as boolean }))),
  "torch.kthvalue": one((x, { k, dim }) => pairOf(kthValue(x, k as number, { axis: dim as number }))),
  "torch.scatter": ([x, index, source], { dim, value }) => scatter(x as Tensor, index as Tensor, source ?? (value as number), dim as number),
  "torch.scatter_reduce": three((x, index, source, { dim, reduce, include_self: includeSelf }) =>
    scatterReduce(x, index, source, dim as number, reductions[reduce as keyof typeof reductions], { includeSelf: includeSelf as boolean })),
  "torch.index_copy": three((x, index, source, args) => indexCopy(x, index, source, axisOf(args))),
  "torch.index_fill": two((x, index, { dim, value }) => indexFill(x, index, value as number, dim as number)),
  "torch.index_put": ([x, first, second, values], { accumulate }) =>
    indexPut(x as Tensor, [first as Tensor, second as Tensor], values as Tensor, { accumulate: accumulate as boolean }),
  "nn.functional.embedding": two((index, weight) => indexAt(weight, [index])),
  // PyTorch reads the number of classes from the labels; here it has to be given.
  "nn.functional.one_hot": one((x, { num_classes: classes }) => oneHot(x, (classes as number | undefined) ?? Math.max(...x.toTypedArray()) + 1, { dtype: "int32" })),
  "torch.masked_fill": ([x, mask, value], args) => maskedFill(x as Tensor, mask as Tensor, value ?? Number(args["value"])),
  "torch.masked_select": two((x, mask) => maskedSelect(x, mask)),
  "Tensor.masked_scatter": three((x, mask, source) => maskedScatter(x, mask, source)),
  "Tensor.__getitem__": getItem,
  "torch.take": two((x, index) => take(x, index)),
  "torch.nonzero": one((x) => nonZero(x)),
  "torch.bincount": ([x, weights], { minlength }) => binCount(x as Tensor, { weights, minLength: minlength as number | undefined }),
  "torch.searchsorted": two((sorted, values, { right }) => searchSorted(sorted, values, { right: right as boolean })),
  "torch.bucketize": two((values, boundaries, { right }) => bucketize(values, boundaries, { right: right as boolean })),
  "torch.unique": one((x) => {
    const { values, inverse, counts } = unique(x);
    return [values, inverse, counts];
  }),
  "torch.histc": one((x, { bins, min, max }) => histogram(x, { bins: bins as number, low: min as number, high: max as number })),
};

describe("indexing operations give what PyTorch gives", () => {
  test.each(referenceCases("ops-index"))("$id", ({ target, args = {}, inputs, inputNames = [], outputs, tolerance }) => {
    const results = [counterpartOf(functions, target)(inputs.map(fromRecorded), { ...args, names: inputNames })].flat();
    expect(results.length).toBe(outputs.length);
    outputs.forEach((output, at) => expectRecorded(results[at] as Tensor, output, tolerance));
  });
});
