import { backend, mlp } from "./backend.mjs";

export async function load({ sizes, batch }, setting) {
  const tf = await backend(setting);
  const { values } = setting;
  const [features, classes] = [sizes[0], sizes.at(-1)];
  const forward = mlp(tf, sizes, values);
  const x = tf.tensor2d(values.uniform(batch * features, 1), [batch, features]);
  const y = tf.oneHot(tf.tensor1d(values.labels(batch, classes, 2), "int32"), classes).toFloat();
  const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const step = () => optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(x)), true);
  const run = () => step().dispose();
  const loss = () => {
    const value = step();
    const [number] = value.dataSync();
    value.dispose();
    return number;
  };
  return { run, check: () => [loss(), loss(), loss()] };
}
