import type { ElementwiseParameters } from "../competitor/load.js";
import type { Case, TimedWorkload } from "./workload.js";

const names: { readonly [Name in ElementwiseParameters["operation"]]: string } = {
  exp: "exp",
  softmax: "softmax of 1000 rows",
  layerNorm: "layer norm of 1000 rows",
  fused: "max(0.5 x + 0.25, 0.125 x)",
};

/** Too many numbers for any cache. */
const large: ElementwiseParameters = { operation: "fused", rows: 16_000, columns: 1000 };

export const elementwise: TimedWorkload = {
  kind: "timed",
  name: "elementwise",
  title: "Functions of 1e6 numbers, float32",
  note: "The roofline copies as many bytes, reading each number once and writing each result once.",
  cases: [
    ...(Object.keys(names) as ElementwiseParameters["operation"][]).map((operation): Case => ({
      name: names[operation],
      parameters: { operation, rows: 1000, columns: 1000 },
      cost: { kind: "traffic", bytes: 8e6 },
      competitors: ["roofline", "nn", "nn-call", "nn-eager", "nn-node26", "nn-native", "torch", "jax", "tfjs-wasm", "tfjs-cpu", "ort-node", "ort-web"],
    })),
    {
      name: `${names[large.operation]} of 1.6e7`,
      parameters: large,
      cost: { kind: "traffic", bytes: 8 * large.rows * large.columns },
      competitors: ["roofline", "nn", "torch", "jax", "ort-node"],
    },
  ],
};
