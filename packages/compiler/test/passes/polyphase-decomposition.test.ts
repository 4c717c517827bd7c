import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, isClose, tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { AttributesOf } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { compile } from "../../src/index.js";
import { topologicalOrder } from "../../src/ir/graph.js";
import { polyphaseDecomposition } from "../../src/passes/polyphase-decomposition.js";
import { trace } from "../../src/trace/trace.js";

const axis = fc.record({
  size: fc.integer({ min: 1, max: 6 }), kernel: fc.integer({ min: 1, max: 4 }), low: fc.integer({ min: -2, max: 3 }), high: fc.integer({ min: -1, max: 3 }),
  step: fc.integer({ min: 1, max: 4 }),
}).filter(({ size, kernel, low, high, step }) => (size - 1) * step + 1 + low + high >= kernel);

function values(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(Float32Array.from({ length: size }, (_, at) => Math.sin(at * 12.9898 + size)), { shape: [...shape] });
}

describe("a convolution of a dilated image", () => {
  const property = (check: (x: Tensor, weight: Tensor, attributes: AttributesOf<"convolution">) => void): void =>
    fc.assert(fc.property(fc.array(axis, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 2 }), (axes, groups) => {
      const ones = axes.map(() => 1);
      const padding = axes.map(({ low, high }) => [low, high] as const);
      check(values([2, 2 * groups, ...axes.map(({ size }) => size)]), values([3 * groups, 2, ...axes.map(({ kernel }) => kernel)]), {
        groups, strides: ones, kernelDilation: ones, inputDilation: axes.map(({ step }) => step), padding,
      });
    }), { numRuns: 60 });

  it("is computed by convolutions of the image itself, one for each phase, and written in lines that are read as they are", () => {
    property((x, weight, attributes) => {
      const { graph } = trace([x, weight], ([a, w]) => apply(primitives.convolution, [a as Tensor, w as Tensor], attributes), (result) => [result]);
      const nodes = topologicalOrder(polyphaseDecomposition(graph));
      expect(nodes.every((node) => node.kind !== "primitive" || node.primitive !== "convolution" || node.attributes.inputDilation.every((step) => step === 1))).toBe(true);
      expect(nodes.every((node) => node.kind !== "primitive" || node.primitive !== "permute")).toBe(true);
    });
  });

  it("gives the same elements", () => {
    property((x, weight, attributes) => {
      const convolve = (a: Tensor, w: Tensor): Tensor => apply(primitives.convolution, [a, w], attributes);
      const compiled = compile(convolve);
      const [got, wanted] = [compiled(x, weight), convolve(x, weight)];
      compiled.dispose();
      expect(got.shape).toEqual(wanted.shape);
      expect(all(isClose(got, wanted, { relativeTolerance: 1e-4, absoluteTolerance: 1e-5 })).item()).toBe(1);
    });
  });
});
