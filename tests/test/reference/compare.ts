import type { DType, Tensor } from "@nn/tensor";
import { formatShape } from "@nn/tensor/extend";
import type { RecordedTensor, Tolerance } from "./format.js";

/** A value of ours and the recorded one. */
export interface Check {
  readonly what: string;
  readonly got: Tensor;
  readonly want: RecordedTensor;
}

const tolerances: Readonly<Record<DType, Tolerance>> = {
  float32: { rtol: 1e-4, atol: 1e-5 },
  float64: { rtol: 1e-9, atol: 1e-12 },
  int32: { rtol: 0, atol: 0 },
  bool: { rtol: 0, atol: 0 },
};

/** The error of a comparison as a multiple of its tolerance, and the message if it exceeds 1. */
export interface Comparison {
  readonly worst: number;
  readonly failure?: string;
}

/** Compares shape, dtype and every element. */
export function compareTensor({ what, got, want }: Check, tolerance: Tolerance | undefined): Comparison {
  const found = `${got.dtype} ${formatShape(got.shape)}`;
  const expected = `${want.dtype} ${formatShape(want.shape)}`;
  if (found !== expected) return { worst: Infinity, failure: `${what}: is ${found}, expected ${expected}` };
  const exact = want.dtype === "int32" || want.dtype === "bool";
  return compareNumbers(what, [...got.toTypedArray()], want.data.map(Number), exact ? tolerances[want.dtype] : (tolerance ?? tolerances[want.dtype]));
}

/** Compares numbers one by one: `|got − want| ≤ atol + rtol · |want|`; NaN and infinities must be the same. */
export function compareNumbers(what: string, got: readonly number[], want: readonly number[], { rtol, atol }: Tolerance): Comparison {
  if (got.length !== want.length) return { worst: Infinity, failure: `${what}: ${got.length} numbers, expected ${want.length}` };
  const errors = want.map((value, at) => {
    const found = got[at] as number;
    if (Object.is(found, value) || found === value) return 0;
    const error = Math.abs(found - value) / (atol + rtol * Math.abs(value));
    return Number.isNaN(error) ? Infinity : error;
  });
  const worst = Math.max(0, ...errors);
  const at = errors.indexOf(worst);
  return worst <= 1 ? { worst } : { worst, failure: `${what}: element ${at} is ${got[at]}, expected ${want[at]} (${worst.toPrecision(3)} times the tolerance)` };
}
