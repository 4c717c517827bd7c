import { bernoulli, where, zerosLike, type RandomOptions, type Shape, type Tensor } from "@nn/tensor";

/** What SELU tends to for very negative inputs: −λ·α with the constants of Klambauer et al. (2017). */
const saturation = -1.7580993408473766;

/** Sets elements to the saturation of SELU with a probability, then shifts and scales so that mean 0 and variance 1 stay. */
export function alphaDrop(x: Tensor, probability: number, units: Shape, random: RandomOptions): Tensor {
  if (probability === 0) return x;
  if (probability === 1) return zerosLike(x);
  const scale = 1 / Math.sqrt((1 - probability) * (1 + probability * saturation * saturation));
  const kept = bernoulli(1 - probability, units, { generator: random.generator, dtype: "bool" });
  return where(kept, x, saturation).mul(scale).add(-scale * probability * saturation);
}
