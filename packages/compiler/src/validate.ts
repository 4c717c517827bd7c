import { sameShape, sizeOf, type InputsOf, type Primitive, type TensorType } from "@nn/tensor";
import { GraphError } from "./errors.js";
import { formatType, topologicalOrder, type ApplicationNode, type Graph } from "./graph.js";
import { readsOf, writesOf, reservedBytes, type MemoryPlan } from "./passes/plan.js";
import type { Buffer, Program } from "./program.js";

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

/** Checks that no two buffers that are in use at the same time overlap. */
export function validatePlan(program: Program, plan: MemoryPlan): void {
  const last = new Map<Buffer, number>();
  const first = new Map<Buffer, number>();
  plan.kernels.forEach((kernel, at) => {
    for (const buffer of [...readsOf(kernel), ...writesOf(kernel)]) {
      if (!first.has(buffer)) first.set(buffer, buffer.role.kind === "temporary" ? at : -1);
      last.set(buffer, at);
    }
  });
  for (const buffer of program.outputs) last.set(buffer, plan.kernels.length);
  const live = [...plan.offsets].map(([buffer, start]) => ({ buffer, start, end: start + reservedBytes(buffer), from: first.get(buffer), to: last.get(buffer) }));
  for (const [at, a] of live.entries()) {
    for (const b of live.slice(at + 1)) {
      if (a.from === undefined || a.to === undefined || b.from === undefined || b.to === undefined) continue;
      const together = a.from <= b.to && b.from <= a.to;
      if (together && a.start < b.end && b.start < a.end) throw new GraphError(`buffers ${a.buffer.id} and ${b.buffer.id} are in use together and overlap`);
    }
  }
}
