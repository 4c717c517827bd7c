import type { ComputationalGraph } from "../graph.js";
import { requireGraph } from "../require-graph.js";
import { stepsOf } from "./steps.js";

/**
 * The number of steps of a calculation: each operation forward, then the gradient 1 of the result, then each operation back. `drawGraph` can show the
 * graph after any of them.
 *
 * @example
 * ```ts
 * import { explainGraph, graphSteps } from "@nn/explain";
 * graphSteps(explainGraph(({ x }) => x.exp().neg(), { x: 1 })); // => 5
 * ```
 * @throws ArgumentError for a value that is not a graph.
 */
export function graphSteps(graph: ComputationalGraph): number {
  requireGraph("graphSteps", graph);
  return stepsOf(graph);
}
