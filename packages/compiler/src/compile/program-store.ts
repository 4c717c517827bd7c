import type { Graph } from "../ir/graph.js";
import type { BuildOptions } from "../runtime/build-options.js";
import type { Engine } from "../runtime/engine.js";
import type { ProgramImage } from "../runtime/image.js";

/** A function that was traced and has no program yet. */
export interface ImageRequest {
  readonly graph: Graph;
  readonly engine: Engine;
  readonly options: BuildOptions;
  /** Lowers the graph. */
  assemble(): ProgramImage;
}

/** Keeps compiled programs between runs, and gives the program of a function that was traced: what `programStore` of `@nn/compiler/features` makes. */
export type ProgramStore = (request: ImageRequest) => ProgramImage;
