import { describe, expect, test } from "vitest";
import { bitwiseAnd, bitwiseLeftShift, bitwiseNot, bitwiseOr, bitwiseRightShift, bitwiseXor, tensor } from "../../src/index.js";

const x = tensor([6, -1, 0, 0x7fffffff], { dtype: "int32" });
const p = tensor([false, false, true, true]);
const q = tensor([false, true, false, true]);

describe("bitwise operations", () => {
  test("take whole numbers beside plain numbers and bools", () => {
    expect(bitwiseAnd(x, 3).toArray()).toEqual([2, 3, 0, 3]);
    expect(bitwiseOr(8, x).toArray()).toEqual([14, -1, 8, 0x7fffffff]);
    expect(bitwiseXor(x, tensor([[1], [-1]], { dtype: "int32" })).toArray()).toEqual([[7, -2, 1, 0x7ffffffe], [-7, 0, -1, -0x80000000]]);
    expect(bitwiseNot(x).toArray()).toEqual([-7, 0, -1, -0x80000000]);
    expect(bitwiseAnd(x, q).toArray()).toEqual([0, 1, 0, 1]);
    expect(bitwiseAnd(x, q).dtype).toBe("int32");
  });

  test("are logical for bools", () => {
    expect(bitwiseAnd(p, q).toArray()).toEqual([false, false, false, true]);
    expect(bitwiseOr(p, q).toArray()).toEqual([false, true, true, true]);
    expect(bitwiseXor(p, q).toArray()).toEqual([false, true, true, false]);
    expect(bitwiseNot(p).toArray()).toEqual([true, true, false, false]);
  });

  test("shift by any count", () => {
    const positions = tensor([0, 1, 31, 32, -1], { dtype: "int32" });
    expect(bitwiseLeftShift(3, positions).toArray()).toEqual([3, 6, -0x80000000, 0, 0]);
    expect(bitwiseRightShift(-6, positions).toArray()).toEqual([-6, -3, -1, -1, -1]);
    expect(bitwiseRightShift(6, positions).toArray()).toEqual([6, 3, 0, 0, 0]);
  });
});
