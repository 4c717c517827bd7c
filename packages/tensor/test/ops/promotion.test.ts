import { describe, expect, test } from "vitest";
import { dtypes } from "../../src/extend.js";
import * as nn from "../../src/index.js";
import type { DType, Operand, Tensor } from "../../src/index.js";

const of = (dtype: DType, shape: readonly number[] = [2]): Tensor => nn.ones(shape, { dtype });

/** Result dtypes of `f(row, column)` for every pair of rows and columns; `!` where it is an error. */
function table(rows: readonly Operand[], columns: readonly Operand[], f: (x: Operand, y: Operand) => Tensor): string[] {
  const attempt = (x: Operand, y: Operand): string => {
    try {
      return f(x, y).dtype;
    } catch (error) {
      if (error instanceof nn.DTypeError) return "!";
      throw error;
    }
  };
  return rows.map((x) => columns.map((y) => attempt(x, y)).join(" "));
}

const vectors = dtypes.map((dtype) => of(dtype));
const scalars = dtypes.map((dtype) => of(dtype, []));

describe("operands promote as in PyTorch", () => {
  test("tensors with axes, in the order bool, int32, float32, float64", () => {
    expect(table(vectors, vectors, nn.add)).toEqual([
      "bool int32 float32 float64",
      "int32 int32 float32 float64",
      "float32 float32 float32 float64",
      "float64 float64 float64 float64",
    ]);
  });

  test("a scalar tensor counts next to a tensor with axes only if it is of a higher category", () => {
    expect(table(vectors, scalars, nn.add)).toEqual([
      "bool int32 float32 float64",
      "int32 int32 float32 float64",
      "float32 float32 float32 float32",
      "float64 float64 float64 float64",
    ]);
  });

  test("plain numbers: true, 2, 2.5", () => {
    expect(table(vectors, [true, 2, 2.5], nn.add)).toEqual([
      "bool int32 float32",
      "int32 int32 float32",
      "float32 float32 float32",
      "float64 float64 float64",
    ]);
  });

  test("plain numbers next to scalar tensors", () => {
    expect(table(scalars, [true, 2, 2.5], nn.mul)).toEqual([
      "bool int32 float32",
      "int32 int32 float32",
      "float32 float32 float32",
      "float64 float64 float64",
    ]);
  });

  test("true division and functions of floats turn integers into floats", () => {
    expect(table(vectors, vectors, nn.div)).toEqual([
      "float32 float32 float32 float64",
      "float32 float32 float32 float64",
      "float32 float32 float32 float64",
      "float64 float64 float64 float64",
    ]);
    for (const f of [nn.exp, nn.log, nn.sqrt, nn.sin, nn.tanh, nn.sigmoid, nn.erf, nn.reciprocal, nn.atan, nn.sinh, nn.softmax]) {
      expect(vectors.map((x) => f(x).dtype)).toEqual(["float32", "float32", "float32", "float64"]);
    }
  });

  test("of two bools, sums and maxima are \"or\", products and minima \"and\"; differences and powers are refused", () => {
    const [x, y] = [nn.tensor([true, true, false]), nn.tensor([true, false, false])];
    expect([nn.add(x, y), nn.mul(x, y), nn.maximum(x, y), nn.minimum(x, y)].map((each) => each.toArray())).toEqual([
      [true, true, false], [true, false, false], [true, true, false], [true, false, false],
    ]);
    for (const f of [nn.sub, nn.pow, nn.remainder]) expect(() => f(x, y)).toThrow(nn.DTypeError);
  });

  test("rounding keeps integers, and refuses bools", () => {
    for (const f of [nn.floor, nn.ceil, nn.round, nn.trunc]) {
      expect(f(of("int32")).dtype).toBe("int32");
      expect(() => f(of("bool"))).toThrow(nn.DTypeError);
    }
  });

  test("sums of bools and integers are integers; their mean is refused", () => {
    for (const f of [nn.sum, nn.prod, (x: Tensor) => nn.cumSum(x, 0)]) {
      expect(vectors.map((x) => f(x).dtype)).toEqual(["int32", "int32", "float32", "float64"]);
    }
    for (const f of [nn.mean, nn.variance, nn.std, nn.norm]) expect(() => f(of("int32"))).toThrow(nn.DTypeError);
  });

  test("comparisons promote and give bool", () => {
    expect(nn.equal(nn.tensor([1], { dtype: "int32" }), 1.5).toArray()).toEqual([false]);
    expect(nn.less(nn.tensor([1], { dtype: "int32" }), 1.5).toArray()).toEqual([true]);
    expect(nn.equal(nn.tensor([true]), 1).toArray()).toEqual([true]);
  });

  test("a whole number beyond int32 is refused next to integers, and accepted next to floats", () => {
    expect(() => nn.add(of("int32"), 2 ** 40)).toThrow(nn.ArgumentError);
    expect(nn.add(of("float64"), 2 ** 40).toArray()).toEqual([2 ** 40 + 1, 2 ** 40 + 1]);
  });

  test("where and clamp promote their values", () => {
    expect(nn.where(nn.tensor([true]), 1, 2.5).dtype).toBe("float32");
    expect(nn.where(nn.tensor([true]), of("int32", [1]), of("float64", [1])).dtype).toBe("float64");
    expect(nn.clamp(of("int32"), 0.5).dtype).toBe("float32");
    expect(nn.maskedFill(of("float64"), nn.tensor([true, false]), 0.1).toArray()).toEqual([0.1, 1]);
  });
});
