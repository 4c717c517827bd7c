import type { InputsOf, Primitive, TensorType } from "@nn/tensor/interpreter";
import { GraphError } from "../errors.js";
import { formatType, sameType, topologicalOrder, type ApplicationNode, type Graph } from "./graph.js";

/** Checks that every node has the type that its primitive gives, and that variables get values of their type. */
export function validateGraph(graph: Graph): void {
  for (const node of topologicalOrder(graph)) {
    if (node.kind !== "primitive") continue;
    const found = expectedType(node);
    if (!sameType(found, node.type)) throw new GraphError(`${node.primitive} (node ${node.id}) is ${formatType(node.type)}, its inputs give ${formatType(found)}`);
  }
  for (const { variable, value } of graph.writes) {
    if (!sameType(variable, value.type)) throw new GraphError(`a variable of ${formatType(variable)} would be given ${formatType(value.type)}`);
  }
}

function expectedType<P extends Primitive>({ definition, inputs, attributes }: ApplicationNode<P>): TensorType {
  const types: readonly TensorType[] = inputs.map((input) => input.type);
  return definition.type(types as InputsOf<P, TensorType>, attributes);
}
