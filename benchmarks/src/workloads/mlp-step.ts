import type { CompetitorId } from "../competitors.js";
import { nameOf, networks, stepFlops } from "./mlp.js";
import type { TimedWorkload } from "./workload.js";

const single: readonly CompetitorId[] = ["roofline", "nn", "nn-eager", "nn-node26", "nn-merged", "nn-native", "torch", "torch-avx2", "torch-fused", "jax", "jax-sgd", "tfjs-wasm", "tfjs-cpu"];

export const mlpStep: TimedWorkload = {
  kind: "timed",
  name: "mlp-step",
  title: "One Adam step of an MLP",
  note: "Forward pass, cross-entropy, backward pass and update; the batch is already in memory. The roofline counts the matrix products only.",
  cases: networks.map((network) => ({
    name: nameOf(network),
    parameters: network,
    cost: { kind: "arithmetic", flops: stepFlops(network) },
    competitors: network.batch >= 64 ? [...single, "nn-2", "nn-native-2", "torch-2"] : single,
  })),
};
