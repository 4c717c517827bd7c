import { sameShape, sizeOf } from "@nn/tensor/extend";
import type { InputsOf, Primitive, TensorType } from "@nn/tensor/interpreter";
import { GraphError } from "../errors.js";
import { formatType, topologicalOrder, type ApplicationNode, type Graph } from "./graph.js";
import { readsOf, writesOf, type Buffer, type Program } from "./program.js";

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

function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

/** Checks that kernels read only what was given or written before, and that all results are written. */
export function validateProgram(program: Program): void {
  const filled = new Set(program.buffers.filter(({ role }) => role.kind !== "temporary"));
  const requireFilled = (buffer: Buffer, what: string): void => {
    if (!filled.has(buffer) && sizeOf(buffer.shape) > 0) throw new GraphError(`${what} reads buffer ${buffer.id}, ${formatType(buffer)}, before it is written`);
  };
  program.kernels.forEach((kernel, at) => {
    const name = `kernel ${at} (${kernel.label})`;
    const own = writesOf(kernel);
    for (const buffer of readsOf(kernel)) if (!own.has(buffer)) requireFilled(buffer, name);
    for (const buffer of own) {
      if (buffer.role.kind !== "temporary") throw new GraphError(`${name} writes buffer ${buffer.id}, which is a ${buffer.role.kind}`);
      filled.add(buffer);
    }
  });
  program.outputs.forEach((buffer) => requireFilled(buffer, "a result"));
  program.writes.forEach(({ from }) => requireFilled(from, "a variable"));
}
