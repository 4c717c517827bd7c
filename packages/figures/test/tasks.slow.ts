import { describe, expect, test } from "vitest";
import { deepNetwork } from "../src/tasks/deep-network.js";
import { trained } from "./trained.js";

describe("a deep network", () => {
  const viewOf = (settings: Partial<Parameters<typeof deepNetwork>[0]>) => deepNetwork({ activation: "sigmoid", depth: 10, batchNorm: false, learningRate: 0.05, ...settings }).view();
  /** The gradient of the first layer, relative to that of the last. */
  const arriving = ({ gradients }: { readonly gradients: readonly number[] }): number => (gradients[0] ?? NaN) / (gradients.at(-1) ?? NaN);

  test("gradients vanish behind sigmoids, and not behind ReLU or with batch normalisation", () => {
    expect(arriving(viewOf({}))).toBeLessThan(1e-4);
    expect(arriving(viewOf({ activation: "ReLU" }))).toBeGreaterThan(0.01);
    expect(arriving(viewOf({ batchNorm: true }))).toBeGreaterThan(0.01);
    expect(viewOf({ depth: 3 }).gradients).toHaveLength(3);
  });

  test("too large a learning rate kills ReLU units, and no leaky ones", () => {
    const deadAfter = (activation: "ReLU" | "leaky ReLU" | "ELU"): number => {
      const { dead } = trained(deepNetwork({ activation, depth: 4, batchNorm: false, learningRate: 3 }), 60);
      return Math.max(...dead);
    };
    expect(deadAfter("ReLU")).toBeGreaterThan(0.5);
    expect(deadAfter("leaky ReLU")).toBe(0);
  });

  test("ReLU learns what ten layers of sigmoids do not", () => {
    const lossAfter = (activation: "ReLU" | "sigmoid"): number => {
      return trained(deepNetwork({ activation, depth: 10, batchNorm: false, learningRate: 0.05 }), 200).loss;
    };
    expect(lossAfter("ReLU")).toBeLessThan(0.4);
    expect(lossAfter("sigmoid")).toBeGreaterThan(0.6);
  });
});
