import { isOf, type ApplicationNode, type Node } from "../graph.js";
import { averaged, maxPooled } from "../primitives/contraction.js";
import { reshaped } from "../primitives/movement.js";
import { productOf, sameSizes } from "../size.js";
import { unshaped, type Pattern } from "./pattern.js";

/** The windows whose largest elements a gather along the flattened spatial axes picks. */
function windowsOf(node: Node): ApplicationNode<"windowArgMax"> | undefined {
  if (!isOf(node, "gather") || node.attributes.axis !== 2) return undefined;
  const [elements, positions] = node.inputs;
  const windows = unshaped(positions);
  return isOf(windows, "windowArgMax") && unshaped(elements) === unshaped(windows.inputs[0]) ? windows : undefined;
}

/** The elements at the positions of the largest elements of windows are `MaxPool`. */
export const maxPool: Pattern = (node, { isUsedOnce }) => {
  const inner = isOf(node, "reshape") && isUsedOnce(node.inputs[0]) ? node.inputs[0] : node;
  const windows = windowsOf(inner);
  if (windows === undefined) return undefined;
  const isWhole = sameSizes(node.type.shape, windows.type.shape);
  if (inner !== node && !isWhole) return undefined;
  return {
    operands: [windows.inputs[0]],
    write: (writer, [x = ""]) => {
      const pooled = maxPooled(writer, x, windows);
      return isWhole ? pooled : reshaped(writer, pooled, node.type.shape);
    },
  };
};

/** Sums of windows divided by the number of elements are `AveragePool`. */
export const averagePool: Pattern = (node, { isUsedOnce, numberOf }) => {
  if (!isOf(node, "div")) return undefined;
  const [total, count] = node.inputs;
  if (!isOf(total, "windowSum") || !isUsedOnce(total)) return undefined;
  const { window, windowDilation, inputDilation, padding } = total.attributes;
  if (numberOf(count) !== productOf(window) || [...windowDilation, ...inputDilation].some((each) => each !== 1)) return undefined;
  if (padding.some((pair, axis) => pair.some((each) => typeof each !== "number" || each >= Number(window[axis])))) return undefined;
  return { operands: [total.inputs[0]], write: (writer, [x = ""]) => averaged(writer, x, total) ?? "" };
};
