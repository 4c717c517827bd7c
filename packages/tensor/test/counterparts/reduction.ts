import * as nn from "../../src/index.js";
import type { Tensor, ValuesAndIndices } from "../../src/index.js";
import type { RecordedArguments } from "../reference.js";

type Run = (x: Tensor, args: RecordedArguments) => Tensor | readonly Tensor[];

type Axis = number | readonly number[] | undefined;
const axesOf = ({ dim }: RecordedArguments): Axis => (dim ?? undefined) as Axis;
const axisOf = ({ dim }: RecordedArguments): number => dim as number;
const maybeAxisOf = ({ dim }: RecordedArguments): number | undefined => dim as number | undefined;
const keepAxesOf = ({ keepdim }: RecordedArguments): { readonly keepAxes: boolean | undefined } => ({ keepAxes: keepdim as boolean | undefined });
const pairOf = ({ values, indices }: ValuesAndIndices): Tensor[] => [values, indices];

const reduction = (run: (x: Tensor, axis?: Axis, options?: nn.ReductionOptions) => Tensor): Run =>
  (x, args) => run(x, axesOf(args), keepAxesOf(args));

/** With an axis, `torch.max` gives positions too. */
const withPosition = (value: typeof nn.max, position: typeof nn.argMax): Run => (x, args) => {
  const axis = maybeAxisOf(args);
  return axis === undefined ? value(x) : [value(x, axis, keepAxesOf(args)), position(x, axis, keepAxesOf(args))];
};

const spread = (run: typeof nn.variance): Run => (x, args) =>
  run(x, axesOf(args), { ...keepAxesOf(args), correction: (args["correction"] as number | undefined) ?? (args["unbiased"] === false ? 0 : 1) });

/** What stands for PyTorch's reductions and scans. */
export const reductionCounterparts: Readonly<Record<string, Run>> = {
  "torch.sum": reduction(nn.sum), "torch.mean": reduction(nn.mean), "torch.amax": reduction(nn.max), "torch.amin": reduction(nn.min),
  "torch.logsumexp": reduction(nn.logSumExp), "torch.nansum": reduction(nn.nanSum), "torch.nanmean": reduction(nn.nanMean),
  "torch.prod": reduction(nn.prod), "torch.any": reduction(nn.any), "torch.all": reduction(nn.all),
  "torch.count_nonzero": reduction(nn.countNonZero),
  "torch.var": spread(nn.variance), "torch.std": spread(nn.std),
  "torch.var_mean": (x, args) => {
    const { variance, mean } = nn.varianceAndMean(x, axesOf(args));
    return [variance, mean];
  },
  "torch.std_mean": (x, args) => {
    const { std, mean } = nn.stdAndMean(x, axesOf(args));
    return [std, mean];
  },
  "torch.max": withPosition(nn.max, nn.argMax), "torch.min": withPosition(nn.min, nn.argMin),
  // PyTorch also says where the median stands; here it is looked up in the sorted order.
  "torch.median": (x, args) => {
    const axis = maybeAxisOf(args);
    if (axis === undefined) return nn.median(x);
    const middle = nn.narrow(nn.argSort(x, { axis }), axis, ((x.shape.at(axis) as number) - 1) >> 1, 1);
    return [nn.median(x, axis, keepAxesOf(args)), args["keepdim"] === true ? middle : nn.squeeze(middle, axis)];
  },
  "torch.argmax": (x, args) => nn.argMax(x, maybeAxisOf(args), keepAxesOf(args)),
  "torch.argmin": (x, args) => nn.argMin(x, maybeAxisOf(args), keepAxesOf(args)),
  "torch.cumsum": (x, args) => nn.cumSum(x, axisOf(args)),
  "torch.cumprod": (x, args) => nn.cumProd(x, axisOf(args)),
  "torch.logcumsumexp": (x, args) => nn.logCumSumExp(x, axisOf(args)),
  "torch.cummax": (x, args) => pairOf(nn.cumMax(x, axisOf(args))),
  "torch.cummin": (x, args) => pairOf(nn.cumMin(x, axisOf(args))),
  "torch.diff": (x, { dim, n }) => nn.diff(x, { axis: dim as number, order: n as number }),
  "torch.linalg.vector_norm": (x, args) => nn.norm(x, { p: Number(args["ord"]), axis: axesOf(args), ...keepAxesOf(args) }),
  "torch.norm": (x, args) => nn.norm(x, { p: args["p"] === "fro" ? 2 : (args["p"] as number), axis: axesOf(args) }),
  "torch.quantile": (x, { q, dim }) => nn.quantile(x, q as number, { axis: dim as number }),
};
