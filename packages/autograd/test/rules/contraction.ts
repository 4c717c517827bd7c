import { ones, type Shape, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { ConvolutionAttributes, WindowAttributes } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { exact, sample } from "../samples.js";
import type { RuleCase, RuleCases } from "./case.js";

function matmul(a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): RuleCase {
  return {
    apply: (x, y) => apply(primitives.matmul, [x as Tensor, y as Tensor], { transposeA, transposeB }),
    inputs: [sample(a), sample(b, -1, 1, 3)],
  };
}

function convolution(x: Shape, weight: Shape, given: Partial<ConvolutionAttributes> = {}): RuleCase {
  const ones = x.slice(2).map(() => 1);
  const attributes = { strides: ones, padding: ones.map(() => [0, 0] as const), inputDilation: ones, kernelDilation: ones, groups: 1, ...given };
  return { apply: (a, b) => apply(primitives.convolution, [a as Tensor, b as Tensor], attributes), inputs: [sample(x), sample(weight, -1, 1, 3)] };
}

function windowSum(x: Shape, window: readonly number[], given: Partial<WindowAttributes> = {}): RuleCase {
  const ones = window.map(() => 1);
  const attributes = { window, strides: ones, padding: ones.map(() => [0, 0] as const), inputDilation: ones, windowDilation: ones, ...given };
  return { apply: (a) => apply(primitives.windowSum, [a as Tensor], attributes), inputs: [sample(x)] };
}

export const contractionCases = {
  matmul: [
    matmul([2, 3], [3, 4], false, false),
    matmul([3, 2], [3, 4], true, false),
    matmul([2, 3], [4, 3], false, true),
    matmul([3, 2], [4, 3], true, true),
    matmul([2, 2, 3], [3, 4], false, false),
    matmul([2, 2, 3], [4, 3], false, true),
    matmul([3, 2], [2, 4, 3], true, true),
    matmul([2, 1, 3, 2], [3, 3, 2], true, false),
    matmul([1, 2, 3], [2, 3, 1], false, false),
    matmul([2, 0], [0, 3], false, false),
    matmul([0, 2], [2, 3], false, false),
  ],
  convolution: [
    convolution([2, 1, 5], [1, 1, 3]),
    convolution([2, 3, 6], [2, 3, 3], { strides: [2] }), // the last element is in no window
    convolution([1, 2, 4], [2, 2, 2], { padding: [[3, 1]] }), // more padding than the kernel reaches over
    convolution([1, 1, 5], [1, 1, 1], { padding: [[2, 2]], strides: [3] }),
    convolution([1, 2, 7], [2, 2, 3], { kernelDilation: [2], strides: [2], padding: [[1, 2]] }),
    convolution([1, 2, 4], [3, 2, 3], { inputDilation: [3], padding: [[1, 0]] }),
    convolution([1, 1, 4], [1, 1, 2], { inputDilation: [3], padding: [[4, 5]], strides: [2] }),
    convolution([2, 4, 5], [6, 2, 2], { groups: 2, strides: [2], padding: [[0, 1]] }),
    convolution([2, 3, 4], [3, 1, 2], { groups: 3, inputDilation: [2], kernelDilation: [2], padding: [[1, 1]] }),
    convolution([2, 2, 4, 3], [2, 2, 3, 2], { padding: [[1, 0], [0, 1]] }),
    convolution([1, 4, 5, 4], [2, 2, 2, 3], { groups: 2, strides: [2, 1], padding: [[0, 1], [1, 1]], kernelDilation: [2, 1], inputDilation: [1, 2] }),
    convolution([1, 2, 3, 2, 3], [2, 1, 2, 1, 2], { groups: 2, padding: [[0, 1], [0, 0], [1, 0]], strides: [1, 1, 2] }),
    convolution([0, 2, 4], [2, 2, 3]),
  ],
  windowSum: [
    windowSum([2, 1, 5], [3]),
    windowSum([1, 2, 6], [2], { strides: [4] }),
    windowSum([1, 1, 4], [2], { padding: [[3, 1]], strides: [2] }),
    windowSum([1, 1, 7], [3], { windowDilation: [2], padding: [[1, 2]], strides: [2] }),
    windowSum([1, 1, 3], [2], { inputDilation: [3], padding: [[2, 4]] }),
    windowSum([1, 2, 4, 5], [2, 3], { strides: [2, 1], padding: [[1, 0], [1, 1]] }),
  ],
  windowArgMax: [{
    apply: (x) => apply(primitives.windowArgMax, [x as Tensor], { window: [2], strides: [2], padding: [[0, 0]], windowDilation: [1] }).cast("float64"),
    inputs: [sample([1, 2, 4])],
  }],
  quantizedMatmul: [{
    apply: (x) => apply(primitives.quantizedMatmul, [(x as Tensor).cast("float32"), ones([1, 2], { dtype: "int32" })], { transposed: false }).cast("float64"),
    inputs: [exact([0.2, 1.7, 3.1, 4.8], [2, 2])],
  }],
  bfloat16Matmul: [{
    apply: (x) => apply(primitives.bfloat16Matmul, [(x as Tensor).cast("float32"), ones([2], { dtype: "int32" })], { transposed: false, columns: 2 }).cast("float64"),
    inputs: [exact([0.2, 1.7, 3.1, 4.8], [2, 2])],
  }],
} satisfies RuleCases;
