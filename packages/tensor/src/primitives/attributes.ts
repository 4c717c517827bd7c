import type { DType } from "../dtype.js";
import type { Shape } from "../shape.js";
import type { TensorType } from "./definition.js";

/** The type of the output, and the number that every element is. */
export interface FullAttributes extends TensorType {
  readonly value: number;
}

/** How many numbers are counted, from 0. */
export interface IotaAttributes {
  readonly length: number;
  readonly dtype: Exclude<DType, "bool">;
}

/** The shape of the output, and how many random bits each element has. */
export interface RandomBitsAttributes {
  readonly shape: Shape;
  readonly bits: number;
}

/** For each axis of the output, the axis of the input that it is. */
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

/** Zeros put before and after each spatial axis. */
export type Padding = readonly (readonly [low: number, high: number])[];

/** One entry for each spatial axis in every list. */
export interface ConvolutionAttributes {
  readonly strides: readonly number[];
  readonly padding: Padding;
  /** Distance between neighbouring input elements once zeros are put between them; 1 puts none. */
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

/** What a `remainder` primitive is made of. */
export interface RemainderAttributes {
  /** The operation that an error names. Default: `remainder`. */
  readonly report?: string;
}

/** What a `hostCallback` primitive is made of. */
export interface HostCallbackAttributes {
  /** Gives the elements, or the one number that they all are. */
  readonly callback: () => number | readonly number[];
}

/** How an index out of range is reported. It changes no result. */
export interface IndexReport {
  /** The operation that was called. */
  readonly operation: string;
  /** The shape of the index that it was given: as many elements, in the same order, as the index of the primitive has; `[]` names no place. */
  readonly shape?: Shape;
  /** The axis of its input that is indexed, where it is another one than the primitive's. */
  readonly axis?: number;
  /** What is wrong, where the index of the primitive is not one that was given. */
  readonly problem?: string;
  /** Whether negative places were counted from the end. Default: false. */
  readonly negative?: boolean;
}

/** The axis that places are counted along, and how one out of range is reported: by default under the name of the primitive. */
export interface IndexAttributes {
  readonly axis: number;
  readonly report?: IndexReport;
}
