import { int } from "../attributes.js";
import { isOf, type Node } from "../graph.js";
import type { Pattern } from "./pattern.js";

/** `x ≤ 0 ? 0 : x` is `Relu`. */
export const relu: Pattern = (node, { numberOf }) => {
  if (!isOf(node, "select")) return undefined;
  const [condition, zero, x] = node.inputs;
  const isRelu = isOf(condition, "lessEqual") && condition.inputs[0] === x && numberOf(condition.inputs[1]) === 0 && numberOf(zero) === 0;
  return isRelu ? { operands: [x], write: (writer, names) => writer.op("Relu", names) } : undefined;
};

/** The one axis of a reduction. */
function onlyAxis(node: Node): number | undefined {
  const axes = isOf(node, "sum") || isOf(node, "max") ? node.attributes.axes : [];
  return axes.length === 1 && typeof axes[0] === "number" ? axes[0] : undefined;
}

/** What is shifted by its largest element along `axis`. */
function shifted(node: Node, axis: number): Node | undefined {
  if (!isOf(node, "sub")) return undefined;
  const [x, largest] = node.inputs;
  return isOf(largest, "max") && onlyAxis(largest) === axis && largest.inputs[0] === x ? x : undefined;
}

/** `e / Σe` with `e = exp(x − max x)` is `Softmax`. */
export const softmax: Pattern = (node) => {
  if (!isOf(node, "div")) return undefined;
  const [weights, total] = node.inputs;
  const axis = onlyAxis(total);
  if (axis === undefined || !isOf(total, "sum") || total.inputs[0] !== weights || !isOf(weights, "exp")) return undefined;
  const x = shifted(weights.inputs[0], axis);
  return x === undefined ? undefined : { operands: [x], write: (writer, names) => writer.op("Softmax", names, { axis: int(axis) }) };
};

/** `l − log Σ exp(l)` with `l = x − max x` is `LogSoftmax`. */
export const logSoftmax: Pattern = (node) => {
  if (!isOf(node, "sub")) return undefined;
  const [logits, logarithm] = node.inputs;
  const total = isOf(logarithm, "log") ? logarithm.inputs[0] : undefined;
  if (!isOf(total, "sum") || !isOf(total.inputs[0], "exp") || total.inputs[0].inputs[0] !== logits) return undefined;
  const axis = onlyAxis(total);
  const x = axis === undefined ? undefined : shifted(logits, axis);
  return axis === undefined || x === undefined ? undefined : { operands: [x], write: (writer, names) => writer.op("LogSoftmax", names, { axis: int(axis) }) };
};
