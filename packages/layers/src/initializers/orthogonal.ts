import { normal, ShapeError, tensor, toTypedArray, type Shape, type Tensor } from "@nn/tensor";
import { formatShape, requireShape, sizeOf, type OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions extends InitializerOptions {
  /** The value of all singular values; default 1. */
  readonly gain?: number | undefined;
}

const orthogonalOptions: OptionKinds<OrthogonalOptions> = { gain: "finite", dtype: ["float32", "float64"], generator: "any" };

/**
 * A uniformly random (semi-)orthogonal matrix, times `gain` (Saxe et al. 2014). A weight `[out, in, …]`
 * is treated as the matrix `[out, in · …]`: its rows are orthonormal, or its columns if there are more rows than columns.
 * @throws ShapeError if the weight has fewer than two axes.
 * @throws UsageError inside a compiled function, because the factorisation runs in JavaScript, in float64.
 */
export function orthogonal(shape: Shape, options: OrthogonalOptions = {}): Tensor {
  requireShape("orthogonal", shape);
  checkOptions("orthogonal", options, orthogonalOptions);
  const { gain = 1, dtype = "float32", ...others } = options;
  const [rows, ...inner] = shape;
  if (rows === undefined || inner.length === 0) {
    throw new ShapeError(`orthogonal: a weight of shape ${formatShape(shape)} is not a matrix; expected at least the axes [out, in]`);
  }
  const columns = sizeOf(inner);
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const vectors = orthonormalize(toTypedArray(normal([count, length], { ...others, dtype: "float64" })), count, length);
  const values = new Float64Array(rows * columns);
  for (let vector = 0; vector < count; vector++) {
    for (let at = 0; at < length; at++) {
      values[rows <= columns ? vector * columns + at : at * columns + vector] = gain * (vectors[vector * length + at] as number);
    }
  }
  return tensor(values, { shape, dtype });
}

/**
 * Gram-Schmidt over the rows, in place. Two passes remove the earlier rows from each row, which is enough for orthogonality to the
 * last digit (Giraud et al. 2005). The factor R gets a positive diagonal; otherwise the result would not be uniformly distributed.
 */
function orthonormalize(rows: ArrayLike<number> & { [at: number]: number }, count: number, length: number): ArrayLike<number> {
  const dot = (a: number, b: number): number => {
    let total = 0;
    for (let at = 0; at < length; at++) total += (rows[a * length + at] as number) * (rows[b * length + at] as number);
    return total;
  };
  for (let row = 0; row < count; row++) {
    for (const other of [...Array(row).keys(), ...Array(row).keys()]) {
      const overlap = dot(other, row);
      for (let at = 0; at < length; at++) rows[row * length + at] = (rows[row * length + at] as number) - overlap * (rows[other * length + at] as number);
    }
    const norm = Math.sqrt(dot(row, row));
    for (let at = 0; at < length; at++) rows[row * length + at] = (rows[row * length + at] as number) / norm;
  }
  return rows;
}
