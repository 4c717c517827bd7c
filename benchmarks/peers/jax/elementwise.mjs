import { jit, meanMagnitude, nn, numpy, start } from "./library.mjs";

const operations = {
  exp: (x) => numpy.exp(x),
  softmax: (x) => nn.softmax(x, -1),
  layerNorm: (x) => nn.standardize(x, -1, { epsilon: 1e-5 }),
  fused: (x) => numpy.maximum(x.ref.mul(0.5).add(0.25), x.mul(0.125)),
};

export async function load({ operation, rows, columns }, { values }) {
  await start();
  const x = numpy.array(values.uniform(rows * columns, 1)).reshape([rows, columns]);
  const compiled = jit(operations[operation]);
  const run = async () => (await compiled(x.ref).blockUntilReady()).dispose();
  return { run, check: () => [meanMagnitude(compiled(x.ref))] };
}
