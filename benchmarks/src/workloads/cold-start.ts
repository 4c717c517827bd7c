import { nameOf, networks } from "./mlp.js";
import type { FreshWorkload } from "./workload.js";

const [network = { sizes: [], batch: 0 }] = networks;

export const coldStart: FreshWorkload = {
  kind: "fresh",
  name: "cold-start",
  title: `Cold start: until the first Adam step of ${nameOf(network)} is finished`,
  note: "A fresh process each time. The files are in the system's cache.",
  workload: "mlp-step",
  unit: "ms",
  task: () => ({ kind: "cold-start" }),
  mostRounds: 11,
  cases: [{ name: "", parameters: network, competitors: ["nn", "nn-eager", "torch", "jax", "tfjs-wasm", "tfjs-cpu"] }],
};
