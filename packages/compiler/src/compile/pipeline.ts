import type { Graph } from "../ir/graph.js";
import type { Program } from "../ir/program.js";
import { lower } from "../lower/lower.js";
import type { Parts } from "../parts/part.js";
import { passesOf, requireParts } from "../parts/requirements.js";
import { removeCoveredChecks } from "../passes/covered-checks.js";
import { reuseActivation } from "../passes/reuse-activation.js";
import { simplify } from "../passes/simplify.js";

/** What has become of a graph, by the name of what made it. */
export interface PassResult {
  readonly name: string;
  readonly graph: Graph;
}

/** The graph as it was traced, and after each pass, in order. `parts` bring passes of their own. */
export function* passResults(traced: Graph, parts: Parts): Generator<PassResult, void> {
  let graph = traced;
  yield { name: "trace", graph };
  for (const [name, pass] of Object.entries({ simplify, ...passesOf(parts), reuseActivation, removeCoveredChecks })) {
    graph = pass(graph);
    parts.diagnostics?.checkGraph(graph);
    yield { name, graph };
  }
}

/** The kernels of a traced graph: all passes, then lowering. */
export function programOf(traced: Graph, parts: Parts): Program {
  let graph = traced;
  for (const result of passResults(traced, parts)) graph = result.graph;
  requireParts(graph, parts);
  const program = lower(graph);
  parts.diagnostics?.checkProgram(program);
  return program;
}
