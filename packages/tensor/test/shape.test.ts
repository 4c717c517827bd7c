import { describe, expect, test } from "vitest";
import { allocate, normalizeAxes, normalizeAxis, requireDType, requireShape } from "../src/extend.js";
import { Tensor, tensor, zeros } from "../src/index.js";
import { messagesOf } from "./message.js";

/** What plain JavaScript may pass. */
const wrong = (value: unknown): never => value as never;

test("requireShape takes shapes only", () => {
  expect(() => requireShape("op", [])).not.toThrow();
  expect(() => requireShape("op", [2, 0, 2 ** 20])).not.toThrow();
  expect(() => requireShape("op", [0, 2 ** 40])).not.toThrow();
  expect(messagesOf({
    "a number": () => Reflect.apply(zeros, undefined, [2, 3]),
    "null": () => zeros(wrong(null)),
    "a string": () => zeros(wrong("2,3")),
    "a tensor": () => zeros(wrong(tensor([2, 3]))),
    "a typed array": () => zeros(wrong(new Int32Array([2, 3]))),
    "text in it": () => zeros(wrong(["2", 3])),
    "a hole in it": () => zeros(new Array<number>(2)),
    "a fraction": () => zeros([2.5]),
    "too large": () => zeros([1e5, 1e5]),
    "too large, float64": () => zeros([2 ** 33], { dtype: "float64" }),
    "far too large": () => zeros([1e15, 1e15]),
  })).toMatchInlineSnapshot(`
    {
      "a fraction": "ShapeError: zeros: [2.5] is not a shape; sizes are non-negative whole numbers",
      "a hole in it": "ShapeError: zeros: the shape holds undefined; sizes are non-negative whole numbers",
      "a number": "ShapeError: zeros: the shape is 2, expected an array of sizes such as [2, 3]",
      "a string": "ShapeError: zeros: the shape is the string "2,3", expected an array of sizes such as [2, 3]",
      "a tensor": "ShapeError: zeros: the shape is a Tensor, expected an array of sizes such as [2, 3]",
      "a typed array": "ShapeError: zeros: the shape is a typed array of 2, expected an array of sizes such as [2, 3]",
      "far too large": "ShapeError: zeros: a float32 tensor of shape [1000000000000000, 1000000000000000] takes 4.0e+30 bytes, which cannot be allocated",
      "null": "ShapeError: zeros: the shape is null, expected an array of sizes such as [2, 3]",
      "text in it": "ShapeError: zeros: the shape holds the string "2"; sizes are non-negative whole numbers",
      "too large": "ShapeError: zeros: a float32 tensor of shape [100000, 100000] takes 40 GB, which cannot be allocated",
      "too large, float64": "ShapeError: zeros: a float64 tensor of shape [8589934592] takes 68.7 GB, which cannot be allocated",
    }
  `);
});

test("an allocation that fails is reported with its size", () => {
  const row = zeros([1, 2 ** 17]);
  const column = zeros([2 ** 17, 1]);
  expect(messagesOf({ sum: () => column.add(row) })).toMatchInlineSnapshot(`
    {
      "sum": "ShapeError: add: a float32 tensor of shape [131072, 131072] takes 68.7 GB, which cannot be allocated",
    }
  `);
});

test("normalizeAxis and normalizeAxes refuse values that are not axes", () => {
  expect(normalizeAxes("op", [-1, 0], 3)).toEqual([0, 2]);
  const options = wrong({ axis: 1 });
  expect(messagesOf({
    "options": () => tensor([[1]]).sum(options),
    "null": () => tensor([[1]]).sum(wrong(null)),
    "text": () => tensor([[1]]).sum(wrong("0")),
    "text in a list": () => normalizeAxes("op", wrong(["0"]), 2),
    "a hole": () => normalizeAxes("op", new Array<number>(1), 2),
    "true": () => normalizeAxis("op", wrong(true), 2),
    "options for one": () => tensor([1]).softmax(options),
    "NaN": () => normalizeAxis("op", NaN, 2),
    "scalar": () => normalizeAxis("op", 0, 0),
  })).toMatchInlineSnapshot(`
    {
      "NaN": "ArgumentError: op: axis NaN is out of range; expected -2 to 1 for rank 2",
      "a hole": "ArgumentError: op: axis is undefined, expected -2 to 1 for rank 2",
      "null": "ArgumentError: sum: axis is null, expected a whole number or an array of them",
      "options": "ArgumentError: sum: axis is an object, expected a whole number or an array of them; give the axis itself, not an object",
      "options for one": "ArgumentError: softmax: axis is an object, expected -1 to 0 for rank 1; give the axis itself, not an object",
      "scalar": "ArgumentError: op: axis 0 is out of range; a scalar has no axes",
      "text": "ArgumentError: sum: axis is the string "0", expected a whole number or an array of them",
      "text in a list": "ArgumentError: op: axis is the string "0", expected -2 to 1 for rank 2",
      "true": "ArgumentError: op: axis is true, expected -2 to 1 for rank 2",
    }
  `);
});

test("dtypes are known by their own names only", () => {
  expect(messagesOf({
    "inherited": () => zeros([2], wrong({ dtype: "toString" })),
    "__proto__": () => allocate(wrong("__proto__"), 2),
    "a neighbour": () => zeros([2], wrong({ dtype: "flaot32" })),
    "int64": () => zeros([2], wrong({ dtype: "int64" })),
    "null": () => zeros([2], wrong({ dtype: null })),
    "requireDType": () => requireDType("op", wrong("constructor"), ["float32"]),
  })).toMatchInlineSnapshot(`
    {
      "a neighbour": "ArgumentError: zeros: dtype is the string "flaot32", expected "bool", "int32", "float32" or "float64"; did you mean "float32"?",
      "inherited": "ArgumentError: zeros: dtype is the string "toString", expected "bool", "int32", "float32" or "float64"",
      "int64": "ArgumentError: zeros: dtype is the string "int64", expected "bool", "int32", "float32" or "float64"",
      "null": "ArgumentError: zeros: dtype is null, expected "bool", "int32", "float32" or "float64"",
      "requireDType": "DTypeError: op: dtype is the string "constructor", expected "bool", "int32", "float32", "float64"; whole numbers are int32",
    }
  `);
});

describe("the constructor of Tensor", () => {
  test("takes elements that fit", () => {
    expect(new Tensor([2, 1], "bool", Uint8Array.of(1, 0)).toArray()).toEqual([[true], [false]]);
  });

  test("refuses what does not fit together", () => {
    expect(messagesOf({
      "too few": () => new Tensor([3], "float32", new Float32Array(2)),
      "too many": () => new Tensor([], "float32", new Float32Array(2)),
      "another kind": () => new Tensor([2], "float32", new Float64Array(2)),
      "an array": () => new Tensor([2], "float32", wrong([1, 2])),
      "nothing": () => Reflect.construct(Tensor, []),
      "no storage": () => Reflect.construct(Tensor, [[2], "float32"]),
      "no dtype": () => new Tensor([2], wrong("toString"), new Float32Array(2)),
    })).toMatchInlineSnapshot(`
      {
        "an array": "UsageError: Tensor: the storage is an array of 2, expected a typed array; programs make tensors with tensor(...)",
        "another kind": "DTypeError: Tensor: the elements are in Float64Array, which does not hold float32",
        "no dtype": "DTypeError: Tensor: dtype is the string "toString", expected "bool", "int32", "float32", "float64"; whole numbers are int32",
        "no storage": "UsageError: Tensor: the storage is undefined, expected a typed array; programs make tensors with tensor(...)",
        "nothing": "ShapeError: Tensor: the shape is undefined, expected an array of sizes such as [2, 3]",
        "too few": "ShapeError: Tensor: 2 elements do not fill the shape [3], which has 3",
        "too many": "ShapeError: Tensor: 2 elements do not fill the shape [], which has 1",
      }
    `);
  });
});
