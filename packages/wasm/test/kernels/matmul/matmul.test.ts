import { describe, expect, it } from "vitest";
import { errorRatio, multiply } from "./products.js";

const transpositions = [
  [false, false],
  [false, true],
  [true, false],
] as const;

describe("emitMatmul", () => {
  it("is exact within rounding for all small sizes", () => {
    for (const [transposeA, transposeB] of transpositions) {
      for (let m = 1; m <= 17; m += 1) {
        for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 17]) {
          for (const k of [1, 3, 4, 10, 17]) {
            const sizes = { m, n, k, transposeA, transposeB };
            const ratio = errorRatio(sizes, multiply(sizes));
            if (!(ratio <= 1)) expect({ ...sizes, ratio }).toEqual("within the bound");
          }
        }
      }
    }
  });
});
