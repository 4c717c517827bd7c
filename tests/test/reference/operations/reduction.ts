import * as nn from "@nn/tensor";
import type { Axes, Tensor, ValuesAndIndices } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { one, type Operation, type Operations } from "./operation.js";

/** PyTorch lets a scalar have an axis 0 or −1; here a scalar has no axes, and all of them are reduced by leaving the axis out. */
function axesOf(x: Tensor, args: Arguments): Axes {
  const axes = args.maybeNumbers("dim");
  return x.rank === 0 ? undefined : axes;
}

function axisOf(x: Tensor, args: Arguments): number | undefined {
  const axes = axesOf(x, args);
  return typeof axes === "object" ? axes[0] : axes;
}

const keepDimsOf = (args: Arguments): { readonly keepDims: boolean } => ({ keepDims: args.boolean("keepdim", false) });
const pair = ({ values, indices }: ValuesAndIndices): Tensor[] => [values, indices];

const reduction = (run: (x: Tensor, axis?: Axes, options?: nn.ReductionOptions) => Tensor): Operation =>
  one((x, args) => run(x, axesOf(x, args), keepDimsOf(args)));

const argReduction = (run: typeof nn.argMax): Operation => one((x, args) => run(x, axisOf(x, args), keepDimsOf(args)));

/** With an axis, `torch.max` and `torch.min` give the element at one place, and that place; the gradient goes there alone. */
const withPlace = (value: typeof nn.max, place: typeof nn.argMax): Operation => one((x, args) => {
  const given = args.maybeNumber("dim");
  const keepDims = keepDimsOf(args);
  if (given === undefined) return value(x);
  if (x.rank === 0) return [value(x), place(x)];
  const places = place(x, given, { keepDims: true });
  const found = [nn.gather(x, places, given), places];
  return keepDims.keepDims ? found : found.map((each) => nn.squeeze(each, given));
});

const median: Operation = one((x, args) => {
  const axis = axisOf(x, args);
  const keepDims = keepDimsOf(args);
  if (axis === undefined) return args.has("dim") ? [x, nn.zerosLike(x, { dtype: "int32" })] : nn.median(x);
  // PyTorch also says where the median stands; here it is looked up in the sorted order.
  const middle = nn.narrow(nn.argSort(x, { axis }), axis, ((x.shape.at(axis) ?? 1) - 1) >> 1, 1);
  return [nn.median(x, axis, keepDims), keepDims.keepDims ? middle : nn.squeeze(middle, axis)];
});

const spread = (run: typeof nn.variance): Operation =>
  one((x, args) => run(x, axesOf(x, args), { ...keepDimsOf(args), correction: args.number("correction", 1) }));

/** Functions that reduce or accumulate. */
export const reductions: Operations = {
  "torch.sum": reduction(nn.sum), "torch.mean": reduction(nn.mean), "torch.amax": reduction(nn.max), "torch.amin": reduction(nn.min),
  "torch.logsumexp": reduction(nn.logSumExp), "torch.nansum": reduction(nn.nanSum), "torch.nanmean": reduction(nn.nanMean),
  "torch.prod": reduction(nn.prod), "torch.any": reduction(nn.any), "torch.all": reduction(nn.all),
  "torch.count_nonzero": reduction(nn.countNonZero),
  "torch.var": spread(nn.variance), "torch.std": spread(nn.std),
  "torch.var_mean": one((x, args) => {
    const { variance, mean } = nn.varianceAndMean(x, axesOf(x, args), { correction: args.boolean("unbiased", true) ? 1 : 0 });
    return [variance, mean];
  }),
  "torch.std_mean": one((x, args) => {
    const { std, mean } = nn.stdAndMean(x, axesOf(x, args), { correction: args.boolean("unbiased", true) ? 1 : 0 });
    return [std, mean];
  }),
  "torch.max": withPlace(nn.max, nn.argMax), "torch.min": withPlace(nn.min, nn.argMin), "torch.median": median,
  "torch.argmax": argReduction(nn.argMax), "torch.argmin": argReduction(nn.argMin),
  "torch.cumsum": one((x, args) => nn.cumsum(x, args.number("dim"))),
  "torch.cumprod": one((x, args) => nn.cumprod(x, args.number("dim"))),
  "torch.logcumsumexp": one((x, args) => nn.logCumSumExp(x, args.number("dim"))),
  "torch.cummax": one((x, args) => pair(nn.cumMax(x, args.number("dim")))),
  "torch.cummin": one((x, args) => pair(nn.cumMin(x, args.number("dim")))),
  "torch.diff": one((x, args) => nn.diff(x, { axis: args.number("dim", -1), order: args.number("n", 1) })),
  "torch.linalg.vector_norm": one((x, args) => nn.norm(x, { p: args.number("ord", 2), axis: axesOf(x, args), ...keepDimsOf(args) })),
  "torch.norm": one((x, args) => nn.norm(x, { p: args.holds("p", "fro") ? 2 : args.number("p", 2), axis: axesOf(x, args) })),
  "torch.quantile": one((x, args) => nn.quantile(x, args.number("q"), { axis: args.number("dim") })),
};
