import { at, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buffer } from "../matmul/kernels.js";
import { runKernel } from "../run-kernel.js";
import { targets } from "../targets.js";

interface Axis {
  readonly windows: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Elements at the end that no window covers. */
  readonly rest: number;
}

interface Case {
  readonly planes: readonly [images: number, channels: number];
  readonly axes: readonly Axis[];
}

const sizeAlong = ({ windows, window, stride, dilation, rest }: Axis): number => (windows - 1) * stride + (window - 1) * dilation + 1 + rest;

function kernelFor({ planes, axes }: Case): LibraryKernel<"windowArgMax"> {
  return {
    kind: "library", primitive: "windowArgMax", check: undefined, epilogue: undefined, label: "windowArgMax",
    attributes: { window: axes.map(({ window }) => window), strides: axes.map(({ stride }) => stride), padding: axes.map(() => [0, 0] as const), windowDilation: axes.map(({ dilation }) => dilation) },
    inputs: [buffer([...planes, ...axes.map(sizeAlong)])], output: buffer([...planes, ...axes.map(({ windows }) => windows)], "int32"),
  };
}

/** Numbers with many ties, and now and then −∞, ∞ and NaN. */
function elements(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const value = Math.imul(index + 1, 2_654_435_761) >>> 8;
    return value % 31 === 0 ? NaN : value % 29 === 0 ? Infinity : value % 3 === 0 ? -Infinity : (value % 7) - 3;
  });
}

function reference({ inputs: [x], output, attributes: { window, strides, windowDilation } }: LibraryKernel<"windowArgMax">, values: Float32Array): Int32Array {
  const spatial = x.shape.slice(2);
  const steps = stridesOf(spatial);
  const [outer, inner] = [stridesOf(output.shape), stridesOf(window)];
  return Int32Array.from({ length: sizeOf(output.shape) }, (_, element) => {
    const indices = outer.map((stride, axis) => Math.floor(element / stride) % at(output.shape, axis));
    const plane = (at(indices, 0) * at(x.shape, 1) + at(indices, 1)) * sizeOf(spatial);
    let [best, where] = [NaN, -1];
    for (let tap = 0; tap < sizeOf(window); tap++) {
      const position = steps.reduce((sum, step, axis) => sum + step * (at(indices, axis + 2) * at(strides, axis) + (Math.floor(tap / at(inner, axis)) % at(window, axis)) * at(windowDilation, axis)), 0);
      const value = values[plane + position] ?? 0;
      if (where < 0 || (!Number.isNaN(best) && !(value <= best))) [best, where] = [value, position];
    }
    return where;
  });
}

const plain: Axis = { windows: 14, window: 2, stride: 2, dilation: 1, rest: 0 };
const axis: fc.Arbitrary<Axis> = fc.record({ windows: fc.integer({ min: 1, max: 70 }), window: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 4 }), dilation: fc.integer({ min: 1, max: 3 }), rest: fc.integer({ min: 0, max: 5 }) });
const cases: fc.Arbitrary<Case> = fc.record({ planes: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })), axes: fc.array(axis, { minLength: 1, maxLength: 2 }) });

describe.each(targets)("windowArgMax with $name", (target) => {
  const check = (example: Case, threads: number): void => {
    const kernel = kernelFor(example);
    const values = elements(sizeOf(kernel.inputs[0].shape));
    expect(runKernel(target, kernel, new Map([[kernel.inputs[0], values]]), { threads }).get(kernel.output)).toEqual(reference(kernel, values));
  };

  it("gives the first of the largest elements, or the first NaN, in lines of 14 and of 7", () => {
    check({ planes: [3, 8], axes: [plain, plain] }, 1);
    check({ planes: [3, 16], axes: [{ ...plain, windows: 7 }, { ...plain, windows: 7 }] }, 2);
    check({ planes: [1, 2], axes: [{ ...plain, windows: 3 }, plain, { ...plain, windows: 33 }] }, 1);
  });

  it("does so for random windows, on one thread and several", () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 3 }), check), { numRuns: 60 });
  });
});
