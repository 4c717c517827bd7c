import type { DType, Tensor, Variable } from "@nn/tensor";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive } from "@nn/tensor/interpreter";
import { aligned, NotAligned, type Size, type Sized } from "./size.js";
import type { Trace, TracedApplication, TracedValue } from "./trace.js";

/** The type of a value; sizes may grow with the batch. */
export interface SizedType {
  readonly shape: readonly Size[];
  readonly dtype: DType;
}

interface Common {
  readonly id: number;
  readonly type: SizedType;
  /** The path of the module that made it. */
  readonly path: string;
}

/** The primitive `P` applied to nodes. */
export interface ApplicationNode<P extends Primitive> extends Common {
  readonly kind: "primitive";
  readonly primitive: P;
  readonly definition: DefinitionOf<P>;
  readonly inputs: InputsOf<P, Node>;
  readonly attributes: Sized<AttributesOf<P>>;
}

/** A primitive applied to nodes; narrows by the name of the primitive. */
export type PrimitiveNode = { [P in Primitive]: ApplicationNode<P> }[Primitive];

/** A value of a graph. */
export type Node =
  | (Common & { readonly kind: "input"; readonly name: string })
  | (Common & { readonly kind: "constant"; readonly value: Tensor })
  | (Common & { readonly kind: "variable"; readonly variable: Variable })
  | PrimitiveNode;

/** Whether a node is an application of a certain primitive. */
export function isOf<P extends Primitive>(node: Node | undefined, primitive: P): node is Extract<PrimitiveNode, { readonly primitive: P }> {
  return node?.kind === "primitive" && node.primitive === primitive;
}

/** What a function computes, for every batch. */
export interface Graph {
  /** All nodes, inputs before their users. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly (readonly [name: string, node: Node])[];
}

/**
 * One graph for the traces of a function with several batches.
 * @throws NotAligned if the function computes something else for another batch.
 */
export function graphOf(traces: readonly [Trace, ...Trace[]], batches: readonly number[]): Graph {
  const [first] = traces;
  const nodes: Node[] = [];
  if (traces.some(({ values }) => values.length !== first.values.length)) throw new NotAligned("the number of operations depends on the size of the batch");
  for (const value of first.values) nodes.push(nodeOf(value, traces.map(({ values }) => values[value.id] ?? value), nodes, batches));
  return { nodes, outputs: first.outputs.map(([name, { id }]) => [name, at(nodes, id)] as const) };
}

function at(nodes: readonly Node[], id: number): Node {
  const node = nodes[id];
  if (node === undefined) throw new NotAligned("an operation uses a later one");
  return node;
}

function nodeOf({ id, path, source, type: { dtype } }: TracedValue, all: readonly TracedValue[], nodes: readonly Node[], batches: readonly number[]): Node {
  const where = path === "" ? "" : `in ${path}: `;
  try {
    const shape = aligned(all.map(({ type }) => [...type.shape]), batches);
    const common: Common = { id, path, type: { shape, dtype } };
    if (source.kind === "input") return { ...common, kind: "input", name: source.name };
    if (source.kind === "variable") return { ...common, kind: "variable", variable: source.variable };
    if (source.kind === "constant") {
      for (const other of all) requireEqual(source.value, other);
      return { ...common, kind: "constant", value: source.value };
    }
    const others = all.map((other) => (other.source.kind === "primitive" ? other.source : undefined));
    if (others.some((other) => other?.definition.name !== source.definition.name || !sameInputs(other, source))) throw new NotAligned("other operations follow for another batch");
    const attributes = aligned<AttributesOf<Primitive>>(others.map((other) => other?.attributes ?? source.attributes), batches);
    const inputs = source.inputs.map((input) => at(nodes, input.id)) as InputsOf<Primitive, Node>;
    const application: ApplicationNode<Primitive> = { ...common, kind: "primitive", primitive: source.definition.name, definition: source.definition, inputs, attributes };
    return application as PrimitiveNode;
  } catch (error) {
    if (error instanceof NotAligned) throw new NotAligned(`${where}${source.kind === "primitive" ? source.definition.name : source.kind}: ${error.message}`);
    throw error;
  }
}

function sameInputs(a: TracedApplication, b: TracedApplication): boolean {
  return a.inputs.length === b.inputs.length && a.inputs.every(({ id }, position) => id === b.inputs[position]?.id);
}

function requireEqual(value: Tensor, { source }: TracedValue): void {
  if (source.kind !== "constant") throw new NotAligned("other operations follow for another batch");
  if (source.value.storage === value.storage) return;
  const [a, b] = [value.data("toOnnx"), source.value.data("toOnnx")];
  if (a.length !== b.length || a.some((each, position) => !Object.is(each, b[position]))) {
    throw new NotAligned("a tensor is made from numbers that depend on the size of the batch; make it with operations such as zeros, arange and comparisons");
  }
}
