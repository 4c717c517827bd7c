import { describe, expect, test } from "vitest";
import {
  arange, argSort, cumSum, embedding, expand, fmod, gather, indexAdd, indexCopy, indexFill, indexPut, indexSelect, linspace, maxUnpool1d, narrow, pad, pow, floorDivide, remainder,
  scatter, scatterAdd, scatterReduce, tensor, where, zeros, type Tensor,
} from "@nn/tensor";
import { compile } from "../../src/index.js";

const ints = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  return "nothing was thrown";
};

/** Operations on an index along an axis of 4: what they do with it. */
const operations: Readonly<Record<string, (index: Tensor) => unknown>> = {
  gather: (index) => gather(linspace(0, 1, 4), index, 0),
  "gather in rows": (index) => gather(linspace(0, 1, 12).reshape([3, 4]), index.reshape([1, -1]), 1),
  indexSelect: (index) => indexSelect(linspace(0, 1, 12).reshape([4, 3]), index, 0),
  "indexSelect, which only some of is read": (index) => narrow(indexSelect(linspace(0, 1, 4), index, 0), 0, 0, 1),
  "indexSelect, which is cropped": (index) => pad(indexSelect(linspace(0, 1, 4), index, 0), [[-1, 0]]),
  "indexSelect, which nothing reads": (index) => {
    indexSelect(linspace(0, 1, 4), index, 0);
    return index.mul(2);
  },
  "indexSelect in the branch that is not taken": (index) => where(tensor(true), index, indexSelect(arange(4, { dtype: "int32" }), index, 0)),
  "gather from 0, 1, 2, …": (index) => gather(arange(4, { dtype: "int32" }), index, 0),
  "gather without columns": (index) => gather(zeros([4, 0]), index.reshape([-1, 1]), 0),
  embedding: (index) => embedding(index, zeros([4, 2])),
  scatterAdd: (index) => scatterAdd(zeros([4]), index, linspace(0, 1, index.size), 0),
  "scatterAdd in rows": (index) => scatterAdd(zeros([index.size, 4]), index.reshape([-1, 1]), linspace(0, 1, index.size).reshape([-1, 1]), 1),
  "scatterAdd in double precision": (index) => scatterAdd(zeros([4], { dtype: "float64" }), index, linspace(0, 1, index.size, { dtype: "float64" }), 0),
  scatter: (index) => scatter(zeros([4]), index, linspace(0, 1, index.size), 0),
  indexAdd: (index) => indexAdd(zeros([4, 2]), index, expand(tensor(1), [index.size, 2]), 0),
  indexCopy: (index) => indexCopy(zeros([4, 2]), index, expand(tensor(1), [index.size, 2]), 0),
  indexFill: (index) => indexFill(zeros([4, 2]), index, 3, 0),
  indexPut: (index) => indexPut(zeros([4, 2]), [index], expand(tensor(1), [index.size, 2])),
  "indexPut, which adds": (index) => indexPut(zeros([4, 2]), [index], expand(tensor(1), [index.size, 2]), { accumulate: true }),
  ...Object.fromEntries((["sum", "mean", "prod", "max", "min"] as const).map((kind) => [
    `scatterReduce by ${kind}`, (index: Tensor): Tensor => scatterReduce(zeros([4]), index, linspace(0, 1, index.size), 0, kind),
  ])),
  maxUnpool: (index) => maxUnpool1d(linspace(0, 1, index.size).reshape([1, 1, -1]), index.reshape([1, 1, -1]), 2, { outputSize: 4 }),
};

describe("an index out of range gives the error of eager execution", () => {
  describe.each(Object.entries(operations))("%s", (_, operation) => {
    test.each([[[100]], [[-9]], [[4]], [[1, 4]], [[0, 3, 2, 1, -9]], [[0, 1, 2, 3, 0, 1, 2, 3, 9]], [[2 ** 31 - 1]], [[-(2 ** 31)]]])("%j", (values) => {
      const expected = messageOf(() => operation(ints(...values)));
      // One position for each row, or fewer: unpooling takes no more.
      if (expected.startsWith("ShapeError")) return;
      expect(expected).toMatch(/^ArgumentError: .* is out of range/);
      const compiled = compile((index: Tensor) => [operation(index) as Tensor]);
      expect(messageOf(() => compiled(ints(...values)))).toBe(expected);
      // It fails at every call, and works where the positions are right.
      expect(messageOf(() => compiled(ints(...values)))).toBe(expected);
      const right = ints(...values.map((__, at) => at % 4));
      expect(compiled(right)[0]?.toArray()).toEqual((operation(right) as Tensor).toArray());
      compiled.dispose();
    });
  });

  test("with the position in the index, wherever it is computed", () => {
    const table = linspace(0, 1, 10).reshape([5, 2]);
    const pick = compile((index: Tensor) => indexSelect(table, index.add(1), 0).mul(2).sum(1));
    expect(messageOf(() => pick(ints(0, 1, 2, 4)))).toBe(messageOf(() => indexSelect(table, ints(1, 2, 3, 5), 0)));
    expect(pick(ints(0, 1, 2, 3)).size).toBe(4);
  });

  test("is checked once for the forward and the backward pass", () => {
    const fn = (x: Tensor, index: Tensor): Tensor => scatterAdd(zeros([3, 4]), index, gather(x, index, 1), 1);
    const compiled = compile(fn);
    const index = ints(3, 0, 1).reshape([3, 1]);
    expect(compiled(linspace(0, 1, 12).reshape([3, 4]), index).toArray()).toEqual(fn(linspace(0, 1, 12).reshape([3, 4]), index).toArray());
    expect(compiled.explain()).toMatch(/1 kernel\b/);
  });

  test("is not checked for positions from sorting", () => {
    const sorted = compile((x: Tensor) => {
      gather(x, argSort(x), 0);
      return x.mul(2);
    });
    sorted(tensor([3, 1, 2]));
    expect(sorted.explain()).not.toContain("argSort");
  });
});

describe("whole numbers without a result give the error of eager execution", () => {
  const wholes: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
    remainder: (x, y) => remainder(x, y),
    "remainder in a loop with others": (x, y) => remainder(x, y).add(x).mul(3),
    "remainder that nothing reads": (x, y) => {
      remainder(x, y);
      return x;
    },
    fmod: (x, y) => fmod(x, y),
    floorDivide: (x, y) => floorDivide(x, y),
    "remainder that only some of is read": (x, y) => narrow(remainder(x, y), 0, 0, 1),
  };
  test.each(Object.entries(wholes))("%s by 0", (name, fn) => {
    const compiled = compile(fn);
    const message = messageOf(() => compiled(ints(5, -7), ints(3, 0)));
    expect(message.replace(/: \w+/, "")).toMatchInlineSnapshot(`"ArgumentError: division by 0 is not defined for int32; convert to a float with .cast("float32")"`);
    expect(message).toContain(`ArgumentError: ${name.split(" ", 1).join()}: `);
    expect(message).toBe(messageOf(() => fn(ints(5, -7), ints(3, 0))));
    expect(compiled(ints(5, -7), ints(3, 2)).toArray()).toEqual(fn(ints(5, -7), ints(3, 2)).toArray());
  });

  test("a negative power", () => {
    const compiled = compile((x: Tensor, y: Tensor) => pow(x, y));
    expect(messageOf(() => compiled(ints(2, 3), ints(1, -1)))).toMatchInlineSnapshot(`"ArgumentError: pow: 3 to the negative power -1 is not defined for int32; convert to a float with .cast("float32")"`);
    expect(messageOf(() => compiled(ints(2, 3), ints(1, -1)))).toBe(messageOf(() => pow(ints(2, 3), ints(1, -1))));
    expect(compiled(ints(2, 3), ints(3, 2)).toArray()).toEqual([8, 9]);
  });

  test("naming the operation that fails, also beside others", () => {
    // Of a quotient that nothing reads the remainder is left: a kernel like the first, but for the error.
    const compiled = compile((x: Tensor, y: Tensor, z: Tensor) => {
      const sums = cumSum(remainder(x, y), 0);
      floorDivide(sums, z);
      return sums;
    });
    expect(messageOf(() => compiled(ints(5, 7), ints(3, 0), ints(1, 1)))).toContain("ArgumentError: remainder: ");
    expect(messageOf(() => compiled(ints(5, 7), ints(3, 1), ints(1, 0)))).toContain("ArgumentError: floorDivide: ");
    const shifted = compile((x: Tensor, y: Tensor, z: Tensor) => {
      floorDivide(x, z);
      return [remainder(x, y), fmod(y, x)];
    });
    expect(messageOf(() => shifted(ints(5, 7), ints(3, 0), ints(1, 1)))).toContain("ArgumentError: remainder: ");
    expect(messageOf(() => shifted(ints(5, 7), ints(3, 1), ints(1, 0)))).toContain("ArgumentError: floorDivide: ");
    expect(messageOf(() => shifted(ints(0, 7), ints(3, 1), ints(1, 1)))).toContain("ArgumentError: fmod: ");
  });

  test("already when the function is compiled, if the numbers are known", () => {
    expect(messageOf(() => compile((x: Tensor) => remainder(x, tensor(0, { dtype: "int32" })))(ints(1)))).toContain("division by 0 is not defined");
    expect(messageOf(() => compile((x: Tensor, y: Tensor) => floorDivide(x, y))(ints(1), ints(0)))).toContain("division by 0 is not defined");
    expect(compile((x: Tensor, y: Tensor) => floorDivide(x, y))(ints(-7), ints(2)).toArray()).toEqual([-4]);
  });

  test("the smallest number divided by −1 is no fault", () => {
    expect(compile((x: Tensor, y: Tensor) => remainder(x, y))(ints(-(2 ** 31)), ints(-1)).toArray()).toEqual([0]);
  });
});
