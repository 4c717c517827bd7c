import * as nn from "@nn/tensor";
import type { Tensor, ValuesAndIndices } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { one, required, three, two, type Operation, type Operations } from "./operation.js";

const pair = ({ values, indices }: ValuesAndIndices): Tensor[] => [values, indices];
const reductions = { sum: "sum", mean: "mean", prod: "prod", amax: "max", amin: "min" } as const;

/** PyTorch's scalars have an axis, so they are temporarily vectors of one element here. */
const alongAxis = (x: Tensor, run: (x: Tensor) => readonly Tensor[]): readonly Tensor[] =>
  (x.rank > 0 ? run(x) : run(x.reshape([1])).map((each) => each.reshape([])));

function sortOptions(args: Arguments): nn.SortOptions {
  args.only("stable", true, false, null); // ours always is
  return { axis: args.number("dim", -1), descending: args.boolean("descending", false) };
}

const scatterReduce = (x: Tensor, index: Tensor, source: Tensor, args: Arguments): Tensor => {
  return nn.scatterReduce(x, index, source, args.number("dim"), args.choice("reduce", reductions), { includeSelf: args.boolean("include_self", true) });
};

/** In PyTorch, a range from 0 to 0 means the range of the values. */
function range(args: Arguments): { readonly low?: number; readonly high?: number } {
  const [low, high] = [args.number("min", 0), args.number("max", 0)];
  return low === 0 && high === 0 ? {} : { low, high };
}

const embedding = (index: Tensor, weight: Tensor, args: Arguments): Tensor => {
  args.only("sparse", true, false);
  args.only("max_norm", null); // the function would change its table
  return nn.embedding(index, weight, { paddingIndex: args.maybeNumber("padding_idx"), scaleGradientByFrequency: args.boolean("scale_grad_by_freq", false) });
};

function searchOptions(args: Arguments): nn.SearchOptions {
  args.only("out_int32", true, false); // how PyTorch stores indices
  const right = args.boolean("right", false);
  return { right: args.isGiven("side") ? args.choice("side", { left: false, right: true }) : right };
}

/** `x[…]` with the indices, or with the mask of the first axis, that are the other inputs. */
const getItem = ([x, ...indices]: readonly Tensor[], names: readonly string[]): Tensor => {
  const source = required(x);
  const first = required(indices[0]);
  if (names[1] === "mask" && indices.length === 1) return nn.indexSelect(source, nn.nonZero(first).reshape([-1]), 0);
  if (names.slice(1).some((name) => !/^index[01]$/.test(name))) throw new TypeError(`the inputs ${names.slice(1).join(", ")} are no indices`);
  return nn.indexAt(source, names[1] === "index1" ? [null, first] : indices);
};

/** Functions that read and write at computed indices, sort and count. */
export const indexing: Operations = {
  "torch.gather": two((x, index, args) => nn.gather(x, index, args.number("dim"))),
  "torch.index_select": two((x, index, args) => nn.indexSelect(x, index, args.number("dim"))),
  "torch.index_add": three((x, index, source, args) => nn.indexAdd(x, index, source, args.number("dim"), { alpha: args.number("alpha", 1) })),
  "torch.scatter_add": three((x, index, source, args) => nn.scatterAdd(x, index, source, args.number("dim"))),
  "torch.take_along_dim": two((x, index, args) => nn.takeAlongAxis(x, index, args.number("dim"))),
  "torch.sort": one((x, args) => {
    const options = sortOptions(args);
    return alongAxis(x, (each) => pair(nn.sort(each, options)));
  }),
  "torch.argsort": one((x, args) => {
    const options = sortOptions(args);
    return alongAxis(x, (each) => [nn.argSort(each, options)]);
  }),
  "torch.topk": one((x, args) => {
    args.only("sorted", true); // unsorted results have no order to compare
    const [k, options] = [args.number("k"), { axis: args.number("dim", -1), largest: args.boolean("largest", true) }];
    return alongAxis(x, (each) => pair(nn.topK(each, k, options)));
  }),
  "torch.kthvalue": one((x, args) => {
    const [k, options] = [args.number("k"), { axis: args.number("dim", -1), keepAxes: args.boolean("keepdim", false) }];
    return alongAxis(x, (each) => pair(nn.kthValue(each, k, options)));
  }),
  "torch.scatter": ([x, index, source], args) => nn.scatter(required(x), required(index), source ?? args.number("value"), args.number("dim")),
  "torch.scatter_reduce": three(scatterReduce),
  "torch.index_copy": three((x, index, source, args) => nn.indexCopy(x, index, source, args.number("dim"))),
  "torch.index_fill": two((x, index, args) => nn.indexFill(x, index, args.number("value"), args.number("dim"))),
  "torch.index_put": ([x, first, second, values], args) =>
    nn.indexPut(required(x), [required(first), required(second)], required(values), { accumulate: args.boolean("accumulate", false) }),
  "nn.functional.embedding": two(embedding),
  "nn.functional.embedding_bag": (inputs, args, names) => {
    const [index, weight, ...others] = inputs;
    const given = (name: string): Tensor | undefined => others[names.indexOf(name) - 2];
    if (others.length > 0 && names.length !== inputs.length) throw new TypeError("the inputs are not named");
    args.only("sparse", true, false);
    args.only("max_norm", null);
    return nn.embeddingBag(required(index), required(weight), {
      mode: args.choice("mode", { sum: "sum", mean: "mean", max: "max" } as const, "mean"), offsets: given("offsets"), perSampleWeights: given("per_sample_weights"),
      paddingIndex: args.maybeNumber("padding_idx"), includeLastOffset: args.boolean("include_last_offset", false), scaleGradientByFrequency: args.boolean("scale_grad_by_freq", false),
    });
  },
  // PyTorch reads the number of classes from the labels; here it has to be given.
  "nn.functional.one_hot": one((x, args) => nn.oneHot(x, args.maybeNumber("num_classes") ?? Math.max(...x.toTypedArray()) + 1, { dtype: "int32" })),
  "torch.masked_fill": ([x, mask, value], args) => nn.maskedFill(required(x), required(mask), value ?? args.number("value")),
  "torch.masked_select": two((x, mask) => nn.maskedSelect(x, mask)),
  "Tensor.masked_scatter": three((x, mask, source) => nn.maskedScatter(x, mask, source)),
  "torch.take": two((x, index) => nn.take(x, index)),
  "torch.nonzero": one((x) => nn.nonZero(x)),
  "torch.bincount": ([x, weights], args) => nn.binCount(required(x), { weights, minLength: args.maybeNumber("minlength") }),
  "torch.searchsorted": two((sorted, values, args) => nn.searchSorted(sorted, values, searchOptions(args))),
  "torch.bucketize": two((values, boundaries, args) => nn.bucketize(values, boundaries, searchOptions(args))),
  "torch.unique": one((x, args) => {
    args.only("sorted", true);
    args.only("dim", null);
    const [withInverse, withCounts] = [args.boolean("return_inverse", false), args.boolean("return_counts", false)];
    const { values, inverse, counts } = nn.unique(x);
    return [values, ...(withInverse ? [inverse] : []), ...(withCounts ? [counts] : [])];
  }),
  "torch.histc": one((x, args) => nn.histogram(x, { bins: args.number("bins", 100), ...range(args) })),
};

/** `Tensor.__getitem__` with tensors for indices; with ranges it is among the movements. */
export const getItemByTensors: Operation = (inputs, _, names) => getItem(inputs, names);
