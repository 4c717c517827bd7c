import { describe, expect, test } from "vitest";
import {
  arange, eye, full, fullLike, hostCallback, linspace, oneHot, ones, onesLike, tensor, zeros, zerosLike, type DType, type TensorValues,
} from "../../src/index.js";
import { eagerInterpreter, withInterpreter, type Interpreter } from "../../src/interpreter/index.js";
import { messagesOf } from "../message.js";

describe("tensor", () => {
  test("takes scalars, nested arrays and typed arrays", () => {
    expect(tensor(3)).toMatchObject({ shape: [], dtype: "float32" });
    expect(tensor(3).item()).toBe(3);
    expect(tensor([[1, 2, 3], [4, 5, 6]])).toMatchObject({ shape: [2, 3], dtype: "float32" });
    expect(tensor([[[1], [2]]]).toArray()).toEqual([[[1], [2]]]);
    expect(tensor(new Float32Array([1, 2, 3, 4]), { shape: [2, 2] }).toArray()).toEqual([[1, 2], [3, 4]]);
    expect(tensor([1, 2, 3, 4], { shape: [4, 1] }).toArray()).toEqual([[1], [2], [3], [4]]);
  });

  test.each([
    ["numbers", [1, 2], "float32"], ["a boolean", true, "bool"], ["booleans", [[true], [false]], "bool"], ["a mixture", [[true], [2]], "float32"],
    ["nothing", [], "float32"], ["Float64Array", new Float64Array(1), "float64"], ["Uint8Array", new Uint8Array(1), "int32"],
    ["Int16Array", new Int16Array(1), "int32"], ["Uint32Array", new Uint32Array(1), "int32"], ["Uint8ClampedArray", new Uint8ClampedArray(1), "int32"],
  ] as [string, TensorValues, string][])("has the natural dtype of %s", (_, values, dtype) => {
    expect(tensor(values).dtype).toBe(dtype);
  });

  test("converts to the requested dtype", () => {
    expect(tensor([1, 0, -2], { dtype: "bool" }).toArray()).toEqual([true, false, true]);
    expect(tensor([NaN], { dtype: "bool" }).toArray()).toEqual([true]);
    expect(tensor([true, false], { dtype: "float64" }).toArray()).toEqual([1, 0]);
    expect(tensor(new Uint8Array([255]), { dtype: "float32" }).toArray()).toEqual([255]);
    expect(tensor(0.1).item()).toBe(Math.fround(0.1));
    expect(tensor(0.1, { dtype: "float64" }).item()).toBe(0.1);
  });

  test("takes empty axes", () => {
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([], { shape: [3, 0] }).toArray()).toEqual([[], [], []]);
  });

  test("copies its values", () => {
    const values = new Float32Array([1, 2]);
    const x = tensor(values);
    values[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  test("errors name the position and the value", () => {
    // @ts-expect-error strings are no values
    const text = (): unknown => tensor([1, "2"]);
    // @ts-expect-error BigInts are refused
    const big = (): unknown => tensor(new BigInt64Array(1));
    // @ts-expect-error a tensor inside an array
    const inner = (): unknown => tensor([tensor(1)]);
    // @ts-expect-error a typed array inside an array
    const typed = (): unknown => tensor([new Float32Array(1)]);
    expect(messagesOf({
      "too short": () => tensor([[1, 2], [3]]),
      "deep and short": () => tensor([[[1], [2]], [[3], [4, 5]]]),
      "number among arrays": () => tensor([[1], 2]),
      "array among numbers": () => tensor([1, [2]]),
      text, big, inner, typed,
      "hole": () => tensor(new Array<number>(2)),
      "size": () => tensor([1, 2, 3], { shape: [2, 2] }),
      "shape": () => tensor([1], { shape: [1.5] }),
      "fraction": () => tensor([1, 2.5], { dtype: "int32" }),
      "unsigned": () => tensor(new Uint32Array([2 ** 31])),
      "NaN": () => tensor(NaN, { dtype: "int32" }),
    })).toMatchInlineSnapshot(`
      {
        "NaN": "DTypeError: tensor: NaN (element 0) does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1",
        "array among numbers": "ShapeError: tensor: found an array of length 1 at [1], expected a number, as in the elements before it; nested arrays must be rectangular",
        "big": "DTypeError: tensor: there is no 64-bit integer dtype; convert a BigInt array to numbers first, for example with Float64Array.from(values, Number)",
        "deep and short": "ShapeError: tensor: found an array of length 2 at [1, 1], expected an array of length 1, as in the elements before it; nested arrays must be rectangular",
        "fraction": "DTypeError: tensor: 2.5 (element 1) does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1",
        "hole": "DTypeError: tensor: found undefined at [0], expected a number or a boolean",
        "inner": "UsageError: tensor: found a Tensor at [0], expected numbers; join tensors with stack or concat",
        "number among arrays": "ShapeError: tensor: found 2 at [1], expected an array of length 1, as in the elements before it; nested arrays must be rectangular",
        "shape": "ShapeError: tensor: [1.5] is not a shape; sizes are non-negative whole numbers",
        "size": "ShapeError: tensor: 3 values do not fill the shape [2, 2], which has 4 elements",
        "text": "DTypeError: tensor: found the string "2" at [1], expected a number or a boolean",
        "too short": "ShapeError: tensor: found an array of length 1 at [1], expected an array of length 2, as in the elements before it; nested arrays must be rectangular",
        "typed": "DTypeError: tensor: found a typed array of 1 at [0], expected a number or a boolean",
        "unsigned": "DTypeError: tensor: 2147483648 (element 0) does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1",
      }
    `);
  });
});

describe("constant tensors", () => {
  test("have equal elements", () => {
    expect(zeros([2, 2]).toArray()).toEqual([[0, 0], [0, 0]]);
    expect(ones([2], { dtype: "int32" })).toMatchObject({ dtype: "int32" });
    expect(full([2], 2.5).toArray()).toEqual([2.5, 2.5]);
    expect(full([1], true)).toMatchObject({ dtype: "bool" });
    expect(full([1], 7, { dtype: "bool" }).toArray()).toEqual([true]);
    expect(zeros([0, 2]).toArray()).toEqual([]);
  });

  test("adopt shape and dtype of another tensor", () => {
    const x = tensor([[1, 2]], { dtype: "float64" });
    expect(zerosLike(x)).toMatchObject({ shape: [1, 2], dtype: "float64" });
    expect(onesLike(x, { dtype: "bool" }).toArray()).toEqual([[true, true]]);
    expect(fullLike(x, 3).toArray()).toEqual([[3, 3]]);
  });
});

describe("ranges", () => {
  test("arange counts from start up to, but without, stop", () => {
    expect(arange(4).toArray()).toEqual([0, 1, 2, 3]);
    expect(arange(2, 5).toArray()).toEqual([2, 3, 4]);
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(arange(0).toArray()).toEqual([]);
    expect(arange(1, 8, 3, { dtype: "int32" }).toArray()).toEqual([1, 4, 7]);
    expect(arange(3)).toMatchObject({ dtype: "float32" });
  });

  test("arange is computed in float64 and rounded once", () => {
    const values = arange(0, 100, 0.1).toTypedArray();
    expect(values.length).toBe(1000);
    expect(values.every((value, at) => value === Math.fround(at * 0.1))).toBe(true);
  });

  test("whole numbers are not computed by way of float64, which compiled code would do one element at a time", () => {
    const dtypes = new Set<DType>();
    const eager = eagerInterpreter();
    const spy: Interpreter = {
      below: eager,
      bind: (application) => {
        const result = eager.bind(application);
        dtypes.add(result.dtype);
        return result;
      },
      read: (variable) => eager.read(variable),
      write: (variable, value) => eager.write(variable, value),
      guard: (read) => eager.guard(read),
    };
    const values = withInterpreter(spy, () => [arange(3), arange(2, -2, -2), linspace(0, 10, 6), arange(2 ** 24, 2 ** 24 + 4)].map((x) => x.toArray()));
    expect(values).toEqual([[0, 1, 2], [2, 0], [0, 2, 4, 6, 8, 10], [2 ** 24, 2 ** 24, 2 ** 24 + 2, 2 ** 24 + 4]]);
    expect(dtypes).toEqual(new Set(["int32", "float32"]));
  });

  test("linspace has both ends and equal steps", () => {
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linspace(3, -3, 3).toArray()).toEqual([3, 0, -3]);
    expect(linspace(2, 5, 1).toArray()).toEqual([2]);
    expect(linspace(2, 5, 0).toArray()).toEqual([]);
    expect(linspace(0, 10, 6, { dtype: "int32" }).toArray()).toEqual([0, 2, 4, 6, 8, 10]);
    for (const count of [7, 10, 49, 1000]) {
      const values = linspace(-0.3, 0.7, count, { dtype: "float64" }).toTypedArray();
      expect([values[0], values.at(-1)]).toEqual([-0.3, 0.7]);
      expect(values.every((value, at) => Math.abs(value - (-0.3 + at / (count - 1))) < 1e-15)).toBe(true);
    }
  });
});

test("eye has ones on the diagonal", () => {
  expect(eye(2).toArray()).toEqual([[1, 0], [0, 1]]);
  expect(eye(2, 3, { dtype: "bool" }).toArray()).toEqual([[true, false, false], [false, true, false]]);
});

test("oneHot has a one at the position of the label", () => {
  const labels = tensor([[1, 2], [1, 0]], { dtype: "int32" });
  expect(oneHot(labels, 3).toArray()).toEqual([[[0, 1, 0], [0, 0, 1]], [[0, 1, 0], [1, 0, 0]]]);
  expect(oneHot(labels, 3, { dtype: "bool" }).dtype).toBe("bool");
});

test("host values are computed by JavaScript at every execution", () => {
  let calls = 0;
  const next = (): number => hostCallback(() => ++calls).item();
  expect([next(), next()]).toEqual([1, 2]);
  expect(hostCallback(() => [1, 2, 3, 4], { shape: [2, 2], dtype: "int32" }).toArray()).toEqual([[1, 2], [3, 4]]);
});

test("errors name the operation and what it expects", () => {
  expect(messagesOf({
    "zeros shape": () => zeros([2, -1]),
    "ones shape": () => ones([NaN]),
    "full fraction": () => full([2], 0.5, { dtype: "int32" }),
    "full size": () => full([2 ** 30, 2 ** 30], 0),
    "arange step 0": () => arange(0, 5, 0),
    "arange direction": () => arange(5, 0),
    "arange infinite": () => arange(Infinity),
    "arange int32": () => arange(0, 1, 0.5, { dtype: "int32" }),
    "arange bool": () => arange(2, { dtype: "bool" }),
    "linspace count": () => linspace(0, 1, 2.5),
    "linspace int32": () => linspace(0, 1, 3, { dtype: "int32" }),
    "eye size": () => eye(-1),
    "oneHot dtype": () => oneHot(tensor([1, 2]), 3),
    "oneHot classes": () => oneHot(tensor([1], { dtype: "int32" }), -3),
    "host shape": () => hostCallback(() => 1, { shape: [-1] }),
    "host count": () => hostCallback(() => [1, 2], { shape: [3] }),
  })).toMatchInlineSnapshot(`
    {
      "arange bool": "DTypeError: arange: dtype bool cannot hold a range of numbers; use int32 or a float",
      "arange direction": "ArgumentError: arange: cannot go from 5 to 0 by steps of 1",
      "arange infinite": "ArgumentError: arange: stop is Infinity, expected a finite number",
      "arange int32": "DTypeError: arange: the numbers 0, 0.5, 0.5 (first, step, last) do not fit into int32; use a float dtype",
      "arange step 0": "ArgumentError: arange: cannot go from 0 to 5 by steps of 0",
      "eye size": "ShapeError: eye: [-1, -1] is not a shape; sizes are non-negative whole numbers",
      "full fraction": "DTypeError: full: 0.5 does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1",
      "full size": "ShapeError: full: a float32 tensor of shape [1073741824, 1073741824] takes 4.6e+18 bytes, which cannot be allocated",
      "host count": "ArgumentError: hostCallback: the callback returned 2 numbers, expected 3 for shape [3]",
      "host shape": "ShapeError: hostCallback: [-1] is not a shape; sizes are non-negative whole numbers",
      "linspace count": "ArgumentError: linspace: count is 2.5, expected a whole number, at least 0",
      "linspace int32": "DTypeError: linspace: the numbers 0, 0.5, 1 (first, step, last) do not fit into int32; use a float dtype",
      "oneHot classes": "ArgumentError: oneHot: classes is -3, expected a whole number, at least 0",
      "oneHot dtype": "DTypeError: oneHot: labels has dtype float32, expected int32",
      "ones shape": "ShapeError: ones: [NaN] is not a shape; sizes are non-negative whole numbers",
      "zeros shape": "ShapeError: zeros: [2, -1] is not a shape; sizes are non-negative whole numbers",
    }
  `);
});
