import type { InputsOf, Primitive } from "@nn/tensor/interpreter";
import { GraphBuilder } from "../ir/builder.js";
import { at } from "../ir/at.js";
import { isOf, sameType, topologicalOrder, type ApplicationNode, type Graph, type Node, type PrimitiveNode } from "../ir/graph.js";

/** What replaces an application, given the new nodes of its inputs. `undefined` keeps it. */
export type Rewrite = (builder: GraphBuilder, node: PrimitiveNode, inputs: readonly Node[]) => Node | undefined;

/** Rebuilds a graph, inputs before their users, and passes every application through `rewrite`. */
export function rewriteGraph(graph: Graph, rewrite: Rewrite): Graph {
  const builder = new GraphBuilder();
  const replaced = new Map<Node, Node>();
  const of = (node: Node): Node => replaced.get(node) ?? node;
  for (const node of topologicalOrder(graph)) replaced.set(node, rebuilt(builder, node, node.inputs.map(of), rewrite));
  const hostCallbacks = graph.hostCallbacks.map(of).filter((node) => isOf(node, "hostCallback"));
  return {
    outputs: graph.outputs.map(of),
    writes: graph.writes.map(({ variable, value }) => ({ variable, value: of(value) })),
    hostCallbacks,
    checks: [...new Set(graph.checks.map(of))],
  };
}

function rebuilt(builder: GraphBuilder, node: Node, inputs: readonly Node[], rewrite: Rewrite): Node {
  switch (node.kind) {
    case "input": return builder.input(node.type, node.index);
    case "state": return builder.state(node.variable);
    case "constant": return builder.constant(node.type, node.data);
    default: return rewrite(builder, node, inputs) ?? reapplied(builder, node, inputs);
  }
}

/** The primitive of `node` with its attributes, on other inputs. */
export function reapplied<P extends Primitive>(builder: GraphBuilder, node: ApplicationNode<P>, inputs: readonly Node[]): Node {
  const { definition, attributes, location, type } = node;
  const before: readonly Node[] = node.inputs;
  const isAlike = inputs.every((input, index) => sameType(input.type, at(before, index).type));
  return builder.apply(definition, inputs as InputsOf<P, Node>, attributes, location, isAlike ? type : undefined);
}
