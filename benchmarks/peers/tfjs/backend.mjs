import * as tf from "@tensorflow/tfjs";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";

/** TensorFlow.js with the backend "cpu" or "wasm" ready. */
export async function backend({ variant, threads }) {
  setThreadsCount(threads);
  if (!(await tf.setBackend(variant))) throw new Error(`tfjs has no backend ${variant} here`);
  await tf.ready();
  return tf;
}

/** Functions of the network `[...]` of dense layers with ReLU between them: weights `[outputs, inputs]` as everywhere else. */
export function mlp(tf, sizes, values) {
  const layers = values.dense(sizes).map(({ inputs, outputs, weight, bias }) => ({
    weight: tf.variable(tf.tensor2d(weight, [outputs, inputs])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  return (x) =>
    layers.reduce((h, { weight, bias }, at) => {
      const z = tf.add(tf.matMul(h, weight, false, true), bias);
      return at < layers.length - 1 ? tf.relu(z) : z;
    }, x);
}
