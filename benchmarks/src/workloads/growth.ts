import { nameOf, networks } from "./mlp.js";
import type { FreshWorkload } from "./workload.js";

const network = networks[3] ?? { sizes: [], batch: 0 };

export const growth: FreshWorkload = {
  kind: "fresh",
  name: "growth",
  title: `Growth of memory over many Adam steps of ${nameOf(network)}`,
  note: "After a first tenth of the steps, and garbage collected: nothing may be left behind.",
  workload: "mlp-step",
  unit: "growth",
  task: (steps) => ({ kind: "growth", steps }),
  mostRounds: 1,
  cases: [{ name: "", parameters: network, competitors: ["nn", "nn-eager"] }],
};
