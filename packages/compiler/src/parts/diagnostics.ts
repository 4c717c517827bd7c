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
  explain(executable: Executable, pattern: Pattern): string;
  profile(executable: Executable, inputs: readonly Tensor[]): Profile;
  checkGraph(graph: Graph): void;
  checkProgram(program: Program): void;
  checkPlan(program: Program, plan: MemoryPlan): void;
}

export const diagnostics: Diagnostics = {
  explain: explainProgram,
  profile: profileProgram,
  checkGraph: validateGraph,
  checkProgram: validateProgram,
  checkPlan: validatePlan,
};
