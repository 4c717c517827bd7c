import type { DType } from "../dtype.js";
import type { Shape } from "../shape.js";
import type { TensorType } from "./definition.js";

/** The type of the output, and the value of every element. */
export interface FullAttributes extends TensorType {
  readonly value: number;
}

/** How many numbers to count, from 0. */
export interface IotaAttributes {
  readonly length: number;
  readonly dtype: Exclude<DType, "bool">;
}

/** The shape of the output, and how many random bits each element has. */
export interface RandomBitsAttributes {
  readonly shape: Shape;
  readonly bits: number;
}

/** For each axis of the output, the axis of the input. */
export interface PermuteAttributes {
  readonly permutation: readonly number[];
}

/** The shape to repeat to. */
export interface ExpandAttributes {
  readonly shape: Shape;
}

/** Which operands are read transposed in their last two axes. */
export interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** How the operands of a product of whole numbers are stored. */
export interface QuantizedMatmulAttributes {
  /** Whether the first operand and the result are stored transposed in their last two axes. */
  readonly transposed: boolean;
}

/** How the operands of a product of bfloat16 are stored. */
export interface Bfloat16MatmulAttributes {
  /** The number of columns of the weights. */
  readonly columns: number;
  /** Whether the first operand and the result are stored transposed in their last two axes. */
  readonly transposed: boolean;
}

/** Zeros put before and after each spatial axis. */
export type Padding = readonly (readonly [low: number, high: number])[];

/** One entry for each spatial axis in every list. */
export interface ConvolutionAttributes {
  readonly strides: readonly number[];
  readonly padding: Padding;
  /** Distance between neighbouring input elements after zeros are inserted between them; 1 inserts none. */
  readonly inputDilation: readonly number[];
  /** Distance between neighbouring kernel elements. */
  readonly kernelDilation: readonly number[];
  /** Channels are split into this many groups that do not mix. */
  readonly groups: number;
}

/** One entry for each spatial axis in every list. */
export interface WindowAttributes {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly inputDilation: readonly number[];
  readonly windowDilation: readonly number[];
}

/** Another shape with as many elements. */
export interface ReshapeAttributes {
  readonly shape: Shape;
  /** Whether this is an optimization barrier: the compiler does not merge what follows it with equal computations on the input. Default: false. */
  readonly barrier?: boolean;
}

/** A range on every axis: `start`, `start + step`, … below `stop`; `0 ≤ start ≤ stop ≤ size`, `step ≥ 1`. */
export interface SliceAttributes {
  readonly starts: readonly number[];
  readonly stops: readonly number[];
  readonly steps: readonly number[];
}

/** Elements of `value` put before, after and between the elements on every axis. */
export interface PadAttributes {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
  readonly value: number;
}

/** Axes reduced: sorted, non-negative, without repeats. They stay in the output with size 1. */
export interface ReductionAttributes {
  readonly axes: readonly number[];
}

/** The one axis that a scan, an arg-reduction or a sort runs along. */
export interface AxisAttributes {
  readonly axis: number;
}

/** The attributes of a `remainder`. */
export interface RemainderAttributes {
  /** The operation that an error names. Default: `remainder`. */
  readonly report?: string;
}

/** The attributes of a `hostCallback`. */
export interface HostCallbackAttributes {
  /** Returns the elements, or one number for all of them. */
  readonly callback: () => number | readonly number[];
}

/** How an index out of range is reported. It does not change results. */
export interface IndexReport {
  /** The operation that was called. */
  readonly operation: string;
  /** The shape of the index that the operation got. It has the elements of the primitive's index, in the same order. With `[]`, errors name no position. */
  readonly shape?: Shape;
  /** The axis of the operation's input that is indexed, if it differs from that of the primitive. */
  readonly axis?: number;
  /** What is wrong, if the index of the primitive is computed from other arguments. */
  readonly problem?: string;
  /** Whether negative indices were counted from the end. Default: false. */
  readonly negative?: boolean;
}

/** The indexed axis, and how an index out of range is reported. By default, the error names the primitive. */
export interface IndexAttributes {
  readonly axis: number;
  readonly report?: IndexReport;
}
