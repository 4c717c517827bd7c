import type { Graph } from "../ir/graph.js";
import type { Program } from "../ir/program.js";
import { lower } from "../lower/lower.js";
import type { Target } from "../features/target.js";
import { removeCoveredChecks } from "../passes/covered-checks.js";
import type { PassResult, Passes } from "../passes/pass.js";
import { reuseActivation } from "../passes/reuse-activation.js";
import { simplify } from "../passes/simplify.js";

/** The graph as it was traced, and after each pass, in order. */
export function* passResults(traced: Graph, target: Target): Generator<PassResult, void> {
  let graph = traced;
  yield { name: "trace", graph };
  const passes: Passes = { simplify, ...target.passes, reuseActivation, removeCoveredChecks };
  for (const [name, pass] of Object.entries(passes)) {
    graph = pass(graph, target.has);
    yield { name, graph };
  }
}

/** The kernels of a traced graph: all passes, then lowering. */
export function programOf(traced: Graph, target: Target): Program {
  let graph = traced;
  for (const result of passResults(traced, target)) graph = result.graph;
  target.diagnostics.checkGraph(graph);
  target.requireFeatures(graph);
  const program = lower(graph);
  target.diagnostics.checkProgram(program);
  return program;
}
