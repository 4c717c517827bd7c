import * as nn from "@nn/tensor";
import type { Axes, Tensor, ValuesAndIndices } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { one, required, type Operation, type Operations } from "./operation.js";

/** PyTorch lets a scalar have an axis 0 or −1; here a scalar has no axes, and all of them are reduced by leaving the axis out. */
function axesOf(x: Tensor, args: Arguments): Axes {
  const axes = args.maybeNumbers("dim");
  return x.rank === 0 ? undefined : axes;
}

function axisOf(x: Tensor, args: Arguments): number | undefined {
  const axes = axesOf(x, args);
  if (typeof axes !== "object") return axes;
  throw new TypeError(`argument dim is ${JSON.stringify(axes)}, expected one axis`);
}

const keepAxesOf = (args: Arguments): { readonly keepAxes: boolean } => ({ keepAxes: args.boolean("keepdim", false) });
const pair = ({ values, indices }: ValuesAndIndices): Tensor[] => [values, indices];

const reduction = (run: (x: Tensor, axis?: Axes, options?: nn.ReductionOptions) => Tensor): Operation =>
  one((x, args) => run(x, axesOf(x, args), keepAxesOf(args)));

const argReduction = (run: typeof nn.argMax): Operation => one((x, args) => run(x, axisOf(x, args), keepAxesOf(args)));

/** With an axis, `torch.max` and `torch.min` return one element and its index; only this element gets a gradient. */
const withPosition = (value: typeof nn.max, position: typeof nn.argMax): Operation => one((x, args) => {
  const given = args.maybeNumber("dim");
  const keepAxes = keepAxesOf(args);
  if (given === undefined) {
    args.only("keepdim", false);
    return value(x);
  }
  if (x.rank === 0) return [value(x), position(x)];
  const positions = position(x, given, { keepAxes: true });
  const found = [nn.gather(x, positions, given), positions];
  return keepAxes.keepAxes ? found : found.map((each) => nn.squeeze(each, given));
});

const median: Operation = one((x, args) => {
  const axis = axisOf(x, args);
  const keepAxes = keepAxesOf(args);
  if (axis === undefined) return args.isGiven("dim") ? [x, nn.zerosLike(x, { dtype: "int32" })] : nn.median(x);
  // PyTorch also returns the index of the median; here it comes from the sorted order.
  const middle = nn.narrow(nn.argSort(x, { axis }), axis, ((x.shape.at(axis) ?? 1) - 1) >> 1, 1);
  return [nn.median(x, axis, keepAxes), keepAxes.keepAxes ? middle : nn.squeeze(middle, axis)];
});

const spread = (run: typeof nn.variance): Operation =>
  one((x, args) => run(x, axesOf(x, args), spreadOptions(args)));

/** PyTorch's older name for the correction is `unbiased`. */
const spreadOptions = (args: Arguments): nn.VarianceOptions => ({
  ...keepAxesOf(args),
  correction: args.isGiven("unbiased") ? Number(args.boolean("unbiased")) : (args.maybeNumber("correction") ?? 1),
});

/** Along an axis; a scalar is a vector of one element here, as PyTorch's scalars have an axis. */
const scan = (run: (x: Tensor, axis: number) => Tensor | Tensor[]): Operation => one((x, args) => {
  const axis = args.number("dim");
  if (x.rank > 0) return run(x, axis);
  const outputs = run(x.reshape([1]), axis);
  return Array.isArray(outputs) ? outputs.map((each) => each.reshape([])) : outputs.reshape([]);
});

const interpolations = { linear: "linear", lower: "lower", higher: "higher", midpoint: "midpoint", nearest: "nearest" } as const;

/** PyTorch takes several fractions, which become the first axis. */
const quantile = (run: typeof nn.quantile): Operation => one((x, args) => {
  const axis = axisOf(x, args);
  const options = { axis, ...keepAxesOf(args), interpolation: args.choice("interpolation", interpolations, "linear") };
  const fractions = args.oneOrMore("q");
  return typeof fractions === "number" ? run(x, fractions, options) : nn.stack(fractions.map((each) => run(x, each, options)), 0);
});

const normOf: Operation = one((x, args) => {
  args.only("dtype", null);
  if (!args.isGiven("p")) args.only("p", null);
  return nn.norm(x, { p: !args.isGiven("p") || args.holds("p", "fro") ? 2 : args.number("p"), axis: axesOf(x, args), ...keepAxesOf(args) });
});

/** Functions that reduce or accumulate. */
export const reductions: Operations = {
  "torch.sum": reduction(nn.sum), "torch.mean": reduction(nn.mean), "torch.amax": reduction(nn.max), "torch.amin": reduction(nn.min),
  "torch.logsumexp": reduction(nn.logSumExp), "torch.nansum": reduction(nn.nanSum), "torch.nanmean": reduction(nn.nanMean),
  "torch.prod": reduction(nn.prod), "torch.any": reduction(nn.any), "torch.all": reduction(nn.all),
  "torch.count_nonzero": reduction(nn.countNonZero),
  "torch.var": spread(nn.variance), "torch.std": spread(nn.std),
  "torch.var_mean": one((x, args) => {
    const { variance, mean } = nn.varianceAndMean(x, axesOf(x, args), spreadOptions(args));
    return [variance, mean];
  }),
  "torch.std_mean": one((x, args) => {
    const { std, mean } = nn.stdAndMean(x, axesOf(x, args), spreadOptions(args));
    return [std, mean];
  }),
  "torch.max": withPosition(nn.max, nn.argMax), "torch.min": withPosition(nn.min, nn.argMin), "torch.median": median,
  "torch.argmax": argReduction(nn.argMax), "torch.argmin": argReduction(nn.argMin),
  "torch.cumsum": scan(nn.cumSum), "torch.cumprod": scan(nn.cumProd), "torch.logcumsumexp": scan(nn.logCumSumExp),
  "torch.cummax": scan((x, axis) => pair(nn.cumMax(x, axis))), "torch.cummin": scan((x, axis) => pair(nn.cumMin(x, axis))),
  "torch.diff": ([x, ...others], args, names) => {
    const along = { axis: args.number("dim", -1), order: args.number("n", 1) };
    if (others.length === 0) return nn.diff(required(x), along);
    const [before, after] = [others[names.indexOf("prepend") - 1], others[names.indexOf("append") - 1]];
    if (others.some((each) => each !== before && each !== after)) throw new TypeError("the tensors before and after are not named");
    return nn.diff(nn.concat([before, x, after].filter((each) => each !== undefined), along.axis), along);
  },
  "torch.linalg.vector_norm": one((x, args) => nn.norm(x, { p: args.number("ord", 2), axis: axesOf(x, args), ...keepAxesOf(args) })),
  "torch.norm": normOf, "torch.quantile": quantile(nn.quantile),
};
