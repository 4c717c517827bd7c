import { isAnyTensor, isVariable } from "./brand.js";
import { isTensor } from "./is-tensor.js";
import { describeValue } from "./arguments/describe.js";
import { requireKind } from "./arguments/kinds.js";
import { dtypes, isFloat, promoteDTypes, type DType } from "./dtype.js";
import { ArgumentError, UsageError } from "./errors.js";
import { apply } from "./interpreter/stack.js";
import * as primitives from "./primitives/all.js";
import type { Tensor } from "./tensor.js";

/** An operand of an elementwise operation: a tensor or a plain number. Numbers adapt to the dtype of the other tensor. */
export type Operand = Tensor | number | boolean;

/** Throws unless a value is a tensor of this copy of the library. */
export function requireTensor(operation: string, value: unknown, what = "input"): asserts value is Tensor {
  if (isTensor(value)) return;
  if (isAnyTensor(value)) {
    throw new UsageError(`${operation}: ${what} is a tensor of another copy of @nn/tensor; make sure that only one is installed (npm ls @nn/tensor)`);
  }
  throw new UsageError(`${operation}: ${what} is ${describeValue(value)}, expected a Tensor${hintFor(value)}`);
}

function hintFor(value: unknown): string {
  const isData = Array.isArray(value) || ArrayBuffer.isView(value) || (typeof value === "object" && value !== null && "storage" in value);
  if (isData) return "; make it one with tensor(...)";
  if (isVariable(value)) return "; read it with .value";
  return value instanceof Promise ? "; await the promise" : "";
}

/** A scalar tensor of `dtype`. */
export function scalar(value: number | boolean, dtype: DType): Tensor {
  return apply(primitives.full, [], { shape: [], dtype, value: Number(value) });
}

/** The same elements in another dtype; the tensor itself if it has that dtype. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply(primitives.cast, [x], { dtype });
}

/** A tensor as it is; a number or boolean as a scalar tensor of PyTorch's default dtype for it. */
export function asTensor(operation: string, value: Operand, what?: string): Tensor {
  if (typeof value === "number" || typeof value === "boolean") return scalar(value, dtypeOfNumber(operation, value));
  requireTensor(operation, value, what);
  return value;
}

/** The floating-point form of a tensor: as it is, or as float32. */
export function toFloat(x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : castTo(x, "float32");
}

function dtypeOfNumber(operation: string, value: number | boolean): DType {
  if (typeof value === "boolean") return "bool";
  if (!Number.isInteger(value)) return "float32";
  if (value !== (value | 0)) throw new ArgumentError(`${operation}: ${value} does not fit into int32; write it as a float64 tensor`);
  return "int32";
}

const category: { readonly [D in DType]: number } = { bool: 0, int32: 1, float32: 2, float64: 2 };

/**
 * The dtype that PyTorch promotes operands to. Tensors with axes decide. A scalar tensor counts only if it is of a higher category
 * (`bool < int < float`), and after it a plain number likewise. Whole plain numbers are integers; others become float32 next to integers.
 */
export function resultDType(operation: string, operands: readonly Operand[]): DType {
  let result: DType = "bool";
  const raise = (dtypesOfRank: readonly DType[]): void => {
    const found = dtypesOfRank.reduce(promoteDTypes, "bool");
    if (category[found] > category[result]) result = found;
  };
  requireKind(operation, "operands", operands, "list");
  const [arrays, scalars, numbers]: [DType[], DType[], (number | boolean)[]] = [[], [], []];
  for (const operand of operands) {
    if (typeof operand === "number" || typeof operand === "boolean") {
      numbers.push(operand);
    } else {
      requireTensor(operation, operand);
      (operand.shape.length > 0 ? arrays : scalars).push(operand.dtype);
    }
  }
  raise(arrays);
  raise(scalars);
  // Next to a float, any number takes that dtype. Only otherwise does it matter whether the number fits into int32.
  if (!isFloat(result)) raise(numbers.map((value) => dtypeOfNumber(operation, value)));
  return result;
}

/** Converts mixed operands to tensors of one dtype, by {@link resultDType}. `atLeast` raises the dtype: true division needs a float. */
export function promote(operation: string, operands: readonly Operand[], atLeast: DType = "bool"): Tensor[] {
  const found = resultDType(operation, operands);
  const dtype = dtypes.indexOf(found) < dtypes.indexOf(atLeast) ? atLeast : found;
  return operands.map((operand) => (isTensor(operand) ? castTo(operand, dtype) : scalar(operand, dtype)));
}
