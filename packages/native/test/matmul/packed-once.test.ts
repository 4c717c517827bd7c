import { compile } from "@nn/compiler";
import type { KernelTarget } from "@nn/compiler/target";
import * as t from "@nn/tensor";
import { Generator, normal, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { packedOnce } from "../../src/matmul/packed-once.js";
import { levels } from "../../src/vectors/level.js";
import { targets } from "../targets.js";
import { matmulKernel, type MatmulKernel, type Product } from "./kernels.js";

const level = levels["AVX-512"];

/** A product whose right matrix is that of another one. */
function after({ inputs: [, matrix] }: MatmulKernel, product: Product): MatmulKernel {
  const own = matmulKernel(product);
  return { ...own, inputs: [own.inputs[0], matrix] };
}

describe("packedOnce", () => {
  const sizes: Product = { m: 50, n: 100, k: 37 };
  const first = matmulKernel(sizes);

  it("finds products of one size with the same right matrix", () => {
    const [second, third, other] = [after(first, sizes), after(first, sizes), matmulKernel(sizes)];
    expect(packedOnce([first, second, other, third], level, 2)).toEqual(new Map([[second, first], [third, first]]));
  });

  const apart: readonly (readonly [string, Product, Product])[] = [
    ["of other sizes", sizes, { ...sizes, m: 60 }],
    ["that is stored the other way round", { ...sizes, n: 37 }, { ...sizes, n: 37, transposeB: true }],
    ["of batches", { ...sizes, batchA: [2], batchB: [1] }, { ...sizes, batchA: [2], batchB: [1] }],
    ["that are packed in several pieces", { m: 50, n: 100, k: 2500 }, { m: 50, n: 100, k: 2500 }],
    ["that are not packed", { m: 20, n: 100, k: 37 }, { m: 20, n: 100, k: 37 }],
  ];

  it.each(apart)("leaves products alone %s", (_, one, two) => {
    const before = matmulKernel(one);
    expect(packedOnce([before, after(before, two)], level, 1)).toEqual(new Map());
  });

  it("packs a matrix again that was written in between", () => {
    const [, matrix] = first.inputs;
    const writer = { ...matmulKernel({ m: 37, n: 100, k: 4 }), output: matrix };
    const [second, third] = [after(first, sizes), after(first, sizes)];
    expect(packedOnce([first, writer, second, third], level, 1)).toEqual(new Map([[third, second]]));
  });
});

describe.each(targets)("a recurrence with $name", (target) => {
  /** The target, but every product packs its matrix. */
  const packingAlways: KernelTarget = { name: target.name, reason: undefined, program: (options) => target.program(options, []) };
  const inputs = normal([6, 48, 40], { generator: new Generator(2) });

  /** The states of a few steps, and the changes of the weight, with a weight that every call updates after the last step. */
  function run(on: KernelTarget, threads: number): readonly unknown[] {
    const weight = new Variable(normal([40, 40], { generator: new Generator(3) }).mul(0.1));
    const step = compile((x: Tensor) => {
      let state = t.zeros([48, 40]);
      for (let at = 0; at < 6; at++) state = t.tanh(state.matmul(weight.value).add(t.slice(x, [at])).add(state.matmul(t.transpose(weight.value))));
      weight.value = weight.value.sub(t.matmul(t.transpose(state), state).mul(0.01));
      return state.matmul(weight.value);
    }, { target: on, threads });
    const results = [0, 1, 2].flatMap(() => [step(inputs).toArray(), weight.value.toArray()]);
    expect(step.explain()).toMatch(/, (\d+) kernels?, \1 of them /);
    step.dispose();
    return results;
  }

  it.each([1, 3])("has the same bits whether its weight is packed once or in each step, on %i threads", (threads) => {
    expect(run(target, threads)).toEqual(run(packingAlways, threads));
  });
});
