import { backend } from "./backend.mjs";

export async function load({ size }, setting) {
  const tf = await backend(setting);
  const [a, b] = [1, 2].map((seed) => tf.tensor2d(setting.values.uniform(size * size, seed), [size, size]));
  const run = () => tf.matMul(a, b).dispose();
  return { run, check: () => [tf.matMul(a, b).abs().mean().dataSync()[0]] };
}
