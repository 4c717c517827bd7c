import type { Tensor } from "@nn/tensor";
import { explain, type ExplainOptions } from "../diagnostics/explain.js";
import type { Graph } from "../ir/graph.js";
import type { MemoryPlan } from "../memory/plan.js";
import type { PassResult } from "../passes/pass.js";
import { profileProgram, type Profile } from "../diagnostics/profile.js";
import type { Program } from "../ir/program.js";
import type { Executable } from "../runtime/executable.js";
import type { CachedProgram } from "../compile/program-cache.js";
import { validateGraph } from "../ir/validate-graph.js";
import { validateProgram } from "../ir/validate-program.js";
import { validatePlan } from "../memory/validate-plan.js";

/** How a compiler describes its programs, and checks itself while it builds them. */
export interface Diagnostics {
  /** Whether `explain` needs the traced graph of every program. */
  readonly keepsGraphs: boolean;
  /** Describes the last program of a function. `passes` gives its graph after each pass. */
  explain(latest: CachedProgram | undefined, passes: (traced: Graph) => Iterable<PassResult>, options?: ExplainOptions): string;
  /** Runs a program once and times its kernels. */
  profile(executable: Executable, inputs: readonly Tensor[]): Profile;
  /** @throws GraphError if the passes have broken the graph. */
  checkGraph(graph: Graph): void;
  /** @throws GraphError if kernels read what was not written before. */
  checkProgram(program: Program): void;
  /** @throws GraphError if buffers that are in use together overlap. */
  checkPlan(program: Program, plan: MemoryPlan): void;
}

/** `explain()`, `profile()` and the checks of graphs, programs and plans. */
export const diagnostics: Diagnostics & { readonly feature: "diagnostics" } = {
  feature: "diagnostics",
  keepsGraphs: true,
  explain,
  profile: profileProgram,
  checkGraph: validateGraph,
  checkProgram: validateProgram,
  checkPlan: validatePlan,
};
