import type { DType, Shape, TypedArray, Variable } from "@nn/tensor";
import type { AttributesOf, InputsOf, ScalarFunction } from "@nn/tensor/interpreter";
import type { Node } from "./graph.js";
import type { Affine } from "./affine.js";
import type { PrimitiveOfKind } from "./op-kinds.js";
import { remember } from "./remember.js";

/** What a buffer is for. This decides who fills it and how long it lives. */
export type BufferRole =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly data: TypedArray }
  | { readonly kind: "state"; readonly variable: Variable }
  | { readonly kind: "hostCallback"; readonly callback: () => number | readonly number[] }
  | { readonly kind: "temporary" }
  /** The elements of another buffer under another shape: a reshape that costs nothing. */
  | { readonly kind: "view"; readonly of: Buffer };

/** A tensor in memory, in row-major order. */
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

/** A way in which a program can fail. Its code reports a number, which the host turns into an error. */
export interface Fault {
  readonly id: number;
  /** The error for the two reported whole numbers: an index and its position among the indices (-1 if unknown), or two operands. */
  error(x: number, y: number): Error;
}

/** The check of the index of a gather or a scatter. */
export interface IndexCheck {
  readonly fault: Fault;
  /** The length of the axis. */
  readonly size: number;
  /** The node with the elements of the index, so that they are checked only once. `undefined` if they are known to be in range. */
  readonly of: Node | undefined;
}

/** An index that has been checked. */
export interface CheckedIndex {
  readonly kind: "checked";
  readonly dtype: DType;
  readonly index: Value;
  readonly check: IndexCheck;
  /** Its position among the indices, if known. */
  readonly position: Affine | undefined;
  /** Whether the loops run over all of the indices. */
  readonly whole: boolean;
}

/** An expression that each iteration of a loop nest computes. Values that are used several times are shared. */
export type Value =
  | { readonly kind: "load"; readonly dtype: DType; readonly buffer: Buffer; readonly at: Affine }
  | { readonly kind: "gather"; readonly dtype: DType; readonly buffer: Buffer; readonly at: Affine; readonly stride: number; readonly index: CheckedIndex }
  | CheckedIndex
  | { readonly kind: "constant"; readonly dtype: DType; readonly value: number }
  | { readonly kind: "position"; readonly dtype: DType; readonly at: Affine }
  | {
      readonly kind: "apply"; readonly dtype: DType; readonly primitive: ElementwisePrimitive; readonly inputs: readonly Value[];
      /** The scalar function of the primitive's definition. */
      readonly scalarFunction: ScalarFunction | undefined;
      /** The error for operands that have no result. */
      readonly fault: Fault | undefined;
    }
  | { readonly kind: "reduce"; readonly dtype: DType; readonly reduction: ReductionKind; readonly input: Value }
  /** In an epilogue: the output element of the library kernel. */
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

/** How a reduction combines elements. */
export type ReductionKind = PrimitiveOfKind<"reduction">;

/** The primitives that compute an element from elements at the same position. */
export type ElementwisePrimitive = PrimitiveOfKind<"elementwise" | "function">;

/** A value that each iteration writes to a buffer. */
export interface Store {
  readonly buffer: Buffer;
  readonly at: Affine;
  readonly value: Value;
}

/**
 * A loop nest over `domain`. The loops marked in `reduced` are the inner ones; reductions run over all of them. Values that depend on a
 * reduction are computed after it, in another pass over the inner loops if they depend on those too (`Phases`).
 */
export interface LoopKernel {
  readonly kind: "loop";
  readonly domain: readonly number[];
  readonly reduced: readonly boolean[];
  readonly stores: readonly Store[];
  /** What was fused, for listings. */
  readonly label: string;
}

/** The primitives that library kernels compute. */
export type LibraryPrimitive = PrimitiveOfKind<"library">;

/** A library kernel: one primitive over whole buffers, written by hand for each target. */
export interface LibraryKernel<P extends LibraryPrimitive> {
  readonly kind: "library";
  readonly primitive: P;
  readonly attributes: AttributesOf<P>;
  /** The inputs of the primitive, in order. The base of a scatter is left out if it is zero everywhere. */
  readonly inputs: P extends "scatterAdd" ? readonly Buffer[] : InputsOf<P, Buffer>;
  readonly output: Buffer;
  /** The check of the index of a scatter. */
  readonly check: IndexCheck | undefined;
  /**
   * Elementwise work on the output while it is in registers: a loop nest over the output's rows and columns, in which `accumulator` is the
   * output's element. Without an epilogue the kernel stores the output itself.
   */
  readonly epilogue: LoopKernel | undefined;
  readonly label: string;
}

/** A kernel of a program. */
export type Kernel = LoopKernel | { [P in LibraryPrimitive]: LibraryKernel<P> }[LibraryPrimitive];

/** Kernels over buffers, in the order in which they run. */
export interface Program {
  readonly kernels: readonly Kernel[];
  readonly buffers: readonly Buffer[];
  /** The buffers that host callbacks fill, in the order in which the callbacks run. */
  readonly hostCallbacks: readonly Buffer[];
  /** The buffers that hold the results after the kernels. */
  readonly outputs: readonly Buffer[];
  /** The buffers that hold the new values of variables after the kernels. */
  readonly writes: readonly { readonly variable: Variable; readonly from: Buffer }[];
  /** All faults, by their numbers. */
  readonly faults: readonly Fault[];
}

/** All values that a loop nest computes, each once. */
export const valuesOf: (loop: Pick<LoopKernel, "stores">) => ReadonlySet<Value> = /* @__PURE__ */ remember(({ stores }) => {
  const values = new Set(stores.map(({ value }) => value));
  for (const value of values) for (const child of childrenOf(value)) values.add(child);
  return values;
});

/** The buffers that a loop nest reads. */
export const loadsOf: (loop: Pick<LoopKernel, "stores">) => ReadonlySet<Buffer> = /* @__PURE__ */ remember((loop) => {
  const buffers = new Set<Buffer>();
  for (const value of valuesOf(loop)) if (value.kind === "load" || value.kind === "gather") buffers.add(value.buffer);
  return buffers;
});

/** The loop nest of a kernel: its own, or its epilogue. */
export function loopOf(kernel: Kernel): LoopKernel | undefined {
  return kernel.kind === "loop" ? kernel : kernel.epilogue;
}

/** Whether a kernel checks an index or the operands of an operation. */
export function canFail(kernel: Kernel): boolean {
  if (kernel.kind === "library" && kernel.check !== undefined) return true;
  const values = [...valuesOf(loopOf(kernel) ?? { stores: [] })];
  return values.some((value) => value.kind === "checked" || (value.kind === "apply" && value.fault !== undefined));
}

/** The buffers that a kernel reads. */
export function readsOf(kernel: Kernel): ReadonlySet<Buffer> {
  if (kernel.kind === "loop") return loadsOf(kernel);
  return new Set([...kernel.inputs.map(storageOf), ...loadsOf(kernel.epilogue ?? { stores: [] })]);
}

/** The buffers that a kernel writes. */
export function writesOf(kernel: Kernel): Set<Buffer> {
  const stored = loopOf(kernel)?.stores.map(({ buffer }) => buffer) ?? [];
  return new Set(kernel.kind === "library" && kernel.epilogue === undefined ? [kernel.output, ...stored] : stored);
}
