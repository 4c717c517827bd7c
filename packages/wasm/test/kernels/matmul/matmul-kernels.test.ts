import { describe, expect, it } from "vitest";
import { MatmulKernels } from "../../../src/kernels/matmul/matmul-kernels.js";
import { wasmFeatures } from "../../../src/detect-features.js";
import { errorRatio, random } from "./products.js";

const numbers = (count: number, seed: number): Float32Array => Float32Array.from({ length: count }, random(seed));

function created(relaxedSimd: boolean): MatmulKernels {
  const kernels = MatmulKernels.create({ relaxedSimd });
  if (kernels === undefined) throw new Error("this engine has no vectors");
  return kernels;
}

describe.each([true, false])("MatmulKernels, relaxed: %s", (relaxedSimd) => {
  const kernels = created(relaxedSimd);

  it("reports which instructions it uses", () => {
    expect(kernels.level).toBe(relaxedSimd && wasmFeatures().relaxedSimd ? "relaxed-simd" : "simd");
  });

  it("multiplies in all transpositions, with one or several blocks of the shared axis", () => {
    const sizes = [[1, 1, 1], [1, 1, 9], [5, 3, 2], [6, 8, 4], [7, 9, 5], [64, 10, 128], [3, 700, 2], [30, 270, 1100], [400, 9, 530]] as const;
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        for (const [m, n, k] of sizes) {
          const request = { m, n, k, transposeA, transposeB };
          const [a, b] = [numbers(m * k, 1), numbers(k * n, 2)];
          expect({ request, right: errorRatio(request, { a, b, c: kernels.multiply(a, b, request) }) <= 1 }).toEqual({ request, right: true });
        }
      }
    }
  });

  it("gives zeros if the shared axis is empty", () => {
    expect([...kernels.multiply(new Float32Array(), new Float32Array(), { m: 2, n: 1, k: 0 }, Float32Array.of(1, 2, 3))]).toEqual([0, 0, 3]);
    expect(kernels.multiply(new Float32Array(), new Float32Array(), { m: 0, n: 0, k: 3 })).toHaveLength(0);
  });
});

it("grows its memory, and frees a large one", () => {
  const kernels = created(true);
  for (const size of [10, 1500, 4000, 10]) {
    const product = kernels.multiply(new Float32Array(size * size).fill(1), new Float32Array(size * 2).fill(2), { m: size, n: 2, k: size });
    expect(product).toEqual(new Float32Array(size * 2).fill(size * 2));
  }
});

it("refuses arrays that are too short", () => {
  const sizes = { m: 2, n: 3, k: 4 };
  expect(() => created(true).multiply(new Float32Array(8), new Float32Array(11), sizes)).toThrowErrorMatchingInlineSnapshot(`[WasmArgumentError: multiply: arrays of 8, 11 and 6 elements do not hold [2, 4] x [4, 3]]`);
});
