import type { DType } from "@nn/tensor";
import type { BinaryCode, Expr, FunctionBuilder, UnaryCode, ValueType } from "@nn/wasm";
import type { PrimitiveOfKind } from "../ir/op-kinds.js";
import type { ElementwisePrimitive, Kernel, ReductionKind } from "../ir/program.js";
import type { ImportedCalls, ImportedFunctions } from "./imported.js";

/** The function that kernels are written into. */
export type Code = FunctionBuilder<"void">;

/** Where the elements of the lanes lie: the first at `address + offset`, the next ones `laneBytes` further on each. */
export interface LaneAddress {
  readonly address: Expr<"i32">;
  readonly offset: number;
  readonly laneBytes: number;
}

/** A reduction in progress: what is kept from one iteration to the next. */
export interface Accumulator {
  /** Adds one more value; lanes beyond the first `width` are ignored. */
  add(value: Expr<ValueType>, width: number): void;
  /** Combines this with `other`, a reduction of the same kind over other elements. */
  merge(other: Accumulator): void;
  /** The result. With `acrossLanes`, all lanes belong to one reduction: they are combined, and every lane holds the result. */
  finish(acrossLanes: boolean): Expr<ValueType>;
}

/** How a compiler computes elements. @throws UsageError that names the feature, where the compiler lacks it. */
export interface ElementCode {
  readonly scalar: ScalarCode;
  /** The code of an elementary function of four float32. */
  vectorFunction(primitive: PrimitiveOfKind<"function">): UnaryCode | BinaryCode;
}

/** How elementary functions are computed. */
export interface Functions {
  /** Four float32 at once: by features of the compiler. */
  readonly code: Pick<ElementCode, "vectorFunction">;
  /** One float64: by JavaScript. */
  readonly imported: ImportedCalls | undefined;
}

/**
 * How elements are computed: four at a time in vectors, or one at a time. Values of every dtype are expressions; the first `width` lanes of
 * a vector count; the other lanes hold arbitrary values.
 */
export interface Lanes {
  /** Elements computed at once. */
  readonly count: number;
  constant(dtype: DType, value: number): Expr<ValueType>;
  load(b: Code, dtype: DType, at: LaneAddress, width: number): Expr<ValueType>;
  /** Each lane from an address of its own. */
  loadEach(b: Code, dtype: DType, addresses: readonly LaneAddress[]): Expr<ValueType>;
  store(b: Code, dtype: DType, at: LaneAddress, width: number, value: Expr<ValueType>): void;
  /** `start`, `start + step`, … in the lanes. */
  position(dtype: DType, start: Expr<"i32">, step: number): Expr<ValueType>;
  apply(b: Code, primitive: ElementwisePrimitive, output: DType, inputs: readonly Expr<ValueType>[], dtype: DType, functions?: Functions): Expr<ValueType>;
  /** With `wide`, partial results overflow only where those of eager execution do. */
  accumulator(b: Code, reduction: ReductionKind, dtype: DType, wide?: boolean): Accumulator;
  /** Whether an accumulator that is not wide may overflow although the true result is finite. Its result is then not finite. */
  mayOverflow(reduction: ReductionKind, dtype: DType): boolean;
  /** The whole number in a lane of an int32 value. */
  extract(value: Expr<ValueType>, lane: number): Expr<"i32">;
}

/** The code for what has no vector form: one element at a time. */
export interface ScalarCode {
  readonly lanes: Lanes;
  /** The functions of JavaScript that kernels call, if there are any. */
  importedFunctions(kernels: readonly Kernel[]): ImportedFunctions | undefined;
}
