import type { Graph } from "../ir/graph.js";

/** A pass: replaces a graph by one that computes the same. */
export type Pass = (graph: Graph) => Graph;

/** Passes by name, in the order in which they run. */
export type Passes = Readonly<Record<string, Pass>>;

/** The graph after a pass, with the name of the pass. */
export interface PassResult {
  readonly name: string;
  readonly graph: Graph;
}
