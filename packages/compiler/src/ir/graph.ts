import type { TypedArray, Variable } from "@nn/tensor";
import { sameShape } from "@nn/tensor/extend";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive, TensorType } from "@nn/tensor/interpreter";
import { remember } from "./remember.js";

/** A tensor that the caller passes. */
export interface InputNode {
  readonly kind: "input";
  readonly id: number;
  readonly type: TensorType;
  readonly inputs: readonly [];
  /** Position among the tensors of the call. */
  readonly index: number;
}

/** A tensor from outside the traced function. */
export interface ConstantNode {
  readonly kind: "constant";
  readonly id: number;
  readonly type: TensorType;
  readonly inputs: readonly [];
  readonly data: TypedArray;
}

/** The value of a variable when the program starts. */
export interface StateNode {
  readonly kind: "state";
  readonly id: number;
  readonly type: TensorType;
  readonly inputs: readonly [];
  readonly variable: Variable;
}

/** The primitive `P` applied to nodes. */
export interface ApplicationNode<P extends Primitive> {
  readonly kind: "primitive";
  readonly id: number;
  readonly type: TensorType;
  /** The name of the primitive: passes and kernels compare names. */
  readonly primitive: P;
  readonly definition: DefinitionOf<P>;
  readonly inputs: InputsOf<P, Node>;
  readonly attributes: AttributesOf<P>;
  /** The module in which it may fail, for its error; `""` outside of modules, and if it cannot fail. */
  readonly location: string;
}

/** A primitive applied to nodes; narrows by the name of the primitive. */
export type PrimitiveNode = { [P in Primitive]: ApplicationNode<P> }[Primitive];

/** A value of a program. */
export type Node = InputNode | ConstantNode | StateNode | PrimitiveNode;

/** A new value of a variable. */
export interface StateWrite {
  readonly variable: Variable;
  readonly value: Node;
}

/**
 * A directed acyclic graph of primitives over inputs, constants and state. It consists of what is reachable from `outputs`, `writes`,
 * `hostCallbacks` and `checks`. `hostCallbacks` are kept in program order, because they may have effects on the host. `checks` are kept
 * because they fail where the program has to (`trace/checks.ts`).
 */
export interface Graph {
  readonly outputs: readonly Node[];
  readonly writes: readonly StateWrite[];
  readonly hostCallbacks: readonly ApplicationNode<"hostCallback">[];
  readonly checks: readonly Node[];
}

/** The values that a program must produce. */
export function resultsOf(graph: Graph): Node[] {
  return [...graph.outputs, ...graph.writes.map(({ value }) => value), ...graph.hostCallbacks, ...graph.checks];
}

/**
 * All nodes of a graph in the order in which the function made them, inputs before their users. So the second computation of a
 * checkpoint comes where the backward pass needs it.
 */
export const topologicalOrder: (graph: Graph) => readonly Node[] = /* @__PURE__ */ remember((graph) => {
  const byId: (Node | undefined)[] = [];
  const reach = (node: Node): void => {
    while (byId.length <= node.id) byId.push(undefined);
    byId[node.id] = node;
  };
  resultsOf(graph).forEach(reach);
  // The inputs of a node have lower numbers.
  for (let id = byId.length - 1; id >= 0; id--) for (const input of byId[id]?.inputs ?? []) reach(input);
  return byId.filter((node) => node !== undefined);
});

/** For each node, the nodes that read it. */
export function usersOf(order: readonly Node[]): Map<Node, Node[]> {
  const users = new Map<Node, Node[]>(order.map((node) => [node, []]));
  for (const node of order) for (const input of node.inputs) users.get(input)?.push(node);
  return users;
}

/** Whether a node is an application of a certain primitive. */
export function isOf<P extends Primitive>(node: Node | undefined, primitive: P): node is Extract<PrimitiveNode, { readonly primitive: P }> {
  return node?.kind === "primitive" && node.primitive === primitive;
}

/** The value of a node whose elements all are the same known number. */
export function uniformValue(node: Node | undefined): number | undefined {
  return isOf(node, "full") ? node.attributes.value : undefined;
}

/** Whether two types are equal. */
export function sameType(a: TensorType, b: TensorType): boolean {
  return a === b || (a.dtype === b.dtype && sameShape(a.shape, b.shape));
}

/** `f32[64, 784]`, as listings write types. */
export function formatType({ dtype, shape }: TensorType): string {
  const short = { float32: "f32", float64: "f64", int32: "i32", bool: "bool" } as const;
  return `${short[dtype]}[${shape.join(", ")}]`;
}
