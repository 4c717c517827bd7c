import type { Tensor } from "@nn/tensor";
import { isOf, type Node } from "../graph.js";
import type { GraphWriter } from "../writer.js";

/** Several primitives that are one operator of ONNX: the nodes that it reads, and how it is written with their names. */
export interface Match {
  readonly operands: readonly Node[];
  readonly write: (writer: GraphWriter, operands: readonly string[]) => string;
}

/** What patterns ask about the graph. */
export interface Context {
  /** Whether only one node reads this one. */
  isUsedOnce(node: Node): boolean;
  /** The value of a node that depends on nothing; `undefined` for others. */
  constantOf(node: Node): Tensor | undefined;
  /** The number that all elements of a node are; `undefined` if that is not known. */
  numberOf(node: Node): number | undefined;
}

/** Recognises an operator by the node of its result; `undefined` if it is another. */
export type Pattern = (node: Node, context: Context) => Match | undefined;

/** Whether a node is the square of another. */
export function isSquareOf(node: Node, of: Node): boolean {
  return isOf(node, "mul") && node.inputs[0] === of && node.inputs[1] === of;
}

/** The node before reshapes. */
export function unshaped(node: Node): Node {
  return isOf(node, "reshape") ? node.inputs[0] : node;
}
