import { nameOf, networks } from "./mlp.js";
import type { FreshWorkload } from "./workload.js";

const network = networks[3] ?? { sizes: [], batch: 0 };

export const growth: FreshWorkload = {
  kind: "fresh",
  name: "growth",
  title: `Growth of memory over many Adam steps of ${nameOf(network)}`,
  note: "Measured after the first tenth of the steps and a garbage collection. Nothing may remain.",
  workload: "mlp-step",
  unit: "growth",
  task: (steps) => ({ kind: "growth", steps }),
  mostRounds: 1,
  cases: [{ name: "", parameters: network, competitors: ["nn", "nn-eager"] }],
};
