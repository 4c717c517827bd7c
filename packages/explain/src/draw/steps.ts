import type { ComputationalGraph } from "../graph.js";

/** The part of a graph that has been calculated at a step. */
export interface Revealed {
  /** The nodes whose values are known. */
  readonly values: ReadonlySet<number>;
  /** The nodes whose gradients are known: all operations that they flow into have passed their gradients back. */
  readonly gradients: ReadonlySet<number>;
  /** The operations that have passed their gradients back. */
  readonly passed: ReadonlySet<number>;
  /** The node that the last step calculated. */
  readonly current: number | undefined;
  readonly isForward: boolean;
  readonly output: number;
}

const operationsOf = ({ nodes }: ComputationalGraph): number[] => nodes.filter(({ kind }) => kind === "operation").map(({ id }) => id);

export const stepsOf = (graph: ComputationalGraph): number => 2 * operationsOf(graph).length + 1;

/**
 * The part that is known after this number of steps: one operation forward in each step, then the gradient 1 of the result, then one operation back
 * in each step.
 */
export function revealed(graph: ComputationalGraph, step: number): Revealed {
  const { output } = graph;
  const operations = operationsOf(graph);
  const inputs = graph.nodes.filter(({ kind }) => kind === "input").map(({ id }) => id);
  const forward = operations.slice(0, step);
  const back = Math.min(step, stepsOf(graph)) - operations.length - 1;
  const passed = new Set(back > 0 ? operations.slice(-back) : []);
  const uses = (id: number): readonly number[] => graph.edges.filter(({ from }) => from === id).map(({ to }) => to);
  const isComplete = (id: number): boolean => back >= 0 && uses(id).every((to) => passed.has(to));
  const current = back > 0 ? operations.at(-back) : back === 0 ? output : forward.at(-1);
  return {
    values: new Set([...inputs, ...forward]), gradients: new Set(graph.nodes.map(({ id }) => id).filter(isComplete)), passed,
    current: step >= stepsOf(graph) ? undefined : current, isForward: back < 0, output,
  };
}
