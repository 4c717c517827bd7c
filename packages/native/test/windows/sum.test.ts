import { at, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buffer } from "../matmul/kernels.js";
import { runKernel } from "../run-kernel.js";
import { targets } from "../targets.js";

interface Axis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  readonly inputDilation: number;
  readonly padding: readonly [low: number, high: number];
}

type Kernel = LibraryKernel<"windowSum">;

function windowsAlong({ size, window, stride, dilation, inputDilation, padding: [low, high] }: Axis): number {
  return Math.floor((low + (size - 1) * inputDilation + 1 + high - (window - 1) * dilation - 1) / stride) + 1;
}

function kernelFor(planes: readonly number[], axes: readonly Axis[]): Kernel {
  return {
    kind: "library", primitive: "windowSum", check: undefined, epilogue: undefined, label: "windowSum",
    attributes: { window: axes.map(({ window }) => window), strides: axes.map(({ stride }) => stride), padding: axes.map(({ padding }) => padding), inputDilation: axes.map(({ inputDilation }) => inputDilation), windowDilation: axes.map(({ dilation }) => dilation) },
    inputs: [buffer([...planes, ...axes.map(({ size }) => size)])], output: buffer([...planes, ...axes.map(windowsAlong)]),
  };
}

const elements = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => ((Math.imul(i + 1, 2_654_435_761) >>> 8) % 101) * 0.37 - 17);

/** Each window in turn, in float64. */
function reference({ inputs: [x], output, attributes: { window, strides, padding, inputDilation, windowDilation } }: Kernel, values: Float32Array): Float32Array {
  const spatial = x.shape.slice(2);
  const [outer, taps, steps] = [stridesOf(output.shape), stridesOf(window), stridesOf(spatial)];
  return Float32Array.from({ length: sizeOf(output.shape) }, (_, element) => {
    const indices = outer.map((stride, axis) => Math.floor(element / stride) % at(output.shape, axis));
    const plane = (at(indices, 0) * at(x.shape, 1) + at(indices, 1)) * sizeOf(spatial);
    let sum = 0;
    for (let tap = 0; tap < sizeOf(window); tap++) {
      const places = spatial.map((_, axis) => (at(indices, axis + 2) * at(strides, axis) + (Math.floor(tap / at(taps, axis)) % at(window, axis)) * at(windowDilation, axis) - at(padding, axis)[0]) / at(inputDilation, axis));
      if (places.every((place, axis) => Number.isInteger(place) && place >= 0 && place < at(spatial, axis))) sum += values[plane + places.reduce((total, place, axis) => total + place * at(steps, axis), 0)] ?? NaN;
    }
    return sum;
  });
}

const plain: Axis = { size: 28, window: 2, stride: 2, dilation: 1, inputDilation: 1, padding: [0, 0] };
const gradient: Axis = { size: 14, window: 2, stride: 1, dilation: 1, inputDilation: 2, padding: [1, 1] };
const axis: fc.Arbitrary<Axis> = fc.record({ size: fc.integer({ min: 1, max: 40 }), window: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 4 }), dilation: fc.integer({ min: 1, max: 2 }), inputDilation: fc.integer({ min: 1, max: 3 }), padding: fc.tuple(fc.nat(4), fc.nat(4)) })
  .filter((each) => windowsAlong(each) > 0);

describe.each(targets)("windowSum with $name", (target) => {
  const check = (planes: readonly number[], axes: readonly Axis[], threads: number): void => {
    const kernel = kernelFor(planes, axes);
    const values = elements(sizeOf(kernel.inputs[0].shape));
    expect(runKernel(target, kernel, new Map([[kernel.inputs[0], values]]), { threads }).get(kernel.output)).toEqual(reference(kernel, values));
  };

  it("adds the elements of the windows of average pooling, and of its gradient", () => {
    check([2, 3], [plain, plain], 1);
    check([2, 3], [gradient, gradient], 2);
    check([1, 2], [{ ...plain, size: 15, window: 3, padding: [1, 1] }, { ...plain, size: 57, window: 3, padding: [1, 1] }], 3);
    check([1, 1], [{ ...plain, size: 4 }, plain, { ...plain, size: 33 }], 1);
    check([2, 1], [{ ...plain, size: 20, window: 5, stride: 1, padding: [2, 2] }, { ...plain, size: 37, window: 5, stride: 1, padding: [2, 2] }], 2);
    check([1, 2], [{ ...plain, size: 16, window: 8 }, { ...plain, size: 70, window: 8 }], 1);
  });

  it("does so for random windows, on one thread and several", () => {
    const planes = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
    fc.assert(fc.property(planes, fc.array(axis, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 3 }), check), { numRuns: 60 });
  });

  it("keeps NaN and infinities in their windows, and large numbers finite", () => {
    const kernel = kernelFor([1, 1], [{ ...plain, size: 12, window: 3, stride: 3 }]);
    const values = Float32Array.of(NaN, 1, 2, Infinity, 1, 2, Infinity, -Infinity, 1, 3e38, 3e38, -3e38);
    expect([...(runKernel(target, kernel, new Map([[kernel.inputs[0], values]])).get(kernel.output) ?? [])]).toEqual([NaN, Infinity, NaN, Math.fround(3e38)]);
  });
});
