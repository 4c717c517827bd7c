import { bernoulli, where, zerosLike, type RandomOptions, type Shape, type Tensor } from "@nn/tensor";

/** Sets elements to zero with a probability and scales the others so that the expectation stays; a draw for each element of `units`, which broadcasts. */
export function drop(x: Tensor, probability: number, units: Shape, random: RandomOptions): Tensor {
  if (probability === 0) return x;
  if (probability === 1) return zerosLike(x);
  const kept = bernoulli(1 - probability, units, { generator: random.generator, dtype: "bool" });
  return where(kept, x.div(1 - probability), 0);
}
