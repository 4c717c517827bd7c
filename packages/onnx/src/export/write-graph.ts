import type { Tensor, Variable } from "@nn/tensor";
import type { InputsOf, Primitive } from "@nn/tensor/interpreter";
import { constantsOf } from "./fold.js";
import { isOf, type ApplicationNode, type Graph, type Node } from "./graph.js";
import type { Context, Match } from "./patterns/pattern.js";
import { patterns } from "./patterns/table.js";
import { exporters } from "./primitives/table.js";
import type { GraphWriter } from "./writer.js";

/** What is written for one node. */
interface Step {
  readonly node: Node;
  readonly match: Match;
}

/** Writes the nodes of a graph on which its outputs depend, and gives its outputs their names. */
export function writeGraph(graph: Graph, writer: GraphWriter, nameOf: (variable: Variable, path: string) => string): void {
  const names = new Map<Node, string>();
  for (const { node, match } of stepsOf(graph, nameOf)) {
    writer.path = node.path;
    names.set(node, match.write(writer, match.operands.map((operand) => names.get(operand) ?? "")));
  }
  writer.path = "";
  nameOutputs(graph, writer, names);
}

/** From the outputs back: a node is written if something that is written reads it. */
function stepsOf(graph: Graph, nameOf: (variable: Variable, path: string) => string): readonly Step[] {
  const constants = constantsOf(graph);
  const context = contextOf(graph, constants);
  const needed = new Set(graph.outputs.map(([, node]) => node));
  const steps: Step[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!needed.has(node)) continue;
    const match = matchOf(node, constants.get(node), context, nameOf);
    steps.push({ node, match });
    for (const operand of match.operands) needed.add(operand);
  }
  return steps.toReversed();
}

function matchOf(node: Node, constant: Tensor | undefined, context: Context, nameOf: (variable: Variable, path: string) => string): Match {
  if (node.kind === "input") return { operands: [], write: () => node.name };
  if (node.kind === "variable") return { operands: [], write: (writer) => writer.initializer(nameOf(node.variable, node.path), node.variable.value) };
  // ONNX Runtime infers wrong shapes for some operators without elements.
  if (node.kind === "primitive" && node.type.shape.includes(0)) return { operands: [], write: (writer) => writer.filled(node.type.shape, 0, node.type.dtype) };
  if (constant !== undefined && !isOf(node, "full")) return { operands: [], write: (writer) => writer.constant(constant) };
  for (const pattern of patterns) {
    const match = pattern(node, context);
    if (match !== undefined) return match;
  }
  return node.kind === "primitive" ? primitiveMatch(node as ApplicationNode<Primitive>) : { operands: [], write: () => "" };
}

function primitiveMatch<P extends Primitive>(node: ApplicationNode<P>): Match {
  const operands: readonly Node[] = node.inputs;
  return { operands, write: (writer, names) => exporters[node.primitive](writer, names as InputsOf<P, string>, node) };
}

function contextOf({ nodes, outputs }: Graph, constants: ReadonlyMap<Node, Tensor>): Context {
  const reached = new Set(outputs.map(([, node]) => node));
  const uses = new Map<Node, number>(outputs.map(([, node]) => [node, 2]));
  for (const node of nodes.toReversed()) {
    if (!reached.has(node) || node.kind !== "primitive") continue;
    for (const input of node.inputs as readonly Node[]) {
      reached.add(input);
      uses.set(input, (uses.get(input) ?? 0) + 1);
    }
  }
  return {
    constantOf: (node) => constants.get(node),
    isUsedOnce: (node) => uses.get(node) === 1,
    numberOf: (node) => {
      if (isOf(node, "full") && typeof node.attributes.value === "number") return node.attributes.value;
      const constant = constants.get(node);
      return constant?.size === 1 ? Number(constant.data("toOnnx")[0]) : undefined;
    },
  };
}

/** Renames what nodes write to the names of the outputs. An output that is an input, a constant or another output is copied. */
function nameOutputs({ outputs }: Graph, writer: GraphWriter, names: ReadonlyMap<Node, string>): void {
  const written = new Map(writer.nodes.flatMap(({ output = [] }) => output.map((name) => [name, name] as const)));
  const renamed = new Map<string, string>();
  const copies: (readonly [from: string, to: string])[] = [];
  for (const [output, node] of outputs) {
    const name = names.get(node) ?? "";
    if (written.has(name) && !renamed.has(name)) renamed.set(name, output);
    else copies.push([renamed.get(name) ?? name, output]);
  }
  writer.rename(renamed);
  for (const [from, to] of copies) writer.copy(from, to);
}
