import { backend } from "./backend.mjs";

export async function load({ operation, rows, columns }, setting) {
  const tf = await backend(setting);
  const x = tf.tensor2d(setting.values.uniform(rows * columns, 1), [rows, columns]);
  const operations = {
    exp: () => tf.exp(x),
    softmax: () => tf.softmax(x),
    layerNorm: () => {
      const { mean, variance } = tf.moments(x, -1, true);
      return x.sub(mean).mul(variance.add(1e-5).rsqrt());
    },
    fused: () => tf.maximum(x.mul(0.5).add(0.25), x.mul(0.125)),
  };
  const work = () => tf.tidy(operations[operation]);
  return { run: () => work().dispose(), check: () => [work().abs().mean().dataSync()[0]] };
}
