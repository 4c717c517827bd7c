import { ArgumentError, ShapeError, tensor, type Shape, type Tensor } from "@nn/tensor";
import { formatShape, requireDType, requireTensor } from "@nn/tensor/extend";

/** The matrices of a batch, one after the other, in float64. */
export interface Matrices {
  readonly rows: number;
  readonly columns: number;
  /** The shape of the batch: the axes before the last two. */
  readonly batch: Shape;
  readonly list: readonly Float64Array[];
}

/** Throws unless `x` is a matrix, or a batch of matrices, of floating-point numbers. */
export function requireMatrix(operation: string, x: Tensor, name = "input"): void {
  requireTensor(operation, x, name);
  requireDType(operation, x.dtype, ["float32", "float64"], name);
  if (x.rank < 2) throw new ShapeError(`${operation}: ${name} is ${formatShape(x.shape)}, expected a matrix or a batch of them, [..., m, n]`);
}

/** Throws unless `x` is a square matrix or a batch of square matrices. */
export function requireSquare(operation: string, x: Tensor, name = "input"): void {
  requireMatrix(operation, x, name);
  if (x.shape.at(-1) === x.shape.at(-2)) return;
  throw new ShapeError(`${operation}: ${name} is ${formatShape(x.shape)}, expected a square matrix or a batch of them, [..., n, n]`);
}

/**
 * Reads the elements of matrices. What follows depends on their values (pivots, iterations until convergence), so it cannot be part of a
 * compiled program. While a function is traced, it throws an error that names the operation.
 */
export function read(operation: string, x: Tensor): Matrices {
  const [rows = 0, columns = 0] = x.shape.slice(-2);
  const batch = x.shape.slice(0, -2);
  const values = Float64Array.from(x.data(operation));
  const size = rows * columns;
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new ArgumentError(`${operation}: ${ordinal(batch, Math.floor(wrong / size))} holds ${values[wrong]}, expected finite numbers`);
  const count = batch.reduce((product, length) => product * length, 1);
  return { rows, columns, batch, list: Array.from({ length: count }, (_, at) => values.slice(at * size, (at + 1) * size)) };
}

/** `the matrix`, or which one of a batch. */
export function ordinal(batch: Shape, at: number): string {
  return batch.length === 0 ? "the matrix" : `matrix ${at} of the batch ${formatShape(batch)}`;
}

/** Joins parts of one shape, one for each matrix of a batch, to a float64 tensor. */
export function gather(batch: Shape, parts: readonly Float64Array[], shape: Shape): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const all = new Float64Array(parts.length * size);
  for (const [at, part] of parts.entries()) all.set(part, at * size);
  return tensor(all, { shape: [...batch, ...shape] });
}
