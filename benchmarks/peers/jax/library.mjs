import { blockUntilReady, defaultDevice, init, jit, nn, numpy, valueAndGrad } from "@jax-js/jax";

export { blockUntilReady, jit, nn, numpy, valueAndGrad };

/** Starts the WebAssembly backend. */
export async function start() {
  await init("wasm");
  defaultDevice("wasm");
}

/** The weights of the network, `[weight, bias, weight, bias, ...]`. */
export function parameters(sizes, values) {
  return values
    .dense(sizes)
    .flatMap(({ inputs, outputs, weight, bias }) => [numpy.array(weight).reshape([outputs, inputs]), numpy.array(bias)]);
}

/** The class scores. Like every function of jax-js it uses its arguments up. */
export function forward(weights, x) {
  const layers = weights.length / 2;
  let h = x;
  for (let layer = 0; layer < layers; layer++) {
    h = numpy.matmul(h, numpy.transpose(weights[2 * layer])).add(weights[2 * layer + 1]);
    if (layer < layers - 1) h = nn.relu(h);
  }
  return h;
}

/** Copies of the references, for a call that uses them up. */
export function keep(arrays) {
  return arrays.map((array) => array.ref);
}

/** The mean of the absolute values, as a number. */
export function meanMagnitude(array) {
  const data = array.dataSync();
  return data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length;
}
