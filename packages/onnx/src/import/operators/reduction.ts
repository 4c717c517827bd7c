import { abs, argMax, argMin, log, logSoftmax, logSumExp, max, mean, min, norm, prod, reshape, softmax, square, sum, type Axes, type ReductionOptions, type Tensor } from "@nn/tensor";
import { normalizeAxes } from "@nn/tensor/extend";
import type { Call } from "../call.js";
import { axesOf } from "./movement.js";
import { operator, type Operator, type Operators } from "./operator.js";

type Reduction = (x: Tensor, axes: Axes, options: ReductionOptions) => Tensor;

const reduce = (f: Reduction): Operator => operator([1, 2], "axes keepdims noop_with_empty_axes", (call) => {
  const [x, axes = []] = [call.input(0), axesOf(call, 1)];
  if (axes.length === 0 && call.int("noop_with_empty_axes", 0) === 1) return x;
  return f(x, axes.length === 0 ? undefined : normalizeAxes(call.node.opType, axes, x.rank), { keepAxes: call.int("keepdims", 1) === 1 });
}, { shapes: [1] });

const argReduce = (f: typeof argMax): Operator => operator(1, "axis keepdims select_last_index", (call) => {
  call.requireAttribute("select_last_index", 0);
  return f(call.input(0), call.int("axis", 0), { keepAxes: call.int("keepdims", 1) === 1 });
});

/** Before opset 13, the axes from `axis` on count as one. */
const alongAxis = (f: (x: Tensor, axis: number) => Tensor): Operator => operator(1, "axis", (call: Call) => {
  const x = call.input(0);
  if (call.node.opset >= 13) return f(x, call.axis(x.rank, -1));
  const axis = call.axis(x.rank, 1);
  const rows = x.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  return reshape(f(reshape(x, [rows, x.size / Math.max(rows, 1)]), 1), x.shape);
});

export const reduction: Operators = {
  ReduceSum: reduce(sum), ReduceMean: reduce(mean), ReduceMax: reduce(max), ReduceMin: reduce(min), ReduceProd: reduce(prod), ReduceLogSumExp: reduce(logSumExp),
  ReduceL1: reduce((x, axes, options) => sum(abs(x), axes, options)), ReduceL2: reduce((x, axis, { keepAxes }) => norm(x, { axis, keepAxes })),
  ReduceSumSquare: reduce((x, axes, options) => sum(square(x), axes, options)), ReduceLogSum: reduce((x, axes, options) => log(sum(x, axes, options))),
  ArgMax: argReduce(argMax), ArgMin: argReduce(argMin),
  Softmax: alongAxis(softmax), LogSoftmax: alongAxis(logSoftmax),
};
