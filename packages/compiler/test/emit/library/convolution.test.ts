import * as fc from "fast-check";
import { describe, it } from "vitest";
import { tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { AttributesOf } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { compile } from "../../../src/index.js";

interface Case {
  readonly batch: number;
  readonly groups: number;
  readonly channels: number;
  readonly outputs: number;
  readonly axes: readonly { size: number; kernel: number; stride: number; low: number; high: number; input: number; dilation: number }[];
}

const axis = fc.record({
  size: fc.integer({ min: 1, max: 9 }), kernel: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 3 }), low: fc.integer({ min: -1, max: 3 }),
  high: fc.integer({ min: 0, max: 3 }), input: fc.integer({ min: 1, max: 2 }), dilation: fc.integer({ min: 1, max: 2 }),
});

const cases: fc.Arbitrary<Case> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }), groups: fc.integer({ min: 1, max: 2 }), channels: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }), axes: fc.array(axis, { minLength: 1, maxLength: 3 }),
}).filter(({ axes }) => axes.every((a) => (a.size - 1) * a.input + 1 + a.low + a.high >= (a.kernel - 1) * a.dilation + 1));

function values(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(Float32Array.from({ length: size }, (_, at) => Math.sin(at * 12.9898 + size)), { shape: [...shape] });
}

function checkSame(got: Tensor, want: Tensor): void {
  if (got.shape.join() !== want.shape.join()) throw new Error(`shape [${got.shape.join()}], expected [${want.shape.join()}]`);
  const [x, y] = [got.toTypedArray(), want.toTypedArray()];
  y.forEach((value, at) => {
    if (!(Math.abs((x[at] ?? NaN) - value) <= 1e-5 + 1e-4 * Math.abs(value))) throw new Error(`element ${at}: ${x[at]} compiled, ${value} eager`);
  });
}

describe("convolution", () => {
  it("with random options equals eager execution", () => {
    const check = ({ batch, groups, channels, outputs, axes }: Case): void => {
      const attributes: AttributesOf<"convolution"> = {
        groups, strides: axes.map(({ stride }) => stride), padding: axes.map(({ low, high }) => [low, high] as const),
        inputDilation: axes.map(({ input }) => input), kernelDilation: axes.map(({ dilation }) => dilation),
      };
      const x = values([batch, groups * channels, ...axes.map(({ size }) => size)]);
      const weight = values([groups * outputs, channels, ...axes.map(({ kernel }) => kernel)]);
      const convolve = (a: Tensor, w: Tensor): Tensor => apply(primitives.convolution, [a, w], attributes);
      const compiled = compile(convolve);
      checkSame(compiled(x, weight), convolve(x, weight));
      compiled.dispose();
    };
    fc.assert(fc.property(cases, check), { numRuns: 150 });
  });

  it("equals eager execution for few windows of a large kernel, as in gradients of kernels, with patches in blocks of rows and of single elements", () => {
    const compare = (x: Tensor, weight: Tensor, attributes: AttributesOf<"convolution">): void => {
      const convolve = (a: Tensor, w: Tensor): Tensor => apply(primitives.convolution, [a, w], attributes);
      checkSame(compile(convolve)(x, weight), convolve(x, weight));
    };
    const plain = { groups: 1, strides: [1, 1], inputDilation: [1, 1], kernelDilation: [1, 1] };
    compare(values([3, 5, 16, 15]), values([4, 5, 14, 13]), { ...plain, padding: [[0, 0], [0, 0]] });
    compare(values([3, 5, 16, 15]), values([4, 5, 15, 14]), { ...plain, padding: [[1, 0], [0, 1]] });
    compare(values([7, 2, 16, 16]), values([11, 2, 13, 13]), { ...plain, padding: [[1, 0], [0, 0]] });
    compare(values([1, 12, 70, 70]), values([33, 12, 3, 3]), { ...plain, padding: [[1, 1], [1, 1]] });
    compare(values([2, 6, 9, 7]), values([5, 6, 1, 1]), { ...plain, padding: [[0, 0], [0, 0]] });
  });
});
