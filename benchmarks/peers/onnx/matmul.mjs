import { model, node, value } from "./model.mjs";
import { session, sumOfMagnitudes } from "./runtime.mjs";

export async function load({ size }, setting) {
  const shape = [size, size];
  const inputs = [value("a", shape), value("b", shape)];
  const file = model({ nodes: [node("MatMul", ["a", "b"], "output")], inputs, outputs: [value("output", shape)] });
  const [a, b] = [1, 2].map((seed) => ({ data: setting.values.uniform(size * size, seed), shape }));
  const run = await session(file, { a, b }, setting);
  return { run, check: async () => [sumOfMagnitudes(await run()) / size ** 2] };
}
