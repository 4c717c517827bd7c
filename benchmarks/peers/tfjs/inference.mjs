import { backend, mlp } from "./backend.mjs";

export async function load({ sizes, batch }, setting) {
  const tf = await backend(setting);
  const forward = mlp(tf, sizes, setting.values);
  const x = tf.tensor2d(setting.values.uniform(batch * sizes[0], 1), [batch, sizes[0]]);
  const predict = () => {
    const scores = tf.tidy(() => forward(x));
    const data = scores.dataSync();
    scores.dispose();
    return data;
  };
  return { run: predict, check: () => [predict().reduce((sum, value) => sum + Math.abs(value), 0)] };
}
