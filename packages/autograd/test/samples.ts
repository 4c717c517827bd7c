import { sign, tensor, type Shape, type Tensor } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";

/** float64 numbers in (low, high) that look random and are always the same. */
export function sample(shape: Shape, low = -1, high = 1, seed = 1): Tensor {
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, position) => {
    const noise = Math.sin((position + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return low + (high - low) * (0.05 + 0.9 * (noise - Math.floor(noise)));
  });
  return tensor(values, { shape });
}

/** Like {@link sample}, on both sides of 0 but at a distance from it. */
export function awayFromZero(shape: Shape, seed = 1): Tensor {
  const x = sample(shape, -1, 1, seed);
  return x.add(sign(x).mul(0.3));
}

/** float64 numbers given one by one. */
export function exact(values: readonly number[], shape: Shape = [values.length]): Tensor {
  return tensor(Float64Array.from(values), { shape });
}
