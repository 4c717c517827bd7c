import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dtypes, type DType } from "../../src/dtype.js";
import { anyNumbers, apply, array, arraysOf, at, broadcastAt, elements, naive, positions, shapes, smallNumbers } from "./arrays.js";
import type { NdArray } from "../../src/primitives/definition.js";

/** An array, an axis, and an index for it, whose other sizes are those of the array or 1. */
function indexed(dtype: DType, values: typeof smallNumbers): fc.Arbitrary<{ readonly x: NdArray; readonly axis: number; readonly index: NdArray; readonly shape: number[] }> {
  return shapes({ minRank: 1 }).chain((shape) =>
    fc.tuple(fc.nat(shape.length - 1), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }), fc.nat(4)).chain(([axis, ones, wanted]) => {
      const length = shape[axis] === 0 ? 0 : wanted;
      const indexShape = shape.map((own, other) => (other === axis ? length : ones[other] === true ? 1 : own));
      const inRange = { ...smallNumbers, int32: fc.nat(Math.max(0, (shape[axis] as number) - 1)) };
      return fc.record({
        x: arraysOf(dtype, shape, values), axis: fc.constant(axis), index: arraysOf("int32", indexShape, inRange), shape: fc.constant(shape.with(axis, length)),
      });
    }),
  );
}

describe("gather", () => {
  it.each(dtypes)("reads %s at the positions of the index", (dtype) => {
    fc.assert(
      fc.property(indexed(dtype, anyNumbers), ({ x, axis, index, shape }) => {
        const want = naive(dtype, shape, (position) => at(x, position.with(axis, broadcastAt(index, position, shape))));
        expect(elements(apply("gather", [x, index], { axis }))).toEqual(elements(want));
      }),
    );
  });

  it("copies whole rows", () => {
    const x = naive("float32", [6, 40], ([i = 0, j = 0]) => i * 100 + j);
    const rows = array("int32", [3, 1], [5, 0, 5]);
    const want = naive("float32", [3, 40], ([i = 0, j = 0]) => at(rows, [i, 0]) * 100 + j);
    expect(elements(apply("gather", [x, rows], { axis: 0 }))).toEqual(elements(want));
  });

  it("refuses an index out of range, and gives its position", () => {
    const x = array("float32", [2, 3], [1, 2, 3, 4, 5, 6]);
    expect(() => apply("gather", [x, array("int32", [2, 2], [0, 1, 2, 3])], { axis: 1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: gather: index 3 at [1, 1] is out of range; axis 1 has size 3; indices (of classes, of tokens) count from 0]`);
    expect(() => apply("gather", [x, array("int32", [2, 3], [0, 0, -1, 0, 0, 0])], { axis: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: gather: index -1 at [0, 2] is out of range; axis 0 has size 2; indices (of classes, of tokens) count from 0]`);
    expect(() => apply("gather", [array("float32", [0, 2], []), array("int32", [1, 2], [0, 0])], { axis: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: gather: index 0 at [0, 0] is out of range; axis 0 has size 0; indices (of classes, of tokens) count from 0]`);
  });
});

describe("scatterAdd", () => {
  it.each(["float32", "float64", "int32"] as const)("adds %s at the positions of the index, also at repeated ones", (dtype) => {
    const cases = indexed(dtype, smallNumbers).chain((base) => fc.record({ base: fc.constant(base), updates: arraysOf(dtype, base.shape) }));
    fc.assert(
      fc.property(cases, ({ base: { x, axis, index, shape }, updates }) => {
        const totals = new Map<string, number>();
        for (const position of positions(shape)) {
          const key = position.with(axis, broadcastAt(index, position, shape)).join();
          totals.set(key, (totals.get(key) ?? 0) + at(updates, position));
        }
        const want = naive(dtype, x.shape, (position) => at(x, position) + (totals.get(position.join()) ?? 0));
        expect(elements(apply("scatterAdd", [x, index, updates], { axis })).map((value) => value + 0)).toEqual(elements(want).map((value) => value + 0));
      }),
    );
  });

  it("wraps int32 around", () => {
    const most = array("int32", [1], [2 ** 31 - 1]);
    expect(elements(apply("scatterAdd", [most, array("int32", [2], [0, 0]), array("int32", [2], [1, 1])], { axis: 0 }))).toEqual([-(2 ** 31) + 1]);
  });

  it("refuses an index out of range, and gives its position", () => {
    const base = array("float32", [2, 2], [0, 0, 0, 0]);
    const updates = array("float32", [1, 2], [1, 1]);
    expect(() => apply("scatterAdd", [base, array("int32", [1, 2], [1, 2]), updates], { axis: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: scatterAdd: index 2 at [0, 1] is out of range; axis 0 has size 2; indices (of classes, of tokens) count from 0]`);
  });
});
