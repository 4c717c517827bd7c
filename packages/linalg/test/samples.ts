import { Generator, normal, tensor, type Tensor } from "@nn/tensor";

/** Normal numbers in float64, the same ones for each seed. */
export function random(shape: readonly number[], seed: number): Tensor {
  return normal(shape, { dtype: "float64", generator: new Generator(seed) });
}

/** A matrix in float64. */
export const real = (values: number[][] | number[]): Tensor => tensor(values, { dtype: "float64" });

/** The greatest difference of two tensors' elements. */
export function distance(a: Tensor, b: Tensor): number {
  if (JSON.stringify(a.shape) !== JSON.stringify(b.shape)) return NaN;
  return Array.from(a.sub(b).toTypedArray()).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
