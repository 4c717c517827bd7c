import { describe, expect, it } from "vitest";
import { matmulLevel } from "../../src/interpreter/index.js";
import { sizeOf } from "../../src/shape.js";
import { apply, array, elements } from "./arrays.js";
import type { NdArray } from "../../src/primitives/definition.js";

/** Numbers between −1 and 1. */
function numbers(dtype: "float32" | "float64", ...shape: number[]): NdArray {
  return array(dtype, shape, Array.from({ length: sizeOf(shape) }, (_, i) => Math.fround(Math.sin(i * 1.7 + shape.length))));
}

const doubled = ({ shape, data }: NdArray): NdArray => array("float64", shape, [...data]);

describe("large products of float32", () => {
  it("are computed by the best kernels of the engine", () => {
    expect(["relaxed-simd", "simd"]).toContain(matmulLevel());
  });

  it.each([[false, false], [false, true], [true, false], [true, true]])("equal those of float64 within the rounding of float32 sums (transposed: %s, %s)", (transposeA, transposeB) => {
    for (const [m, k, n] of [[20, 30, 40], [1, 300, 50], [50, 300, 1], [3, 5000, 2]] as const) {
      const a = numbers("float32", 2, 1, ...(transposeA ? [k, m] : [m, k]));
      const b = numbers("float32", 3, ...(transposeB ? [n, k] : [k, n]));
      const product = apply("matmul", [a, b], { transposeA, transposeB });
      const want = elements(apply("matmul", [doubled(a), doubled(b)], { transposeA, transposeB }));
      expect(product).toMatchObject({ shape: [2, 3, m, n], dtype: "float32" });
      const error = Math.max(...elements(product).map((value, i) => Math.abs(value - (want[i] ?? NaN))));
      expect(error).toBeLessThan(k * 2 ** -24 * Math.sqrt(k));
    }
  });

  it("keep NaN and infinities in their rows and columns", () => {
    const a = numbers("float32", 17, 18);
    const b = numbers("float32", 18, 19);
    a.data[3 * 18 + 5] = NaN;
    b.data[7 * 19 + 11] = Infinity;
    elements(apply("matmul", [a, b], { transposeA: false, transposeB: false })).forEach((value, i) => {
      const [row, column] = [Math.floor(i / 19), i % 19];
      expect([row, column, Number.isNaN(value), Number.isFinite(value)]).toEqual([row, column, row === 3, row !== 3 && column !== 11]);
    });
  });
});

describe("large convolutions of float32", () => {
  // The last one sees more at once than is packed at once.
  it.each([
    ["grouped, dilated, strided and padded", [2, 6, 15, 14], [8, 3, 3, 2], 2],
    ["of one axis", [3, 4, 100], [5, 4, 7], 1],
    ["in parts", [1, 30, 60, 61], [4, 30, 3, 3], 1],
  ] as const)("%s, equal those of float64 within the rounding of float32 sums", (_, input, weight, groups) => {
    const spatial = input.slice(2);
    const attributes = {
      strides: spatial.map((_, axis) => 1 + ((axis + groups) % 2)), padding: spatial.map((_, axis) => [axis, 2] as const),
      inputDilation: spatial.map(() => 1), kernelDilation: spatial.map((_, axis) => (groups === 2 ? 2 - axis : 1)), groups,
    };
    const [x, w] = [numbers("float32", ...input), numbers("float32", ...weight)];
    const result = apply("convolution", [x, w], attributes);
    const want = elements(apply("convolution", [doubled(x), doubled(w)], attributes));
    const shared = sizeOf(weight) / weight[0];
    const error = Math.max(...elements(result).map((value, i) => Math.abs(value - (want[i] ?? NaN))));
    expect(want.length).toBe(sizeOf(result.shape));
    expect(error).toBeLessThan(shared * 2 ** -24 * Math.sqrt(shared));
  });
});
