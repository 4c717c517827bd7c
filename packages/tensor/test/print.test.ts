import { inspect } from "node:util";
import { expect, test } from "vitest";
import { arange, full, tensor, zeros } from "../src/index.js";
import { deferred } from "./deferred.js";

const printed = (x: { toString(): string }): string => `\n${String(x)}`;

test("scalars are printed on the line of the type", () => {
  expect(String(tensor(0.5))).toBe("Tensor float32 [] 0.5000");
  expect(String(tensor(3, { dtype: "int32" }))).toBe("Tensor int32 [] 3");
  expect(String(tensor(true))).toBe("Tensor bool [] true");
  expect(String(tensor(NaN))).toBe("Tensor float32 [] NaN");
});

test("rows are aligned, and matrices of a batch separated", () => {
  expect(printed(tensor([1, 2.5, -10]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [3]
    [  1.0000,   2.5000, -10.0000]"
  `);
  expect(printed(tensor([[1, -2], [30, 4]]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [2, 2]
    [[ 1, -2],
     [30,  4]]"
  `);
  expect(printed(arange(12).reshape([2, 3, 2]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [2, 3, 2]
    [[[ 0,  1],
      [ 2,  3],
      [ 4,  5]],

     [[ 6,  7],
      [ 8,  9],
      [10, 11]]]"
  `);
  expect(printed(arange(8, { dtype: "int32" }).reshape([2, 2, 1, 2]))).toMatchInlineSnapshot(`
    "
    Tensor int32 [2, 2, 1, 2]
    [[[[0, 1]],

      [[2, 3]]],


     [[[4, 5]],

      [[6, 7]]]]"
  `);
  expect(printed(tensor([[true, false], [false, false]]))).toMatchInlineSnapshot(`
    "
    Tensor bool [2, 2]
    [[ true, false],
     [false, false]]"
  `);
});

test("all numbers of a tensor have one format", () => {
  expect(printed(tensor([0.03, -0.0123456]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [2]
    [ 0.03000, -0.01235]"
  `);
  expect(printed(tensor([0.003, 0]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [2]
    [0.003000, 0.000000]"
  `);
  expect(printed(tensor([3e-5, -1e-7, 0]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [3]
    [ 3.0000e-5, -1.0000e-7,  0.0000e+0]"
  `);
  expect(printed(tensor([1e-4, 1000]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [2]
    [1.0000e-4, 1.0000e+3]"
  `);
  expect(printed(tensor([1e10, 1]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [2]
    [1.0000e+10,  1.0000e+0]"
  `);
  expect(printed(tensor([123456.75, 1.5]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [2]
    [123456.7500,      1.5000]"
  `);
  expect(printed(tensor([1, NaN, -Infinity]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [3]
    [        1,       NaN, -Infinity]"
  `);
  expect(printed(tensor([0.5, NaN, Infinity]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [3]
    [  0.5000,      NaN, Infinity]"
  `);
  expect(printed(zeros([3]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [3]
    [0, 0, 0]"
  `);
  expect(printed(tensor([2 ** 31 - 1, -(2 ** 31)], { dtype: "int32" }))).toMatchInlineSnapshot(`
    "
    Tensor int32 [2]
    [ 2147483647, -2147483648]"
  `);
});

test("long rows are broken at 80 characters", () => {
  const text = printed(arange(60).mul(1.5).reshape([2, 30]));
  expect(text.split("\n").every((line) => line.length <= 80)).toBe(true);
  expect(text).toMatchInlineSnapshot(`
    "
    Tensor float32 [2, 30]
    [[ 0.0000,  1.5000,  3.0000,  4.5000,  6.0000,  7.5000,  9.0000, 10.5000,
      12.0000, 13.5000, 15.0000, 16.5000, 18.0000, 19.5000, 21.0000, 22.5000,
      24.0000, 25.5000, 27.0000, 28.5000, 30.0000, 31.5000, 33.0000, 34.5000,
      36.0000, 37.5000, 39.0000, 40.5000, 42.0000, 43.5000],
     [45.0000, 46.5000, 48.0000, 49.5000, 51.0000, 52.5000, 54.0000, 55.5000,
      57.0000, 58.5000, 60.0000, 61.5000, 63.0000, 64.5000, 66.0000, 67.5000,
      69.0000, 70.5000, 72.0000, 73.5000, 75.0000, 76.5000, 78.0000, 79.5000,
      81.0000, 82.5000, 84.0000, 85.5000, 87.0000, 88.5000]]"
  `);
});

test("the middle of a large tensor is left out", () => {
  expect(printed(arange(1001))).toMatchInlineSnapshot(`
    "
    Tensor float32 [1001]
    [   0,    1,    2, ...,  998,  999, 1000]"
  `);
  expect(printed(arange(1000)).split("\n").length).toBeGreaterThan(50);
  expect(printed(arange(10_000).reshape([100, 100]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [100, 100]
    [[   0,    1,    2, ...,   97,   98,   99],
     [ 100,  101,  102, ...,  197,  198,  199],
     [ 200,  201,  202, ...,  297,  298,  299],
     ...,
     [9700, 9701, 9702, ..., 9797, 9798, 9799],
     [9800, 9801, 9802, ..., 9897, 9898, 9899],
     [9900, 9901, 9902, ..., 9997, 9998, 9999]]"
  `);
  expect(printed(full([8, 2, 500], 0.25))).toMatchInlineSnapshot(`
    "
    Tensor float32 [8, 2, 500]
    [[[0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500],
      [0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500]],

     [[0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500],
      [0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500]],

     [[0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500],
      [0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500]],

     ...,

     [[0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500],
      [0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500]],

     [[0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500],
      [0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500]],

     [[0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500],
      [0.2500, 0.2500, 0.2500, ..., 0.2500, 0.2500, 0.2500]]]"
  `);
  expect(printed(zeros([4, 7, 100]))).toMatchInlineSnapshot(`
    "
    Tensor float32 [4, 7, 100]
    [[[0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0]],

     [[0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0]],

     [[0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0]],

     [[0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0],
      [0, 0, 0, ..., 0, 0, 0]]]"
  `);
});

test("elements that are left out do not decide the format", () => {
  const values = new Float32Array(2000).fill(1);
  values[1000] = 1e-9;
  expect(String(tensor(values))).toBe("Tensor float32 [2000]\n[1, 1, 1, ..., 1, 1, 1]");
});

test("empty tensors", () => {
  expect(String(zeros([0]))).toBe("Tensor float32 [0]\n[]");
  expect(String(zeros([2, 0]))).toBe("Tensor float32 [2, 0]\n[]");
});

test("a tensor without values shows its type and does not throw", () => {
  expect(String(deferred([2, 3]))).toBe("Tensor float32 [2, 3] (not computed yet)");
  expect(inspect({ x: deferred([]) })).toBe("{ x: Tensor float32 [] (not computed yet) }");
});

test("console.log of Node shows the same", () => {
  expect(inspect(tensor([[1, 2], [3, 4]]))).toBe("Tensor float32 [2, 2]\n[[1, 2],\n [3, 4]]");
});
