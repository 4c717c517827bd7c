import { describe, expect, it } from "vitest";
import { manualSeed, matmul, normal, relu, type Tensor } from "@nn/tensor";
import { compile } from "../../src/index.js";
import { kernelKey } from "../../src/emit/kernel-key.js";
import { lower } from "../../src/lower/lower.js";
import { simplify } from "../../src/passes/simplify.js";
import { trace } from "../../src/trace/trace.js";

/** A recurrent layer: the same step again and again. */
function recurrent(x: Tensor, w: Tensor, steps: number): Tensor {
  let h = x;
  for (let step = 0; step < steps; step++) h = relu(matmul(h, w).add(x)).softmax(-1);
  return h;
}

describe("equal kernels", () => {
  it("share one function, which takes the addresses of its buffers", () => {
    const { graph } = trace([[5, 6], [6, 6]].map((shape) => ({ shape, dtype: "float32" as const })), ([x, w]) => recurrent(x as Tensor, w as Tensor, 12), (h) => [h]);
    const { kernels } = lower(simplify(graph));
    const forms = new Set(kernels.map((kernel) => kernelKey(kernel).key));
    expect(kernels.length).toBeGreaterThanOrEqual(24);
    expect(forms.size).toBeLessThanOrEqual(6);
  });

  it("give the results of eager execution", () => {
    manualSeed(3);
    const [x, w] = [normal([5, 6]), normal([6, 6])];
    const want = recurrent(x, w, 12).toTypedArray();
    compile((a: Tensor, b: Tensor) => recurrent(a, b, 12))(x, w).toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(want[at] ?? NaN, 5));
  });
});
