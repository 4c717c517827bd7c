import { forward, jit, keep, numpy, parameters, start } from "./library.mjs";

export async function load({ sizes, batch }, { values }) {
  await start();
  const weights = parameters(sizes, values);
  const x = numpy.array(values.uniform(batch * sizes[0], 1)).reshape([batch, sizes[0]]);
  const compiled = jit(forward);
  const run = () => compiled(keep(weights), x.ref).data();
  return { run, check: async () => [(await run()).reduce((sum, value) => sum + Math.abs(value), 0)] };
}
