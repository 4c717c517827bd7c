import { attribute, constant, model, node, value } from "./model.mjs";
import { session, sumOfMagnitudes } from "./runtime.mjs";

export async function load({ sizes, batch }, setting) {
  const { values } = setting;
  const layers = values.dense(sizes);
  const last = layers.length - 1;
  const nodes = layers.flatMap((_, at) => {
    const [input, output] = [at === 0 ? "input" : `h${at}`, at === last ? "output" : `z${at}`];
    const gemm = node("Gemm", [input, `weight${at}`, `bias${at}`], output, [attribute("transB", 1)]);
    return at === last ? [gemm] : [gemm, node("Relu", [output], `h${at + 1}`)];
  });
  const constants = layers.flatMap(({ inputs, outputs, weight, bias }, at) => [
    constant(`weight${at}`, weight, [outputs, inputs]),
    constant(`bias${at}`, bias, [outputs]),
  ]);
  const shape = [batch, sizes[0]];
  const file = model({ nodes, constants, inputs: [value("input", shape)], outputs: [value("output", [batch, sizes.at(-1)])] });
  const run = await session(file, { input: { data: values.uniform(batch * sizes[0], 1), shape } }, setting);
  return { run, check: async () => [sumOfMagnitudes(await run())] };
}
