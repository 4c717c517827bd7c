import type { DType, Shape, TypedArray, Variable } from "@nn/tensor";
import type { AttributesOf, InputsOf, NumberFunction } from "@nn/tensor/interpreter";
import type { Node } from "./graph.js";
import type { Affine } from "./affine.js";
import type { PrimitiveOfKind } from "./op-kinds.js";

/** What a buffer is for, which decides who fills it and how long it lives. */
export type BufferRole =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly data: TypedArray }
  | { readonly kind: "state"; readonly variable: Variable }
  | { readonly kind: "host"; readonly callback: () => number | readonly number[] }
  | { readonly kind: "temporary" }
  /** The elements of another buffer, counted by another shape: a reshape that costs nothing. */
  | { readonly kind: "view"; readonly of: Buffer };

/** A piece of linear memory that holds a tensor in row-major order. */
export interface Buffer {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly role: BufferRole;
}

/** The buffer in whose memory the elements of `buffer` lie. */
export function storageOf(buffer: Buffer): Buffer {
  return buffer.role.kind === "view" ? buffer.role.of : buffer;
}

/** A way to fail that a program has: what its code reports by a number, and the error that it then is. */
export interface Fault {
  readonly id: number;
  /** The error for the two whole numbers that are reported: an index and its place among the indices (-1 if that is not known), or two operands. */
  error(x: number, y: number): Error;
}

/** The check of an index, which is the other operand of a read or an addition. */
export interface IndexCheck {
  readonly fault: Fault;
  /** The length of the axis. */
  readonly size: number;
  /** The node whose elements the index has: what is checked once needs no second check. `undefined` if they are known to be right. */
  readonly of: Node | undefined;
}

/** An index, once it was checked. */
export interface CheckedIndex {
  readonly kind: "checked";
  readonly dtype: DType;
  readonly index: Value;
  readonly check: IndexCheck;
  /** Its place among the indices, where that is known. */
  readonly place: Affine | undefined;
  /** Whether the loops run over all of the indices. */
  readonly whole: boolean;
}

/** A value that an iteration of a loop nest computes: an expression, shared where it is used more than once. */
export type Value =
  | { readonly kind: "load"; readonly dtype: DType; readonly buffer: Buffer; readonly at: Affine }
  | { readonly kind: "gather"; readonly dtype: DType; readonly buffer: Buffer; readonly at: Affine; readonly stride: number; readonly index: CheckedIndex }
  | CheckedIndex
  | { readonly kind: "constant"; readonly dtype: DType; readonly value: number }
  | { readonly kind: "position"; readonly dtype: DType; readonly at: Affine }
  | {
      readonly kind: "apply"; readonly dtype: DType; readonly primitive: ElementwisePrimitive; readonly inputs: readonly Value[];
      /** That of the primitive's definition. */
      readonly scalarFunction: NumberFunction | undefined;
      /** What happens for operands for which there is no result. */
      readonly fault: Fault | undefined;
    }
  | { readonly kind: "reduce"; readonly dtype: DType; readonly reduction: ReductionKind; readonly input: Value }
  /** The output element of the kernel that an epilogue follows. */
  | { readonly kind: "accumulator"; readonly dtype: DType };

/** The values that a value is computed from. */
export function childrenOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case "apply": return value.inputs;
    case "gather":
    case "checked": return [value.index];
    case "reduce": return [value.input];
    default: return [];
  }
}

/** How elements are combined. */
export type ReductionKind = PrimitiveOfKind<"reduction">;

/** The primitives that compute an element from elements at the same place. */
export type ElementwisePrimitive = PrimitiveOfKind<"elementwise" | "function">;

/** A value written at a place of a buffer in each iteration. */
export interface Store {
  readonly buffer: Buffer;
  readonly at: Affine;
  readonly value: Value;
}

/**
 * A loop nest over `domain`. Axes marked in `reduced` are the inner loops: reductions run over all of them. Values that
 * depend on a reduction are computed after it, in a further pass over the inner loops where they depend on them.
 */
export interface LoopKernel {
  readonly kind: "loop";
  readonly domain: readonly number[];
  readonly reduced: readonly boolean[];
  readonly stores: readonly Store[];
  /** What was fused, for listings. */
  readonly label: string;
}

/** The primitives with a kernel of their own. */
export type LibraryPrimitive = PrimitiveOfKind<"library">;

/** A primitive with a kernel of its own, over whole buffers. */
export interface LibraryKernel<P extends LibraryPrimitive> {
  readonly kind: "library";
  readonly primitive: P;
  readonly attributes: AttributesOf<P>;
  /** Those of the primitive, in order; without the base of a scatter if that is zero everywhere. */
  readonly inputs: P extends "scatterAdd" ? readonly Buffer[] : InputsOf<P, Buffer>;
  readonly output: Buffer;
  /** Of a scatter: the check of its index. */
  readonly check: IndexCheck | undefined;
  /**
   * Elementwise work on the output while it is in registers: stores whose `accumulator` is the output's element, over the
   * output's rows and columns. Without it the output is stored as it is.
   */
  readonly epilogue: LoopKernel | undefined;
  readonly label: string;
}

/** A kernel of a program. */
export type Kernel = LoopKernel | { [P in LibraryPrimitive]: LibraryKernel<P> }[LibraryPrimitive];

/** What is to be executed: kernels in order, over buffers. */
export interface Program {
  readonly kernels: readonly Kernel[];
  readonly buffers: readonly Buffer[];
  /** The buffers that the host fills, in the order in which their callbacks are to run. */
  readonly hosts: readonly Buffer[];
  /** The buffers that hold the results when the kernels have run. */
  readonly outputs: readonly Buffer[];
  /** After the kernels: the buffers whose contents are the variables' new values. A buffer that is the variable's own is in place. */
  readonly writes: readonly { readonly variable: Variable; readonly from: Buffer }[];
  /** By their numbers. */
  readonly faults: readonly Fault[];
}

/** All values that a loop nest computes, each once. */
export function valuesOf({ stores }: Pick<LoopKernel, "stores">): Set<Value> {
  const values = new Set(stores.map(({ value }) => value));
  for (const value of values) for (const child of childrenOf(value)) values.add(child);
  return values;
}

/** The buffers that a loop nest reads. */
export function loadsOf(loop: Pick<LoopKernel, "stores">): Set<Buffer> {
  const buffers = new Set<Buffer>();
  for (const value of valuesOf(loop)) if (value.kind === "load" || value.kind === "gather") buffers.add(value.buffer);
  return buffers;
}

/** The loop nest of a kernel: its own, or its epilogue. */
export function loopOf(kernel: Kernel): LoopKernel | undefined {
  return kernel.kind === "loop" ? kernel : kernel.epilogue;
}

/** The buffers that a kernel reads. */
export function readsOf(kernel: Kernel): Set<Buffer> {
  const loop = loopOf(kernel);
  return new Set([...(kernel.kind === "library" ? kernel.inputs.map(storageOf) : []), ...(loop === undefined ? [] : loadsOf(loop))]);
}

/** The buffers that a kernel writes. */
export function writesOf(kernel: Kernel): Set<Buffer> {
  const stored = loopOf(kernel)?.stores.map(({ buffer }) => buffer) ?? [];
  return new Set(kernel.kind === "library" && kernel.epilogue === undefined ? [kernel.output, ...stored] : stored);
}
