import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DType } from "../../src/dtype.js";
import { anyNumbers, apply, array, arraysOf, at, elements, naive, positions, shapes, smallNumbers, vector } from "./arrays.js";
import type { NdArray } from "../../src/primitives/definition.js";

const numbers: readonly DType[] = ["float32", "float64", "int32"];
const all: readonly DType[] = [...numbers, "bool"];

/** Arrays with some of their axes. */
function reductions(dtype: DType, values: typeof smallNumbers, minSize: number): fc.Arbitrary<[NdArray, number[]]> {
  return shapes({ minSize, maxRank: 5 }).chain((shape) =>
    fc.tuple(arraysOf(dtype, shape, values), fc.subarray(shape.map((_, axis) => axis))),
  );
}

/** The elements that are reduced to the one at `position`. */
function reducedTo(x: NdArray, axes: readonly number[], position: readonly number[]): number[] {
  const ranges = x.shape.map((length, axis) => (axes.includes(axis) ? length : 1));
  return positions(ranges).map((within) => at(x, within.map((i, axis) => i + (position[axis] ?? 0))));
}

function kept(x: NdArray, axes: readonly number[]): number[] {
  return x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

const folds = {
  sum: (values: number[]) => values.reduce((sum, value) => sum + value, 0),
  prod: (values: number[]) => values.reduce((product, value) => product * value, 1),
  max: (values: number[]) => Math.max(...values),
  min: (values: number[]) => Math.min(...values),
};

describe("folds", () => {
  const exact: { readonly [D in DType]: fc.Arbitrary<number> } = { ...smallNumbers, float32: fc.constantFrom(-2, -1, 0.5, 1, 2), float64: smallNumbers.int32 };

  it.each((["sum", "prod"] as const).flatMap((name) => numbers.map((dtype) => [name, dtype] as const)))("%s of %s over any axes", (name, dtype) => {
    // At most 4⁵ factors of which some are 0: products would leave the range in which they are exact, but for powers of 2.
    const values = name === "prod" ? { ...exact, float64: exact.float32 } : exact;
    fc.assert(
      fc.property(reductions(dtype, values, 0), ([x, axes]) => {
        const got = apply(name, [x], { axes });
        const fold = (list: number[]) =>
          dtype === "int32" && name === "prod" ? list.reduce((product, value) => Math.imul(product, value), 1) : folds[name](list);
        const want = naive(dtype, kept(x, axes), (position) => fold(reducedTo(x, axes, position)));
        expect(elements(got).map((value) => value + 0)).toEqual(elements(want).map((value) => value + 0));
      }),
    );
  });

  it.each((["max", "min"] as const).flatMap((name) => all.map((dtype) => [name, dtype] as const)))("%s of %s over any axes gives NaN if there is one", (name, dtype) => {
    fc.assert(
      fc.property(reductions(dtype, anyNumbers, 1), ([x, axes]) => {
        const want = naive(dtype, kept(x, axes), (position) => folds[name](reducedTo(x, axes, position)));
        expect(elements(apply(name, [x], { axes }))).toEqual(elements(want));
      }),
    );
  });

  it("is the neutral element over an empty axis", () => {
    const empty = array("float32", [2, 0], []);
    expect(elements(apply("sum", [empty], { axes: [1] }))).toEqual([0, 0]);
    expect(elements(apply("prod", [empty], { axes: [1] }))).toEqual([1, 1]);
    expect(elements(apply("sum", [empty], { axes: [0] }))).toEqual([]);
    expect(elements(apply("max", [empty], { axes: [0] }))).toEqual([]);
    expect(() => apply("max", [empty], { axes: [1] })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: max: cannot reduce an axis of size 0, shape [2, 0]; it has no value]`);
  });

  it("wraps int32 around", () => {
    const most = 2 ** 31 - 1;
    const x = array("int32", [3, 2], [most, most, most, 1, 3, 5]);
    expect(elements(apply("sum", [x], { axes: [0] }))).toEqual([(2 * most + 3) | 0, (most + 6) | 0]);
    expect(elements(apply("sum", [vector("int32", Array.from({ length: 5000 }, () => most))], { axes: [0] }))).toEqual([-5000]);
    expect(elements(apply("prod", [x], { axes: [0] }))).toEqual([3, (5 * most) | 0]);
  });

  it("is accurate over many elements, along and across", () => {
    const count = 300_000;
    const tenths = new Float32Array(count).fill(0.1);
    const want = Math.fround(Math.fround(0.1) * count);
    expect(elements(apply("sum", [array("float32", [count], tenths)], { axes: [0] }))).toEqual([want]);
    expect(elements(apply("sum", [array("float32", [count / 2, 2], tenths)], { axes: [0] }))).toEqual([want / 2, want / 2]);
    expect(elements(apply("sum", [array("float32", [3, count / 3, 1], tenths)], { axes: [0, 1] }))).toEqual([want]);
    // In float64 the errors would be about 1e-7 and 4e-8 if one element were added after the other.
    const wide = array("float64", [count], new Float64Array(count).fill(0.1));
    expect(Math.abs((elements(apply("sum", [wide], { axes: [0] }))[0] as number) - 0.1 * count)).toBeLessThan(5e-10);
    const columns = elements(apply("sum", [{ ...wide, shape: [count / 2, 2] }], { axes: [0] }));
    for (const sum of columns) expect(Math.abs(sum - 0.05 * count)).toBeLessThan(5e-10);
  });

  it("folds long axes in adjacent blocks", () => {
    const x = naive("int32", [2, 600, 3], ([o = 0, row = 0, i = 0]) => ((o * 7 + row * 31 + i * 11) % 101) - 50);
    for (const name of ["sum", "max", "min"] as const) {
      const want = naive("int32", [2, 1, 3], (position) => folds[name](reducedTo(x, [1], position)));
      expect(elements(apply(name, [x], { axes: [1] }))).toEqual(elements(want));
    }
  });

  it("propagates NaN and infinities", () => {
    const x = array("float64", [4, 2], [1, 2, NaN, 1, Infinity, -Infinity, Infinity, 0]);
    expect(elements(apply("sum", [x], { axes: [1] }))).toEqual([3, NaN, NaN, Infinity]);
    expect(elements(apply("prod", [x], { axes: [1] }))).toEqual([2, NaN, -Infinity, NaN]);
    expect(elements(apply("sum", [x], { axes: [0] }))).toEqual([NaN, -Infinity]);
  });
});

/** Arrays with one of their axes. */
function lanes(dtype: DType, values: typeof smallNumbers, minSize: number): fc.Arbitrary<[NdArray, number]> {
  return shapes({ minRank: 1, minSize }).chain((shape) => fc.tuple(arraysOf(dtype, shape, values), fc.nat(shape.length - 1)));
}

/** The elements of the lane through `position`. */
function lane(x: NdArray, axis: number, position: readonly number[]): number[] {
  return Array.from({ length: x.shape[axis] ?? 0 }, (_, i) => at(x, position.map((own, other) => (other === axis ? i : own))));
}

/** Whether `a` comes before `b` in ascending order: NaN is last. */
function before(a: number, b: number): boolean {
  return Number.isNaN(b) ? !Number.isNaN(a) : a < b;
}

describe("argMax and argMin", () => {
  it.each(all)("find the first extreme of %s; the first NaN wins", (dtype) => {
    fc.assert(
      fc.property(lanes(dtype, anyNumbers, 1), ([x, axis]) => {
        const find = (best: (values: number[]) => number) =>
          elements(naive("int32", kept(x, [axis]), (position) => {
            const values = lane(x, axis, position);
            return values.some(Number.isNaN) ? values.findIndex(Number.isNaN) : values.findIndex((value) => value === best(values));
          }));
        expect(elements(apply("argMax", [x], { axis }))).toEqual(find(folds.max));
        expect(elements(apply("argMin", [x], { axis }))).toEqual(find(folds.min));
      }),
    );
  });
});

describe("scans", () => {
  it.each(numbers)("of %s fold the elements so far", (dtype) => {
    fc.assert(
      fc.property(lanes(dtype, smallNumbers, 0), ([x, axis]) => {
        const prefix = (fold: (values: number[]) => number) =>
          elements(naive(dtype, x.shape, (position) => fold(lane(x, axis, position).slice(0, (position[axis] ?? 0) + 1))));
        expect(elements(apply("cumSum", [x], { axis })).map((value) => value + 0)).toEqual(prefix(folds.sum).map((value) => value + 0));
        expect(elements(apply("cumProd", [x], { axis }))).toEqual(prefix(folds.prod));
      }),
    );
  });

  it("wraps int32 around, and rounds float32 once", () => {
    expect(elements(apply("cumSum", [vector("int32", [2 ** 31 - 1, 1, 1])], { axis: 0 }))).toEqual([2 ** 31 - 1, -(2 ** 31), 1 - 2 ** 31]);
    expect(elements(apply("cumProd", [vector("int32", [65536, 65536, 3])], { axis: 0 }))).toEqual([65536, 0, 0]);
    const tenths = vector("float32", Array.from({ length: 1000 }, () => 0.1));
    expect(elements(apply("cumSum", [tenths], { axis: 0 })).at(-1)).toBe(Math.fround(Math.fround(0.1) * 1000));
  });
});

describe("argSort", () => {
  it.each(all)("sorts %s stably both ways, NaN largest", (dtype) => {
    const few = { ...anyNumbers, float32: fc.constantFrom(NaN, -Infinity, Infinity, 0, -0, 1, 2) };
    fc.assert(
      fc.property(lanes(dtype, few, 0), fc.boolean(), ([x, axis], descending) => {
        const want = naive("int32", x.shape, (position) => {
          const values = lane(x, axis, position);
          const order = values.map((_, i) => i).toSorted((i, j) => {
            const [a, b] = [values[i] as number, values[j] as number];
            const sign = before(a, b) ? -1 : before(b, a) ? 1 : 0;
            return descending ? -sign : sign;
          });
          return order[position[axis] ?? 0] as number;
        });
        expect(elements(apply("argSort", [x], { axis, descending }))).toEqual(elements(want));
      }),
    );
  });

  it("sorts long lanes", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 100, maxLength: 300 }), (values) => {
        const order = elements(apply("argSort", [vector("float64", values)], { axis: 0, descending: false }));
        expect(order.toSorted((a, b) => a - b)).toEqual(values.map((_, i) => i));
        const sorted = order.map((i) => values[i] as number);
        expect(sorted.every((value, i) => i === 0 || !before(value, sorted[i - 1] as number))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
