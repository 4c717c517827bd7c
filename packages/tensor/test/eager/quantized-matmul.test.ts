import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, array, arraysOf, anyNumbers, at, elements, naive } from "./arrays.js";

describe("quantizedMatmul", () => {
  it.each([false, true])("multiplies rounded rows by signed bytes (transposed: %s)", (transposed) => {
    const sizes = fc.tuple(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }), ...([4, 9, 4] as const).map((max) => fc.integer({ min: 0, max })));
    const cases = sizes.chain(([batch, m = 0, k = 0, n = 0]) =>
      fc.tuple(
        fc.constant([batch as number[], m, k, n] as const),
        arraysOf("float32", [...(batch as number[]), ...(transposed ? [k, m] : [m, k])], { ...anyNumbers, float32: fc.oneof(fc.integer({ min: -6, max: 260 }).map((x) => x / 2), anyNumbers.float32) }),
        arraysOf("int32", [Math.ceil(k / 4), n], anyNumbers),
      ),
    );
    fc.assert(
      fc.property(cases, ([[batch, m, k, n], x, weight]) => {
        const want = naive("int32", [...batch, ...(transposed ? [n, m] : [m, n])], (position) => {
          const lead = position.slice(0, -2);
          const [row = 0, column = 0] = transposed ? position.slice(-2).toReversed() : position.slice(-2);
          let sum = 0;
          for (let p = 0; p < k; p++) {
            const element = at(x, [...lead, ...(transposed ? [p, row] : [row, p])]);
            const limited = Number.isNaN(element) ? 0 : Math.min(127, Math.max(0, element));
            const half = Math.round(limited);
            const rounded = half - limited === 0.5 && half % 2 === 1 ? half - 1 : half;
            const byte = (at(weight, [Math.floor(p / 4), column]) >>> (8 * (p % 4))) & 255;
            sum += rounded * (byte > 127 ? byte - 256 : byte);
          }
          return sum;
        });
        expect(apply("quantizedMatmul", [x, weight], { transposed })).toEqual(want);
      }),
      { numRuns: 100 },
    );
  });

  it("sums the largest products of the longest rows", () => {
    const k = 2 ** 17;
    const x = array("float32", [1, k], Float32Array.from({ length: k }, () => 300));
    const weight = array("int32", [k / 4, 1], Int32Array.from({ length: k / 4 }, () => 0x8080_8080 | 0));
    expect(elements(apply("quantizedMatmul", [x, weight], { transposed: false }))).toEqual([-128 * 127 * k]);
  });

  it("refuses what does not fit", () => {
    const product = (x: readonly number[], weight: readonly number[], transposed = false) => (): unknown =>
      apply("quantizedMatmul", [array("float32", x, []), array("int32", weight, [])], { transposed });
    expect(product([2, 5], [1, 3])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: quantizedMatmul: input [2, 5] and weight [1, 3] do not fit; expected […, m, k] and [⌈k / 4⌉, n], four weights in each word]`);
    expect(product([2, 5], [2, 3], true)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: quantizedMatmul: input [2, 5] and weight [2, 3] do not fit; expected […, k, m] and [⌈k / 4⌉, n], four weights in each word]`);
    expect(product([5], [2, 3])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: quantizedMatmul: input [5] and weight [2, 3] do not fit; expected […, m, k] and [⌈k / 4⌉, n], four weights in each word]`);
    expect(product([2, 5], [2])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: quantizedMatmul: input [2, 5] and weight [2] do not fit; expected […, m, k] and [⌈k / 4⌉, n], four weights in each word]`);
    expect(product([0, 2 ** 17 + 4], [2 ** 15 + 1, 0])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: quantizedMatmul: sums of 131076 products may exceed 32 bits; expected at most 131072, so split the product]`);
    expect(() => apply("quantizedMatmul", [array("int32", [1, 4], []), array("int32", [1, 1], [])], { transposed: false })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: quantizedMatmul: input has dtype int32, expected float32; convert it with .cast("float32")]`);
  });
});
