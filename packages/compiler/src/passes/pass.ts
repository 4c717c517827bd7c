import type { Graph } from "../ir/graph.js";
import type { LibraryPrimitive } from "../ir/program.js";

/** A pass: replaces a graph by one that computes the same. `has`: whether the compiler has a library primitive that the graph may not have yet. */
export type Pass = (graph: Graph, has: (primitive: LibraryPrimitive) => boolean) => Graph;

/** Passes by name, in the order in which they run. */
export type Passes = Readonly<Record<string, Pass>>;

/** The graph after a pass, with the name of the pass. */
export interface PassResult {
  readonly name: string;
  readonly graph: Graph;
}
