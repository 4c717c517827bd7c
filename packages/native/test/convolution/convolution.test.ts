import { at, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buffer, distance, numbers } from "../matmul/kernels.js";
import { runKernel, type RunOptions } from "../run-kernel.js";
import { targets } from "../targets.js";

/** A spatial axis: elements, taps, stride, zeros before and behind, elements between which zeros lie, distance of taps. */
interface Axis {
  readonly size: number;
  readonly taps: number;
  readonly stride?: number;
  readonly padding?: readonly [number, number];
  readonly spread?: number;
  readonly dilation?: number;
}

interface Case {
  readonly images: number;
  readonly channels: number;
  readonly outputs: number;
  readonly groups?: number;
  readonly axes: readonly Axis[];
}

const same = (size: number, taps: number): Axis => ({ size, taps, padding: [Math.floor(taps / 2), Math.floor(taps / 2)] });
const square = (axis: Axis): readonly Axis[] => [axis, axis];

/** Lines of 14 and 28, whole vectors, gradients of weights (few windows, many taps, at 14 to 16 windows in phases), strides, dilation, groups, one and three axes, long sums, single images, small images. */
const cases: readonly Case[] = [
  { images: 3, channels: 1, outputs: 8, axes: square(same(28, 3)) }, { images: 5, channels: 8, outputs: 16, axes: square(same(14, 3)) }, { images: 4, channels: 16, outputs: 8, axes: square(same(14, 3)) },
  { images: 8, channels: 5, outputs: 16, axes: square({ size: 14, taps: 14, padding: [1, 1] }) }, { images: 1, channels: 4, outputs: 8, axes: square({ size: 28, taps: 28, padding: [1, 1] }) },
  { images: 1, channels: 2, outputs: 10, axes: square({ size: 33, taps: 7, stride: 2, padding: [3, 3] }) }, { images: 2, channels: 4, outputs: 6, axes: square({ size: 19, taps: 10, dilation: 2, padding: [3, 3] }) },
  { images: 1, channels: 2, outputs: 36, axes: square(same(34, 3)) }, { images: 2, channels: 6, outputs: 5, axes: square({ size: 9, taps: 1 }) }, { images: 1, channels: 200, outputs: 9, axes: square(same(7, 3)) },
  { images: 1, channels: 700, outputs: 3, axes: [{ size: 11, taps: 3 }, { size: 40, taps: 40, padding: [1, 0] }] }, { images: 3, channels: 1, outputs: 1, groups: 12, axes: square(same(16, 3)) },
  { images: 2, channels: 3, outputs: 4, groups: 2, axes: [{ size: 100, taps: 5, stride: 3, padding: [2, 4] }] }, { images: 2, channels: 2, outputs: 3, axes: [same(5, 3), same(6, 2), same(18, 3)] },
  { images: 2, channels: 4, outputs: 7, axes: square({ size: 8, taps: 4, spread: 2, padding: [2, 2] }) }, { images: 2, channels: 2, outputs: 2, axes: square({ size: 12, taps: 3, padding: [-1, -2] }) },
  { images: 2, channels: 5, outputs: 18, axes: square(same(4, 3)) }, { images: 2, channels: 3, outputs: 7, axes: square(same(8, 3)) }, { images: 2, channels: 3, outputs: 12, axes: square({ size: 9, taps: 3 }) },
  { images: 1, channels: 3, outputs: 4, axes: [same(3, 3), same(5, 3), same(6, 3)] }, { images: 1, channels: 300, outputs: 3, axes: square(same(5, 3)) }, { images: 2, channels: 2, outputs: 3, axes: [same(9, 1), { size: 7, taps: 3, dilation: 2, padding: [4, 1] }] },
  { images: 1, channels: 1, outputs: 64, axes: [{ size: 28, taps: 8, dilation: 2 }] }, { images: 1, channels: 1, outputs: 4, axes: square({ size: 224, taps: 16, dilation: 14 }) }, { images: 1, channels: 2, outputs: 3, axes: [{ size: 48, taps: 32, stride: 2, dilation: 1, padding: [0, 15] }] },
  { images: 1, channels: 1, outputs: 1, groups: 3, axes: square({ size: 71, taps: 3, stride: 2, padding: [1, 1] }) }, { images: 1, channels: 2, outputs: 3, axes: [{ size: 9, taps: 2, stride: 3 }, { size: 150, taps: 5, stride: 4, padding: [1, 0] }] },
  { images: 1, channels: 1, outputs: 1, groups: 2, axes: square({ size: 14, taps: 3, stride: 2, padding: [0, 1] }) }, { images: 1, channels: 1, outputs: 2, axes: [{ size: 90, taps: 7, stride: 5, padding: [2, 2] }] },
  { images: 1, channels: 1, outputs: 1, axes: [{ size: 1, taps: 1 }] }, { images: 1, channels: 2, outputs: 3, axes: [{ size: 70, taps: 70 }] },
];

const windowsOf = ({ size, taps, stride = 1, padding: [low, high] = [0, 0], spread = 1, dilation = 1 }: Axis): number => Math.floor(((size - 1) * spread + 1 + low + high - (taps - 1) * dilation - 1) / stride) + 1;

function kernelFor({ images, channels, outputs, groups = 1, axes }: Case): LibraryKernel<"convolution"> {
  return {
    kind: "library", primitive: "convolution", check: undefined, epilogue: undefined, label: "convolution",
    attributes: {
      groups, strides: axes.map(({ stride = 1 }) => stride), padding: axes.map(({ padding = [0, 0] }) => padding), inputDilation: axes.map(({ spread = 1 }) => spread), kernelDilation: axes.map(({ dilation = 1 }) => dilation),
    },
    inputs: [buffer([images, groups * channels, ...axes.map(({ size }) => size)]), buffer([groups * outputs, channels, ...axes.map(({ taps }) => taps)])],
    output: buffer([images, groups * outputs, ...axes.map(windowsOf)]),
  };
}

/** The element of the input under each tap of each window along an axis; −1 in the zeros around and between them. */
function placesOf(axis: Axis): Int32Array {
  const { size, taps, stride = 1, padding: [low] = [0, 0], spread = 1, dilation = 1 } = axis;
  return Int32Array.from({ length: windowsOf(axis) * taps }, (_, index) => {
    const place = (Math.floor(index / taps) * stride + (index % taps) * dilation - low) / spread;
    return Number.isInteger(place) && place >= 0 && place < size ? place : -1;
  });
}

/** The convolution in the arithmetic of `round`, with products in the order of the taps. */
function reference({ images, groups = 1, outputs, channels, axes }: Case, image: Float32Array, weights: Float32Array, round: (value: number) => number): Float64Array {
  const one: Axis = { size: 1, taps: 1 };
  const three = [one, one, ...axes].slice(-3);
  const [a, b, c] = three.map((axis) => ({ size: axis.size, taps: axis.taps, windows: windowsOf(axis), places: placesOf(axis) })) as [Along, Along, Along];
  const windows = a.windows * b.windows * c.windows;
  const taps = a.taps * b.taps * c.taps;
  const result = new Float64Array(images * groups * outputs * windows);
  for (let out = 0; out < images * groups * outputs; out++) {
    const filter = out % (groups * outputs);
    for (let channel = 0; channel < channels; channel++) {
      const plane = (Math.floor(out / outputs) * channels + channel) * a.size * b.size * c.size;
      for (let window = 0; window < windows; window++) {
        const [i, j, k] = [Math.floor(window / (b.windows * c.windows)), Math.floor(window / c.windows) % b.windows, window % c.windows];
        let sum = result[out * windows + window] ?? NaN;
        for (let tap = 0; tap < taps; tap++) {
          const p = a.places[i * a.taps + Math.floor(tap / (b.taps * c.taps))] ?? NaN;
          const q = b.places[j * b.taps + (Math.floor(tap / c.taps) % b.taps)] ?? NaN;
          const r = c.places[k * c.taps + (tap % c.taps)] ?? NaN;
          if (p >= 0 && q >= 0 && r >= 0) sum = round(sum + round((image[plane + (p * b.size + q) * c.size + r] ?? NaN) * (weights[(filter * channels + channel) * taps + tap] ?? NaN)));
        }
        result[out * windows + window] = sum;
      }
    }
  }
  return result;
}

/** An axis as the reference walks it. */
interface Along {
  readonly size: number;
  readonly taps: number;
  readonly windows: number;
  readonly places: Int32Array;
}

function run(target: (typeof targets)[number], example: Case, options?: RunOptions) {
  const kernel = kernelFor(example);
  const [x, weight] = kernel.inputs;
  const [image, weights] = [numbers(sizeOf(x.shape), 1), numbers(sizeOf(weight.shape), 2)];
  const after = runKernel(target, kernel, new Map([[x, image], [weight, weights]]), options);
  return { found: after.get(kernel.output) ?? [], exact: (round: (value: number) => number) => reference(example, image, weights, round) };
}

/** Sums of `count` products of numbers from −1 to 1. */
const tolerance = ({ channels, axes }: Case): number => 2 ** -23 * (4 + channels * sizeOf(axes.map(({ taps }) => taps)));

const axis: fc.Arbitrary<Axis> = fc.record({
  size: fc.integer({ min: 1, max: 40 }), taps: fc.integer({ min: 1, max: 16 }), stride: fc.integer({ min: 1, max: 3 }), padding: fc.tuple(fc.integer({ min: -2, max: 4 }), fc.integer({ min: -2, max: 4 })), spread: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 3 }),
});
const randomCase: fc.Arbitrary<Case> = fc.record({
  images: fc.integer({ min: 1, max: 5 }), channels: fc.integer({ min: 1, max: 4 }), outputs: fc.integer({ min: 1, max: 18 }), groups: fc.integer({ min: 1, max: 2 }), axes: fc.array(axis, { minLength: 1, maxLength: 2 }),
}).filter(({ axes, channels }) => axes.every((each) => windowsOf(each) > 0) && channels * sizeOf(axes.map(({ taps }) => taps)) * sizeOf(axes.map(windowsOf)) < 20_000);

describe.each(targets)("convolution with $name", (target) => {
  it.each(cases)("%j is the convolution, and nothing else is written", (example) => {
    const { found, exact } = run(target, example);
    expect(distance(found, exact((value) => value))).toBeLessThan(tolerance(example));
  });

  it.each(cases)("%j has the same bits on any number of threads", (example) => {
    const { found: alone } = run(target, example);
    for (const threads of [2, 5]) expect(run(target, example, { threads }).found, `${threads} threads`).toEqual(alone);
  });

  it("is the convolution for random sizes and options, on one thread and several", () => {
    fc.assert(fc.property(randomCase, fc.integer({ min: 1, max: 3 }), (example, threads) => {
      const { found, exact } = run(target, example, { threads });
      expect(distance(found, exact((value) => value))).toBeLessThan(tolerance(example));
    }), { numRuns: 30 });
  });

  it("rounds products and sums each on their own if it may not fuse them", () => {
    const { found, exact } = run(target, at(cases, 1), { fused: false });
    expect(found).toEqual(Float32Array.from(exact(Math.fround)));
  });
});
