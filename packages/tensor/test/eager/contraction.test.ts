import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DType } from "../../src/dtype.js";
import { sizeOf } from "../../src/shape.js";
import { anyNumbers, apply, array, arraysOf, at, broadcastableShapes, elements, naive, positions, vector } from "./arrays.js";
import type { ConvolutionAttributes, WindowAttributes } from "../../src/primitives/attributes.js";
import type { NdArray } from "../../src/primitives/definition.js";

/** Zeros of both signs are the same sum. */
function sums(x: NdArray): number[] {
  return elements(x).map((value) => value + 0);
}

describe("matmul", () => {
  const batches = broadcastableShapes(2).filter(({ shape }) => shape.length <= 3);
  const extents = fc.tuple(...([0, 1, 2].map(() => fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(1))) as [fc.Arbitrary<number>, fc.Arbitrary<number>, fc.Arbitrary<number>]));

  it.each((["float32", "float64", "int32"] as const).flatMap((dtype) => [false, true].flatMap((a) => [false, true].map((b) => [dtype, a, b] as const))))(
    "multiplies rows by columns of %s (transposed: %s, %s), over broadcast batches",
    (dtype, transposeA, transposeB) => {
      const values = dtype === "int32" ? anyNumbers : undefined;
      const cases = fc.tuple(batches, extents).chain(([{ shape, inputs: [a = [], b = []] }, [m, k, n]]) =>
        fc.tuple(
          fc.constant([...shape, m, n]),
          fc.constant(k),
          arraysOf(dtype, [...a, ...(transposeA ? [k, m] : [m, k])], values),
          arraysOf(dtype, [...b, ...(transposeB ? [n, k] : [k, n])], values),
        ),
      );
      fc.assert(
        fc.property(cases, ([shape, k, a, b]) => {
          const element = (x: NdArray, batch: readonly number[], row: number, column: number, transposed: boolean): number => {
            const lead = x.shape.length - 2;
            const own = batch.slice(batch.length - lead).map((i, axis) => (x.shape[axis] === 1 ? 0 : i));
            return at(x, [...own, ...(transposed ? [column, row] : [row, column])]);
          };
          const want = naive(dtype, shape, (position) => {
            const [row = 0, column = 0] = position.slice(-2);
            const batch = position.slice(0, -2);
            let sum = 0;
            for (let p = 0; p < k; p++) {
              const [x, y] = [element(a, batch, row, p, transposeA), element(b, batch, p, column, transposeB)];
              sum = dtype === "int32" ? (sum + Math.imul(x, y)) | 0 : sum + x * y;
            }
            return sum;
          });
          expect(sums(apply("matmul", [a, b], { transposeA, transposeB }))).toEqual(sums(want));
        }),
        { numRuns: 60 },
      );
    },
  );

  it("rounds float32 once, after summing in float64", () => {
    const row = array("float32", [1, 4], [1e8, 1, -1e8, 1]);
    const column = array("float32", [4, 1], [1, 1, 1, 1]);
    for (const n of [1, 2]) {
      const columns = array("float32", [4, n], Array.from({ length: 4 * n }, () => 1));
      expect(elements(apply("matmul", [row, columns], { transposeA: false, transposeB: false }))).toEqual(Array.from({ length: n }, () => 2));
    }
    expect(elements(apply("matmul", [column, row], { transposeA: true, transposeB: true }))).toEqual([2]);
  });

  it("keeps NaN and infinities in their rows and columns", () => {
    const a = array("float32", [5, 2], [1, 2, NaN, 0, 3, 4, Infinity, 1, 5, 6]);
    const b = array("float32", [2, 2], [1, 0, 0, 1]);
    const want = [1, 2, NaN, NaN, 3, 4, Infinity, NaN, 5, 6];
    expect(elements(apply("matmul", [a, b], { transposeA: false, transposeB: false }))).toEqual(want);
  });
});

/** Numbers of windows that a case asks for, or undefined where a window does not fit. */
function windowCounts(spatial: readonly number[], window: readonly number[], { strides, padding, inputDilation, windowDilation }: Omit<WindowAttributes, "window">): number[] | undefined {
  const counts = spatial.map((length, axis) => {
    const [low, high] = padding[axis] as readonly [number, number];
    const span = ((window[axis] as number) - 1) * (windowDilation[axis] as number) + 1;
    return Math.floor(((length - 1) * (inputDilation[axis] as number) + 1 + low + high - span) / (strides[axis] as number)) + 1;
  });
  return counts.every((count) => count >= 1 && count <= 8) ? counts : undefined;
}

/** The element of `x` under a tap of a window: undefined in the padding and between dilated elements. */
function tapped(
  x: NdArray, lead: readonly number[], windowAt: readonly number[], tap: readonly number[],
  { strides, padding, inputDilation, windowDilation }: Omit<WindowAttributes, "window">,
): number | undefined {
  const element = windowAt.map((w, axis) => {
    const dilated = w * (strides[axis] as number) - (padding[axis] as readonly [number, number])[0] + (tap[axis] as number) * (windowDilation[axis] as number);
    return dilated / (inputDilation[axis] as number);
  });
  const inside = element.every((i, axis) => Number.isInteger(i) && i >= 0 && i < (x.shape[axis + 2] as number));
  return inside ? at(x, [...lead, ...element]) : undefined;
}

/** Spatial sizes with everything that moves a window over them. */
const geometries = fc.integer({ min: 1, max: 3 }).chain((rank) => {
  const each = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: rank, maxLength: rank });
  return fc.record({
    spatial: each(fc.integer({ min: 1, max: 5 })),
    window: each(fc.integer({ min: 1, max: 3 })),
    strides: each(fc.integer({ min: 1, max: 3 })),
    padding: each(fc.tuple(fc.integer({ min: -1, max: 2 }), fc.integer({ min: -1, max: 2 }))),
    inputDilation: each(fc.integer({ min: 1, max: 2 })),
    windowDilation: each(fc.integer({ min: 1, max: 2 })),
  });
});

describe("convolution", () => {
  it.each(["float32", "float64"] as const)("sums weights times the elements in each window of %s", (dtype) => {
    const channels = fc.record({ batch: fc.integer({ min: 0, max: 2 }), groups: fc.integer({ min: 1, max: 3 }), inputs: fc.integer({ min: 1, max: 3 }), outputs: fc.integer({ min: 1, max: 5 }) });
    const cases = fc.tuple(geometries, channels).filter(([geometry]) => windowCounts(geometry.spatial, geometry.window, geometry) !== undefined)
      .chain(([geometry, { batch, groups, inputs, outputs }]) => fc.record({
        geometry: fc.constant(geometry),
        groups: fc.constant(groups),
        x: arraysOf(dtype, [batch, groups * inputs, ...geometry.spatial]),
        weight: arraysOf(dtype, [groups * outputs, inputs, ...geometry.window]),
      }));
    fc.assert(
      fc.property(cases, ({ geometry, groups, x, weight }) => {
        const { strides, padding, inputDilation, windowDilation } = geometry;
        const attributes: ConvolutionAttributes = { strides, padding, inputDilation, kernelDilation: windowDilation, groups };
        const [outputs = 0, perGroup = 0, ...window] = weight.shape;
        const counts = windowCounts(geometry.spatial, window, geometry) ?? [];
        const taps = positions(window);
        const want = naive(dtype, [x.shape[0] ?? 0, outputs, ...counts], ([sample = 0, output = 0, ...windowAt]) => {
          const group = Math.floor(output / (outputs / groups));
          let sum = 0;
          for (let channel = 0; channel < perGroup; channel++) {
            for (const tap of taps) {
              sum += (tapped(x, [sample, group * perGroup + channel], windowAt, tap, geometry) ?? 0) * at(weight, [output, channel, ...tap]);
            }
          }
          return sum;
        });
        const got = apply("convolution", [x, weight], attributes);
        expect(got.shape).toEqual(want.shape);
        expect(sums(got)).toEqual(sums(want));
      }),
      { numRuns: 150 },
    );
  });

  it("convolves no channels to zeros, and refuses a fourth spatial axis", () => {
    const plain = (rank: number): ConvolutionAttributes => ({
      strides: Array.from({ length: rank }, () => 1), padding: Array.from({ length: rank }, () => [0, 0] as const),
      inputDilation: Array.from({ length: rank }, () => 1), kernelDilation: Array.from({ length: rank }, () => 1), groups: 1,
    });
    const nothing = apply("convolution", [array("float32", [1, 0, 3], []), array("float32", [2, 0, 2], [])], plain(1));
    expect(elements(nothing)).toEqual([0, 0, 0, 0]);
    const x = array("float32", [1, 1, 1, 1, 1, 2], [1, 2]);
    expect(() => apply("convolution", [x, x], plain(4))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: conv4d: 4 spatial axes [1, 1, 1, 2]; at most 3 are supported]`);
  });
});

describe("windowSum", () => {
  it.each(["float32", "float64"] as const)("adds the elements in each window of %s", (dtype) => {
    const cases = geometries.filter((geometry) => windowCounts(geometry.spatial, geometry.window, geometry) !== undefined)
      .chain((geometry) => fc.tuple(fc.constant(geometry), arraysOf(dtype, [2, 1, ...geometry.spatial])));
    fc.assert(
      fc.property(cases, ([geometry, x]) => {
        const { spatial, ...attributes } = geometry;
        const counts = windowCounts(spatial, geometry.window, geometry) ?? [];
        const want = naive(dtype, [2, 1, ...counts], ([sample = 0, channel = 0, ...windowAt]) =>
          positions(geometry.window).reduce((sum, tap) => sum + (tapped(x, [sample, channel], windowAt, tap, geometry) ?? 0), 0),
        );
        expect(sums(apply("windowSum", [x], attributes))).toEqual(sums(want));
      }),
    );
  });
});

describe("windowArgMax", () => {
  const attributes = (padding: readonly (readonly [number, number])[], window: readonly number[]) => ({
    window, padding, strides: window.map(() => 1), windowDilation: window.map(() => 1),
  });

  it.each(["float32", "float64"] as const)("finds the first largest element of %s in each window; the first NaN wins", (dtype) => {
    const few: { readonly [D in DType]: fc.Arbitrary<number> } = { ...anyNumbers, [dtype]: fc.constantFrom(NaN, -Infinity, -Infinity, -1, 0, -0, 2) };
    const cases = geometries
      .map((geometry) => ({ ...geometry, inputDilation: geometry.spatial.map(() => 1), padding: geometry.padding.map(([low, high]) => [Math.min(low, 0), Math.min(high, 0)] as const) }))
      .filter((geometry) => windowCounts(geometry.spatial, geometry.window, geometry) !== undefined)
      .chain((geometry) => fc.tuple(fc.constant(geometry), arraysOf(dtype, [1, 2, ...geometry.spatial], few)));
    fc.assert(
      fc.property(cases, ([geometry, x]) => {
        const counts = windowCounts(geometry.spatial, geometry.window, geometry) ?? [];
        const numbered = array("float64", x.shape, positions(x.shape).map((_, i) => i % sizeOf(geometry.spatial)));
        const want = naive("int32", [1, 2, ...counts], ([sample = 0, channel = 0, ...windowAt]) => {
          const seen = positions(geometry.window).flatMap((tap) => {
            const value = tapped(x, [sample, channel], windowAt, tap, geometry);
            return value === undefined ? [] : [{ value, element: tapped(numbered, [sample, channel], windowAt, tap, geometry) ?? NaN }];
          });
          const largest = Math.max(...seen.map(({ value }) => value));
          return (seen.find(({ value }) => (Number.isNaN(largest) ? Number.isNaN(value) : value === largest)) ?? { element: NaN }).element;
        });
        expect(elements(apply("windowArgMax", [x], geometry))).toEqual(elements(want));
      }),
    );
  });

  it("never chooses padding, even against −∞", () => {
    const x = array("float32", [1, 1, 3], [-Infinity, -5, -7]);
    expect(elements(apply("windowArgMax", [x], attributes([[1, 1]], [2])))).toEqual([0, 1, 1, 2]);
  });

  it("refuses a window that lies completely in the padding", () => {
    const x = array("float32", [1, 1, 2], [1, 2]);
    expect(() => apply("windowArgMax", [x], attributes([[2, 0]], [2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: windowArgMax: window 0 along spatial axis 0 lies entirely in the padding 2 and 0 (size 2, window 2); use less padding]`);
    expect(elements(apply("windowSum", [vectorAsImage([1, 2])], { ...attributes([[2, 0]], [2]), inputDilation: [1] }))).toEqual([0, 1, 3]);
  });
});

function vectorAsImage(values: readonly number[]): NdArray {
  return { ...vector("float32", values), shape: [1, 1, values.length] };
}
