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
  readonly padding: readonly [low: number, high: number];
}

interface Case {
  readonly planes: readonly [images: number, channels: number];
  readonly axes: readonly Axis[];
}

const sizeAlong = ({ windows, window, stride, dilation, rest, padding: [low, high] }: Axis): number => (windows - 1) * stride + (window - 1) * dilation + 1 + rest - low - high;

function kernelFor({ planes, axes }: Case): LibraryKernel<"windowArgMax"> {
  return {
    kind: "library", primitive: "windowArgMax", check: undefined, epilogue: undefined, label: "windowArgMax",
    attributes: { window: axes.map(({ window }) => window), strides: axes.map(({ stride }) => stride), padding: axes.map(({ padding }) => padding), windowDilation: axes.map(({ dilation }) => dilation) },
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

function reference({ inputs: [x], output, attributes: { window, strides, windowDilation, padding } }: LibraryKernel<"windowArgMax">, values: Float32Array): Int32Array {
  const spatial = x.shape.slice(2);
  const steps = stridesOf(spatial);
  const [outer, inner] = [stridesOf(output.shape), stridesOf(window)];
  return Int32Array.from({ length: sizeOf(output.shape) }, (_, element) => {
    const indices = outer.map((stride, axis) => Math.floor(element / stride) % at(output.shape, axis));
    const plane = (at(indices, 0) * at(x.shape, 1) + at(indices, 1)) * sizeOf(spatial);
    let [best, where] = [NaN, -1];
    for (let tap = 0; tap < sizeOf(window); tap++) {
      const positions = steps.map((_, axis) => at(indices, axis + 2) * at(strides, axis) + (Math.floor(tap / at(inner, axis)) % at(window, axis)) * at(windowDilation, axis) - at(padding, axis)[0]);
      if (positions.some((each, axis) => each < 0 || each >= at(spatial, axis))) continue;
      const position = steps.reduce((sum, step, axis) => sum + step * at(positions, axis), 0);
      const value = values[plane + position] ?? 0;
      if (where < 0 || (!Number.isNaN(best) && !(value <= best))) [best, where] = [value, position];
    }
    return where;
  });
}

const plain: Axis = { windows: 14, window: 2, stride: 2, dilation: 1, rest: 0, padding: [0, 0] };
const axis: fc.Arbitrary<Axis> = fc.record({ windows: fc.integer({ min: 1, max: 70 }), window: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 4 }), dilation: fc.integer({ min: 1, max: 3 }), rest: fc.integer({ min: 0, max: 5 }), padding: fc.constant([0, 0] as const) });
/** With padding, as far as each window has an element. */
const paddedAxis: fc.Arbitrary<Axis> = fc.record({ windows: fc.integer({ min: 1, max: 40 }), window: fc.integer({ min: 2, max: 4 }), stride: fc.integer({ min: 1, max: 4 }), low: fc.nat(3), high: fc.nat(3) })
  .map(({ low, high, ...rest }): Axis => ({ ...rest, dilation: 1, rest: 0, padding: [Math.min(low, rest.window - 1), Math.min(high, rest.window - 1)] })).filter((each) => sizeAlong(each) > 0 && (each.windows - 1) * each.stride - each.padding[0] < sizeAlong(each));
/** Lines of any length, few of them in a plane. */
const casesOf = (along: fc.Arbitrary<Axis>): fc.Arbitrary<Case> => {
  const axes = fc.tuple(fc.array(along.filter(({ windows }) => windows < 9), { maxLength: 1 }), along).map(([outer, last]) => [...outer, last]);
  return fc.record({ planes: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })), axes });
};

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
    check({ planes: [1, 2], axes: [{ ...plain, window: 8 }, { ...plain, windows: 37, window: 8 }] }, 1);
  });

  it("leaves padding out", () => {
    const [three, two]: readonly Axis[] = [{ windows: 14, window: 3, stride: 2, dilation: 1, rest: 0, padding: [1, 0] }, { windows: 29, window: 2, stride: 1, dilation: 1, rest: 0, padding: [1, 1] }];
    check({ planes: [2, 3], axes: [three ?? plain, three ?? plain] }, 1);
    check({ planes: [5, 1], axes: [two ?? plain, three ?? plain] }, 3);
    check({ planes: [1, 2], axes: [plain, two ?? plain] }, 1);
    const five: Axis = { windows: 20, window: 5, stride: 1, dilation: 1, rest: 0, padding: [2, 2] };
    check({ planes: [2, 1], axes: [five, five] }, 2);
  });

  it("leaves padding out of random windows, on one thread and several", () => {
    fc.assert(fc.property(casesOf(paddedAxis), fc.integer({ min: 1, max: 3 }), check), { numRuns: 60 });
  });

  it("gives the first element of a window of −∞, and not its padding", () => {
    const kernel = kernelFor({ planes: [1, 1], axes: [{ windows: 3, window: 3, stride: 2, dilation: 1, rest: 0, padding: [1, 1] }, { windows: 20, window: 3, stride: 2, dilation: 1, rest: 0, padding: [1, 1] }] });
    const values = new Float32Array(sizeOf(kernel.inputs[0].shape)).fill(-Infinity);
    expect(runKernel(target, kernel, new Map([[kernel.inputs[0], values]])).get(kernel.output)).toEqual(reference(kernel, values));
  });

  it("does so for random windows, on one thread and several", () => {
    fc.assert(fc.property(casesOf(axis), fc.integer({ min: 1, max: 3 }), check), { numRuns: 60 });
  });
});
