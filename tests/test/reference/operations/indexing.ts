import * as nn from "@nn/tensor";
import type { Tensor, ValuesAndIndices } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { UnknownTarget } from "../outcome.js";
import { one, required, three, two, type Operation, type Operations } from "./operation.js";

const pair = ({ values, indices }: ValuesAndIndices): Tensor[] => [values, indices];
const reductions = { sum: "sum", mean: "mean", prod: "prod", amax: "max", amin: "min" } as const;
const isReduction = (name: string): name is keyof typeof reductions => name in reductions;

const scatterReduce = (x: Tensor, index: Tensor, source: Tensor, args: Arguments): Tensor => {
  const reduction = args.text("reduce");
  if (!isReduction(reduction)) throw new UnknownTarget(`torch.scatter_reduce (${reduction})`);
  return nn.scatterReduce(x, index, source, args.number("dim"), reductions[reduction], { includeSelf: args.boolean("include_self", true) });
};

const embedding = (index: Tensor, weight: Tensor, args: Arguments): Tensor =>
  nn.embedding(index, weight, { paddingIndex: args.maybeNumber("padding_idx"), scaleGradientByFrequency: args.boolean("scale_grad_by_freq", false) });

/** `x[…]` with the indices, or with the mask of the first axis, that are the other inputs. */
const getItem = ([x, ...indices]: readonly Tensor[], names: readonly string[]): Tensor => {
  const source = required(x);
  const first = required(indices[0]);
  if (names[1] === "mask") return nn.indexSelect(source, nn.nonzero(first).reshape([-1]), 0);
  return nn.indexAt(source, names[1] === "index1" ? [null, first] : indices);
};

/** Functions that read and write at computed places, sort and count. */
export const indexing: Operations = {
  "torch.gather": two((x, index, args) => nn.gather(x, index, args.number("dim"))),
  "torch.index_select": two((x, index, args) => nn.indexSelect(x, index, args.number("dim"))),
  "torch.index_add": three((x, index, source, args) => nn.indexAdd(x, index, source, args.number("dim"), { alpha: args.number("alpha", 1) })),
  "torch.scatter_add": three((x, index, source, args) => nn.scatterAdd(x, index, source, args.number("dim"))),
  "torch.take_along_dim": two((x, index, args) => nn.takeAlongAxis(x, index, args.number("dim"))),
  "torch.sort": one((x, args) => {
    args.ignore("stable");
    return pair(nn.sort(x, { axis: args.number("dim", -1), descending: args.boolean("descending", false) }));
  }),
  "torch.argsort": one((x, args) => nn.argSort(x, { axis: args.number("dim", -1), descending: args.boolean("descending", false) })),
  "torch.topk": one((x, args) => {
    args.ignore("sorted");
    return pair(nn.topK(x, args.number("k"), { axis: args.number("dim", -1), largest: args.boolean("largest", true) }));
  }),
  "torch.kthvalue": one((x, args) => pair(nn.kthValue(x, args.number("k"), { axis: args.number("dim", -1) }))),
  "torch.scatter": ([x, index, source], args) => nn.scatter(required(x), required(index), source ?? args.number("value"), args.number("dim")),
  "torch.scatter_reduce": three(scatterReduce),
  "torch.index_copy": three((x, index, source, args) => nn.indexCopy(x, index, source, args.number("dim"))),
  "torch.index_fill": two((x, index, args) => nn.indexFill(x, index, args.number("value"), args.number("dim"))),
  "torch.index_put": ([x, first, second, values], args) =>
    nn.indexPut(required(x), [required(first), required(second)], required(values), { accumulate: args.boolean("accumulate", false) }),
  "nn.functional.embedding": two(embedding),
  // PyTorch reads the number of classes from the labels; here it has to be given.
  "nn.functional.one_hot": one((x, args) => nn.oneHot(x, args.maybeNumber("num_classes") ?? Math.max(...x.toTypedArray()) + 1, { dtype: "int32" })),
  "torch.masked_fill": ([x, mask, value], args) => nn.maskedFill(required(x), required(mask), value ?? args.number("value")),
  "torch.masked_select": two((x, mask) => nn.maskedSelect(x, mask)),
  "Tensor.masked_scatter": three((x, mask, source) => nn.maskedScatter(x, mask, source)),
  "torch.take": two((x, index) => nn.take(x, index)),
  "torch.nonzero": one((x) => nn.nonzero(x)),
  "torch.bincount": ([x, weights], args) => nn.bincount(required(x), { weights, minLength: args.maybeNumber("minlength") }),
  "torch.searchsorted": two((sorted, values, args) => nn.searchSorted(sorted, values, { right: args.boolean("right", false) })),
  "torch.bucketize": two((values, boundaries, args) => nn.bucketize(values, boundaries, { right: args.boolean("right", false) })),
  "torch.unique": one((x, args) => {
    args.ignore("return_inverse");
    args.ignore("return_counts");
    const { values, inverse, counts } = nn.unique(x);
    return [values, inverse, counts];
  }),
  "torch.histc": one((x, args) => nn.histogram(x, { bins: args.number("bins"), low: args.number("min"), high: args.number("max") })),
};

/** `Tensor.__getitem__` with tensors for indices; with ranges it is among the movements. */
export const getItemByTensors: Operation = (inputs, _, names) => getItem(inputs, names);
