import { sizeOf } from "@nn/tensor/extend";
import { describe, expect, it } from "vitest";
import { runKernel, type RunOptions } from "../run-kernel.js";
import { targets } from "../targets.js";
import { distance, matmulKernel, numbers, reference, type Product } from "./kernels.js";

/** Whole tiles and all kinds of ends, few rows and few columns, long sums in several blocks, rows that share lines of the cache. */
const sizes: readonly Product[] = [
  { m: 64, n: 128, k: 30 }, { m: 50, n: 100, k: 37 }, { m: 13, n: 33, k: 17 }, { m: 28, n: 32, k: 16 }, { m: 29, n: 31, k: 5 }, { m: 100, n: 10, k: 20 }, { m: 1, n: 200, k: 64 }, { m: 2, n: 130, k: 40 },
  { m: 5, n: 70, k: 33 }, { m: 90, n: 1, k: 9 }, { m: 40, n: 3, k: 50 }, { m: 9, n: 48, k: 2500 }, { m: 20, n: 200, k: 1030 }, { m: 17, n: 131, k: 512 }, { m: 1, n: 1, k: 1 }, { m: 3, n: 17, k: 1 }, { m: 4, n: 600, k: 260 }, { m: 30, n: 2500, k: 300 }, { m: 30, n: 1300, k: 1100, transposeB: true },
];
const layouts = [{}, { transposeA: true }, { transposeB: true }, { transposeA: true, transposeB: true }];
const batches: readonly Product[] = [
  { m: 7, n: 18, k: 12, batchA: [3], batchB: [3] }, { m: 16, n: 16, k: 8, batchA: [2, 3], batchB: [2, 3], transposeB: true }, { m: 5, n: 20, k: 6, batchA: [4], batchB: [] }, { m: 5, n: 20, k: 6, batchA: [1, 2], batchB: [3, 1] },
  { m: 6, n: 9, k: 10, batchA: [2, 1, 3], batchB: [4, 1], transposeA: true }, { m: 12, n: 40, k: 1100, batchA: [5], batchB: [5] }, { m: 12, n: 40, k: 1100, batchA: [2], batchB: [1] },
];
const products = [...sizes.flatMap((size) => layouts.map((layout) => ({ ...size, ...layout }))), ...batches];

function resultOf(target: (typeof targets)[number], product: Product, options?: RunOptions) {
  const kernel = matmulKernel(product);
  const [a, b] = kernel.inputs.map(({ shape }, index) => numbers(sizeOf(shape), index + 1));
  if (a === undefined || b === undefined) throw new Error("a product has two inputs");
  const after = runKernel(target, kernel, new Map([[kernel.inputs[0], a], [kernel.inputs[1], b]]), options);
  return { a, b, found: after.get(kernel.output) ?? [] };
}

/** Sums of `k` products of numbers from −1 to 1: each addition is off by at most half a unit of its sum, which rarely exceeds √k. */
const tolerance = (k: number): number => 2 ** -23 * (4 + k);

describe.each(targets)("matmul with $name", (target) => {
  it.each(products)("%j is the product, and nothing else is written", (product: Product) => {
    const { a, b, found } = resultOf(target, product);
    expect(distance(found, reference(product, a, b))).toBeLessThan(tolerance(product.k));
  });

  it.each(products.filter(({ m, n, k, transposeA }) => m * n * k > 32_768 && transposeA !== true))("%j has the same bits on any number of threads", (product: Product) => {
    const { found: alone } = resultOf(target, product);
    for (const threads of [2, 7]) expect(resultOf(target, product, { threads }).found, `${threads} threads`).toEqual(alone);
  });

  it("rounds products and sums each on their own if it may not fuse them", () => {
    const product = { m: 30, n: 40, k: 50 };
    const { a, b, found } = resultOf(target, product, { fused: false });
    const plain = new Float32Array(product.m * product.n);
    for (let i = 0; i < product.m; i++) for (let j = 0; j < product.n; j++) for (let p = 0; p < product.k; p++) plain[i * product.n + j] = Math.fround((plain[i * product.n + j] ?? 0) + Math.fround((a[i * product.k + p] ?? 0) * (b[p * product.n + j] ?? 0)));
    expect(found).toEqual(plain);
  });
});
