import { describeValue } from "../arguments/describe.js";
import { promoteDTypes, isFloat, type DType } from "../dtype.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { requireTensor } from "../operand.js";
import type { Tensor } from "../tensor.js";

/** Checks that a plain number can be an element of `dtype`; a fraction, for example, does not fit into int32. */
export function fittingNumber(operation: string, what: string, value: unknown, dtype: DType): number {
  if (typeof value !== "number") throw new ArgumentError(`${operation}: ${what} is ${describeValue(value)}, expected a number`);
  const fits = isFloat(dtype) || value === (dtype === "bool" ? Number(value !== 0) : value | 0);
  if (!fits) throw new DTypeError(`${operation}: ${what} is ${value}, which does not fit into ${dtype}; cast the tensor to another dtype`);
  return value;
}

/** Throws if a tensor is to be combined with one of another dtype. */
export function requireSameDType(operation: string, what: string, x: Tensor, dtype: DType, other: string): void {
  requireTensor(operation, x, what);
  if (x.dtype !== dtype) throw new DTypeError(`${operation}: ${what} has dtype ${x.dtype} but ${other} ${dtype}; cast one`);
}

/** Whether values of one dtype can be converted to another and lose at most digits: integers to floats, but not floats to integers. */
export function isWider(dtype: DType, than: DType): boolean {
  return promoteDTypes(dtype, than) === dtype || (isFloat(dtype) && isFloat(than));
}
