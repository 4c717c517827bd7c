import { mean, sqrt, square, type Tensor } from "@nn/tensor";

/** `(x − E[x]) / √(Var[x] + ε)` with mean and (biased) variance over the axes. */
export function standardize(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const centered = x.sub(mean(x, axes, { keepAxes: true }));
  return centered.div(sqrt(mean(square(centered), axes, { keepAxes: true }).add(epsilon)));
}
