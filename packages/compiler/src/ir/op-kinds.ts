import type { Primitive } from "@nn/tensor/interpreter";
import type { Node, PrimitiveNode } from "./graph.js";

/** How the compiler computes a primitive. TVM fuses by kinds like these (its "op patterns"). */
export type OpKind =
  /** Computed element by element inside a loop, by an instruction or a few. */
  | "elementwise"
  /** Computed element by element inside a loop, by an elementary function. */
  | "function"
  /** Changes only where a loop reads, so it costs nothing. */
  | "movement"
  /** Combines elements over axes of a loop. */
  | "reduction"
  /** A read at a computed position inside a loop. */
  | "gather"
  /** A known number, or a count along an axis. */
  | "source"
  /** Written piece by piece into one buffer. */
  | "assembly"
  /** Filled by the host before the program runs. */
  | "hostCallback"
  /** Computed by a library kernel over whole buffers. */
  | "library"
  /** Replaced by other primitives when the graph is simplified. */
  | "decomposed";

/** The kind of each primitive. */
export const opKinds = {
  neg: "elementwise", abs: "elementwise", sign: "elementwise", floor: "elementwise", ceil: "elementwise", round: "elementwise",
  trunc: "elementwise", sqrt: "elementwise", add: "elementwise", sub: "elementwise", mul: "elementwise", div: "elementwise",
  maximum: "elementwise", minimum: "elementwise", equal: "elementwise", less: "elementwise", lessEqual: "elementwise",
  logicalNot: "elementwise", logicalAnd: "elementwise", logicalOr: "elementwise", select: "elementwise", cast: "elementwise",
  bitwiseAnd: "elementwise", bitwiseOr: "elementwise", bitwiseXor: "elementwise", bitwiseLeftShift: "elementwise", bitwiseRightShift: "elementwise",
  exp: "function", expm1: "function", log: "function", log1p: "function", sin: "function", cos: "function", tanh: "function",
  sigmoid: "function", erf: "function", erfc: "function", erfInv: "function", pow: "function", atan2: "function", remainder: "function",
  sum: "reduction", prod: "reduction", max: "reduction", min: "reduction", argMax: "decomposed", argMin: "decomposed",
  cumSum: "library", cumProd: "library", argSort: "library", matmul: "library", convolution: "library", windowSum: "library",
  windowArgMax: "library", quantizedMatmul: "library", bfloat16Matmul: "library", scatterAdd: "library", randomBits: "library",
  gather: "gather", full: "source", iota: "source", hostCallback: "hostCallback", pad: "assembly", concat: "assembly",
  reshape: "movement", permute: "movement", expand: "movement", slice: "movement", flip: "movement",
} as const satisfies { readonly [P in Primitive]: OpKind };

/** The primitives of certain kinds. */
export type PrimitiveOfKind<T extends OpKind> = { [P in Primitive]: (typeof opKinds)[P] extends T ? P : never }[Primitive];

/** Whether a primitive is computed by an elementary function. */
export function isFunction(primitive: Primitive): primitive is PrimitiveOfKind<"function"> {
  return opKinds[primitive] === "function";
}

/** Whether a node applies a primitive of certain kinds. Inputs, constants and state do not. */
export function isKind<T extends OpKind>(node: Node, ...kinds: readonly T[]): node is Extract<PrimitiveNode, { readonly primitive: PrimitiveOfKind<T> }> {
  const all: readonly OpKind[] = kinds;
  return node.kind === "primitive" && all.includes(opKinds[node.primitive]);
}
