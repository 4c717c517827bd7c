import { jit, meanMagnitude, numpy, start } from "./library.mjs";

export async function load({ size }, { values }) {
  await start();
  const [a, b] = [1, 2].map((seed) => numpy.array(values.uniform(size * size, seed)).reshape([size, size]));
  const multiply = jit((left, right) => numpy.matmul(left, right));
  const run = async () => (await multiply(a.ref, b.ref).blockUntilReady()).dispose();
  return { run, check: () => [meanMagnitude(multiply(a.ref, b.ref))] };
}
