import { nameOf, networks } from "./mlp.js";
import type { FreshWorkload } from "./workload.js";

export const memory: FreshWorkload = {
  kind: "fresh",
  name: "memory",
  title: "Peak memory of 30 Adam steps",
  note: "Resident memory of the whole process, runtime and libraries included.",
  workload: "mlp-step",
  unit: "MB",
  task: () => ({ kind: "memory", steps: 30 }),
  mostRounds: 3,
  cases: networks.slice(0, 2).map((network) => ({
    name: nameOf(network),
    parameters: network,
    competitors: ["nn", "nn-eager", "torch", "jax", "tfjs-wasm"] as const,
  })),
};
