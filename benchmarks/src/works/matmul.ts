import type { ContestantId } from "../contestants.js";
import type { TimedWork } from "./work.js";

const fast: readonly ContestantId[] = ["machine", "nn", "nn-call", "nn-eager", "torch", "jax", "tfjs-wasm", "ort-node", "ort-web"];

export const matmul: TimedWork = {
  kind: "timed",
  name: "matmul",
  title: "Product of two square matrices, float32",
  note: "tfjs cpu is left out above 512, where a product takes it seconds.",
  cases: [64, 128, 256, 512, 1024, 2048].map((size) => ({
    name: `${size} x ${size}`,
    parameters: { size },
    cost: { kind: "arithmetic", flops: 2 * size ** 3 },
    contestants: size <= 512 ? [...fast, "tfjs-cpu"] : fast,
  })),
};
