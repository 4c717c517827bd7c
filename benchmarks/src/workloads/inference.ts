import { forwardFlops, nameOf, networks } from "./mlp.js";
import type { TimedWorkload } from "./workload.js";

export const inference: TimedWorkload = {
  kind: "timed",
  name: "inference",
  title: "Inference of an MLP",
  note: "The batch is an array in memory; the class scores are returned as an array.",
  cases: networks.flatMap(({ sizes }) =>
    [1, 256].map((batch) => ({
      name: nameOf({ sizes, batch }),
      parameters: { sizes, batch },
      cost: { kind: "arithmetic" as const, flops: forwardFlops({ sizes, batch }) },
      competitors: ["roofline", "nn", "nn-eager", "nn-node26", "nn-native", "torch", "torch-avx2", "jax", "tfjs-wasm", "tfjs-cpu", "ort-node", "ort-web"] as const,
    })),
  ),
};
