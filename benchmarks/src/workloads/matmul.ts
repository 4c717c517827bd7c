import type { CompetitorId } from "../competitors.js";
import type { TimedWorkload } from "./workload.js";

const fast: readonly CompetitorId[] = ["roofline", "nn", "nn-call", "nn-eager", "nn-node26", "nn-native", "torch", "torch-avx2", "jax", "tfjs-wasm", "ort-node", "ort-web"];

export const matmul: TimedWorkload = {
  kind: "timed",
  name: "matmul",
  title: "Product of two square matrices, float32",
  note: "tfjs cpu is left out above 512, because a product takes it seconds.",
  cases: [64, 128, 256, 512, 1024, 2048].map((size) => ({
    name: `${size} x ${size}`,
    parameters: { size },
    cost: { kind: "arithmetic", flops: 2 * size ** 3 },
    competitors: size <= 512 ? [...fast, "tfjs-cpu"] : fast,
  })),
};
