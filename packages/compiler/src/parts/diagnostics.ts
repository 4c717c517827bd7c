import type { Tensor } from "@nn/tensor";
import { explainProgram } from "../explain.js";
import type { Graph } from "../graph.js";
import type { MemoryPlan } from "../passes/plan.js";
import { profileProgram, type Profile } from "../profile.js";
import type { Program } from "../program.js";
import type { Executable } from "../runtime/executable.js";
import type { Pattern } from "../runtime/pattern.js";
import { validateGraph, validatePlan, validateProgram } from "../validate.js";

/** How a compiler shows what it built, and checks itself while it builds. */
export interface Diagnostics {
  /** Lists what was built for arguments of one form. */
  explain(executable: Executable, pattern: Pattern): string;
  /** Runs a program once and times its kernels. */
  profile(executable: Executable, inputs: readonly Tensor[]): Profile;
  /** @throws GraphError if a pass has broken the graph. */
  checkGraph(graph: Graph): void;
  /** @throws GraphError if kernels read what was not written before. */
  checkProgram(program: Program): void;
  /** @throws GraphError if buffers that are in use together overlap. */
  checkPlan(program: Program, plan: MemoryPlan): void;
}

/** `explain()`, `profile()` and the checks of every pass. */
export const diagnostics: Diagnostics = {
  explain: explainProgram,
  profile: profileProgram,
  checkGraph: validateGraph,
  checkProgram: validateProgram,
  checkPlan: validatePlan,
};
