import type { Tensor } from "@nn/tensor";

/** A value in a computational graph: an input, or the result of an operation. */
export interface GraphNode {
  /** Its index in {@link ComputationalGraph.nodes}. A node comes after the nodes that it is computed from. */
  readonly id: number;
  readonly kind: "input" | "operation";
  /** The name of the input or variable, or of the operation. */
  readonly name: string;
  /** The text in a drawing: the name of an input, or the symbol of an operation, such as `×` or `1/x`. Constants are part of it, as in `+ 1`. */
  readonly label: string;
  /** The value, float64. */
  readonly value: Tensor;
  /** The gradient of the result with respect to the value: the sum of the gradients that flow back along the edges that leave the node. */
  readonly gradient: Tensor;
}

/** The flow of a value into an operation. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** The position of the value among the arguments of the operation, from 0. */
  readonly argument: number;
  /** The value at the operation: that of the node `from`, or its moved elements if the function slices, reshapes or broadcasts it. */
  readonly value: Tensor;
  /** The derivative of the operation with respect to this argument: of the shape of the result, followed by the shape of the argument. */
  readonly localGradient: Tensor;
  /** The gradient that flows back: that of the node `to`, times the local gradient. */
  readonly gradient: Tensor;
}

/** The computational graph of a function that was run on its inputs: every value, every local gradient, and every gradient that flows back. */
export interface ComputationalGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The id of the node that holds the result. */
  readonly output: number;
}
