import { nameOf, networks } from "./mlp.js";
import type { FreshWork } from "./work.js";

const [network = { sizes: [], batch: 0 }] = networks;

export const coldStart: FreshWork = {
  kind: "fresh",
  name: "cold-start",
  title: `Cold start: until the first Adam step of ${nameOf(network)} is finished`,
  note: "A fresh process each time. The files are in the system's cache.",
  work: "mlp-step",
  unit: "ms",
  task: () => ({ kind: "cold-start" }),
  mostRounds: 11,
  cases: [{ name: "", parameters: network, contestants: ["nn", "nn-eager", "torch", "jax", "tfjs-wasm", "tfjs-cpu"] }],
};
