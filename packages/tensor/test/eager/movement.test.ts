import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dtypes } from "../../src/dtype.js";
import { anyNumbers, apply, array, arraysOf, at, broadcastAt, broadcastableShapes, elements, naive, shapes, vector } from "./arrays.js";

/** Arrays whose elements all differ, so that one in the wrong place shows. */
const numbered = shapes({ maxRank: 5 }).map((shape) => naive("int32", shape, (position) => position.reduce((code, i) => code * 10 + i + 1, 0)));

describe("movement", () => {
  it("reshape gives the elements themselves", () => {
    const x = vector("float32", [1, 2, 3, 4]);
    expect(apply("reshape", [x], { shape: [2, 2] }).data).toBe(x.data);
  });

  it("permute puts axis permutation[i] at i", () => {
    const cases = numbered.chain((x) => fc.tuple(fc.constant(x), fc.shuffledSubarray(x.shape.map((_, axis) => axis), { minLength: x.shape.length })));
    fc.assert(
      fc.property(cases, ([x, permutation]) => {
        const shape = permutation.map((axis) => x.shape[axis] as number);
        const want = naive("int32", shape, (position) => at(x, x.shape.map((_, axis) => position[permutation.indexOf(axis)] as number)));
        expect(elements(apply("permute", [x], { permutation }))).toEqual(elements(want));
      }),
    );
  });

  it("permute moves long rows and large matrices", () => {
    const x = naive("int32", [3, 50, 70], ([i = 0, j = 0, k = 0]) => i * 10000 + j * 100 + k);
    for (const permutation of [[1, 0, 2], [0, 2, 1], [2, 1, 0]]) {
      const shape = permutation.map((axis) => x.shape[axis] as number);
      const want = naive("int32", shape, (position) => at(x, [0, 1, 2].map((axis) => position[permutation.indexOf(axis)] as number)));
      expect(elements(apply("permute", [x], { permutation }))).toEqual(elements(want));
    }
  });

  it.each(dtypes)("expand repeats %s along axes of size 1", (dtype) => {
    const cases = broadcastableShapes(2).chain(({ shape, inputs: [, own = []] }) => fc.tuple(fc.constant(shape), arraysOf(dtype, own, anyNumbers)));
    fc.assert(
      fc.property(cases, ([shape, x]) => {
        const want = naive(dtype, shape, (position) => broadcastAt(x, position, shape));
        expect(elements(apply("expand", [x], { shape }))).toEqual(elements(want));
      }),
    );
  });

  it("slice takes every step-th element from start to stop", () => {
    const cases = numbered.chain((x) =>
      fc.tuple(
        fc.constant(x),
        fc.tuple(...x.shape.map((length) => fc.tuple(fc.nat(length), fc.nat(length), fc.integer({ min: 1, max: 3 })))),
      ),
    );
    fc.assert(
      fc.property(cases, ([x, ranges]) => {
        const starts = ranges.map(([a, b]) => Math.min(a, b));
        const stops = ranges.map(([a, b]) => Math.max(a, b));
        const steps = ranges.map(([, , step]) => step);
        const got = apply("slice", [x], { starts, stops, steps });
        const want = naive("int32", got.shape, (position) => at(x, position.map((i, axis) => (starts[axis] as number) + i * (steps[axis] as number))));
        expect(elements(got)).toEqual(elements(want));
      }),
    );
  });

  it("pad puts a value around and between the elements; negative widths remove elements", () => {
    const cases = numbered.chain((x) => {
      const width = fc.integer({ min: -2, max: 2 });
      return fc.tuple(fc.constant(x), fc.tuple(...x.shape.map(() => fc.tuple(width, width, fc.nat(2)))));
    });
    fc.assert(
      fc.property(cases, ([x, widths]) => {
        const [low, high, interior] = [0, 1, 2].map((i) => widths.map((each) => each[i] as number)) as [number[], number[], number[]];
        const spread = x.shape.map((length, axis) => length + Math.max(0, length - 1) * (interior[axis] as number) + (low[axis] as number) + (high[axis] as number));
        fc.pre(spread.every((length) => length >= 0));
        const want = naive("int32", spread, (position) => {
          const from = position.map((i, axis) => (i - (low[axis] as number)) / ((interior[axis] as number) + 1));
          const inside = from.every((i, axis) => Number.isInteger(i) && i >= 0 && i < (x.shape[axis] as number));
          return inside ? at(x, from) : -7;
        });
        const got = apply("pad", [x], { low, high, interior, value: -7 });
        expect(got.shape).toEqual(spread);
        expect(elements(got)).toEqual(elements(want));
      }),
      { numRuns: 200 },
    );
  });

  it("pad converts its value like a cast", () => {
    const once = { low: [1], high: [0], interior: [0] };
    expect(elements(apply("pad", [vector("int32", [5])], { ...once, value: -Infinity }))).toEqual([-(2 ** 31), 5]);
    expect(elements(apply("pad", [vector("bool", [0])], { ...once, value: 2 }))).toEqual([1, 0]);
    expect(elements(apply("pad", [vector("float32", [5])], { ...once, value: -Infinity }))).toEqual([-Infinity, 5]);
  });

  it("concat joins along an axis", () => {
    const cases = shapes({ minRank: 1 }).chain((shape) =>
      fc.nat(shape.length - 1).chain((axis) =>
        fc.tuple(
          fc.constant(axis),
          fc.array(fc.nat(3).chain((length) => arraysOf("float32", shape.with(axis, length), anyNumbers)), { minLength: 1, maxLength: 4 }),
        ),
      ),
    );
    fc.assert(
      fc.property(cases, ([axis, inputs]) => {
        const got = apply("concat", inputs, { axis });
        const want = naive("float32", got.shape, (position) => {
          let i = position[axis] as number;
          const from = inputs.find(({ shape }) => (i < (shape[axis] as number) ? true : ((i -= shape[axis] as number), false)));
          return from === undefined ? NaN : at(from, position.map((own, other) => (other === axis ? i : own)));
        });
        expect(elements(got)).toEqual(elements(want));
      }),
    );
  });

  it("flip reverses any axes", () => {
    const cases = numbered.chain((x) => fc.tuple(fc.constant(x), fc.subarray(x.shape.map((_, axis) => axis))));
    fc.assert(
      fc.property(cases, ([x, axes]) => {
        const want = naive("int32", x.shape, (position) => at(x, position.map((i, axis) => (axes.includes(axis) ? (x.shape[axis] as number) - 1 - i : i))));
        expect(elements(apply("flip", [x], { axes }))).toEqual(elements(want));
      }),
    );
  });

  it("leaves the elements of an input alone when it shares them", () => {
    const x = array("float32", [1, 2], [1, 2]);
    const joined = apply("concat", [x], { axis: 0 });
    expect(joined.data).not.toBe(x.data);
    expect(apply("expand", [x], { shape: [1, 2] }).data).toBe(x.data);
  });
});
