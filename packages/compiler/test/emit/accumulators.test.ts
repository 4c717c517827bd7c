import { describe, expect, it, test } from "vitest";
import {
  avgPool1d, avgPool2d, dot, einsum, expand, matmul, prod, tensor, tensorDot, type DType, type Tensor,
} from "@nn/tensor";
import { compile } from "../../src/index.js";

const large = [3e38, 3e38, 3e38, 3e38, 3e38, -3e38, -3e38, -3e38, -3e38, -3e38];
const repeated = (values: readonly number[], times: number): number[] => values.flatMap((value) => Array.from({ length: times }, () => value));

/** Sums whose parts are larger than float32 can be, and whose results are not. */
const sums: Readonly<Record<string, [x: Tensor, fn: (x: Tensor) => Tensor]>> = {
  "all elements": [tensor(large), (x) => x.sum()],
  "a few more than vectors hold": [tensor([...large, 1e37, 2e37, 3e37]), (x) => x.sum()],
  "several vectors side by side": [tensor(repeated(large, 100)), (x) => x.sum()],
  "blocks": [tensor(repeated([...large, 1e35], 2000)), (x) => x.sum()],
  "rows": [tensor([large, large.map((value) => value / 2), large.map(() => 1)]), (x) => x.sum(1)],
  "columns": [tensor(large.map((value) => [value, 1, value / 3, -value, 2, value])), (x) => x.sum(0)],
  "columns, with work on each": [tensor(large.map((value) => [value, 1, value / 3, -value, 2, value])), (x) => x.mul(1).abs().sub(x.abs()).add(x).sum(0)],
  "a mean": [tensor(large), (x) => x.mean()],
  "two sums in one kernel": [tensor([large, large]), (x) => x.sum(1).add(x.mul(2e-38).square().sum(1))],
  "a sum of what is stored too": [tensor(large), (x) => x.mul(0.5).sum().add(x.mul(0.5).max())],
  "a dot product": [tensor(large), (x) => dot(x, x.mul(0).add(1))],
  "an average of windows": [tensor([[[3e38, 3e38, -3e38, -3e38, 1, 2, 3, 4]]]), (x) => avgPool1d(x, 4, { stride: 1 })],
  "an average of square windows": [tensor([[[[3e38, 3e38, 1], [-3e38, -3e38, 2], [3, 4, 5]]]]), (x) => avgPool2d(x, 2, { stride: 1 })],
  "a product": [tensor([1e30, 1e30, 1e-30, 1e-30, 1e-30, 1e30]), (x) => prod(x)],
  "products of columns": [tensor([[1e30, 2], [1e30, 3], [1e-30, 4], [1e-30, 5]]), (x) => prod(x, 0)],
  "what is infinite stays infinite": [tensor([[Infinity, 1, 2], [3e38, 3e38, 1], [-Infinity, 1, Infinity]]), (x) => x.sum(1)],
  "NaN stays NaN": [tensor([NaN, 1, 2]), (x) => x.sum()],
};

describe("compiled sums overflow only if eager ones do", () => {
  test.each(Object.entries(sums))("%s", (_, [x, fn]) => {
    const compiled = compile(fn);
    const [found, wanted] = [compiled(x), fn(x)].map((each) => [...each.toTypedArray()]);
    found?.forEach((value, at) => {
      const want = wanted?.[at] ?? NaN;
      const near = Math.abs(value - want) <= 1e-6 * Math.max(1, Math.abs(want));
      expect(near || Object.is(value, want), `${value}, expected ${want}`).toBe(true);
    });
    compiled.dispose();
  });

  it("also if a new value of a variable overwrites the summed elements", async () => {
    const { Variable } = await import("@nn/tensor");
    const weight = new Variable(tensor(large));
    const step = compile(() => {
      weight.value = weight.value.mul(0.5);
      return weight.value.sum();
    });
    expect(step().item()).toBe(0);
    expect(weight.value.toArray()).toEqual(large.map((value) => Math.fround(Math.fround(value) * 0.5)));
  });
});

describe("loops", () => {
  it("over more than 2^31 elements visit every element", () => {
    const f = compile((x: Tensor) => expand(x.reshape([1, 1]), [48, 2 ** 26]).sum(1).max());
    expect(f(tensor([1])).item()).toBe(2 ** 26);
    const total = compile((x: Tensor) => expand(x.reshape([1, 1]), [33, 2 ** 26]).max());
    expect(total(tensor([3])).item()).toBe(3);
    f.dispose();
    total.dispose();
  }, 120_000);

  it.each([2.2e9, 2 ** 31])("refuse an axis of %d with a message", (size) => {
    expect(() => compile((x: Tensor) => x.expand([size]).sum())(tensor([1]))).toThrow(
      `ShapeError: compile: an axis of ${size} elements is longer than the ${2 ** 30} that a loop can count; reshape it to several axes`.slice("ShapeError: ".length),
    );
  });

  it.each([5e9, 2 ** 33])("refuse an axis of %d, which is too long for any tensor", (size) => {
    expect(() => compile((x: Tensor) => x.expand([size]).sum())(tensor([1]))).toThrow(/^(?:compile: an axis of|\w+: a float32 tensor of shape)/);
  });
});

describe("contractions over an inner axis of size 1 and of size 0", () => {
  const dtypes: readonly DType[] = ["float32", "float64", "int32"];
  const contractions: Readonly<Record<string, (size: number, dtype: DType) => [(x: Tensor, y: Tensor) => Tensor, Tensor, Tensor]>> = {
    matmul: (k, dtype) => [matmul, full([2, k], dtype), full([k, 3], dtype)],
    "matmul with a vector": (k, dtype) => [matmul, full([2, k], dtype), full([k], dtype)],
    "batches of matmul": (k, dtype) => [matmul, full([2, 4, k], dtype), full([2, k, 3], dtype)],
    dot: (k, dtype) => [dot, full([k], dtype), full([k], dtype)],
    einsum: (k, dtype) => [(x, y) => einsum("ij,kj->ik", x, y), full([2, k], dtype), full([3, k], dtype)],
    tensorDot: (k, dtype) => [(x, y) => tensorDot(x, y, 1), full([2, k], dtype), full([k, 2], dtype)],
    "a column of rows": (k, dtype) => [(x, y) => matmul(x.transpose(), y), full([k, 1], dtype), full([k, 1], dtype)],
  };
  function full(shape: number[], dtype: DType): Tensor {
    const size = shape.reduce((product, each) => product * each, 1);
    return tensor(Array.from({ length: size }, (_, at) => at + 1), { shape, dtype });
  }
  test.each(Object.entries(contractions).flatMap(([name, make]) => dtypes.flatMap((dtype) => [0, 1, 2].map((k) => [name, dtype, k, make] as const))))(
    "%s, %s, %d", (_, dtype, k, make) => {
      const [fn, x, y] = make(k, dtype);
      const found = compile(fn)(x, y);
      expect(found.toArray()).toEqual(fn(x, y).toArray());
      expect([found.dtype, found.shape]).toEqual([dtype, fn(x, y).shape]);
    });
});
