import { describe, expect, test } from "vitest";
import * as nn from "../src/index.js";
import { Tensor, tensor } from "../src/index.js";

const ownMembers = new Set(["constructor", "shape", "dtype", "storage", "rank", "size", "data", "detach", "toString", "toJSON"]);
const methods = Object.getOwnPropertyNames(Tensor.prototype).filter((name) => !ownMembers.has(name));

describe("a tensor does not change", () => {
  const a = tensor([[1, 2], [3, 4]]);

  test.each<[string, () => Tensor]>([
    ["an elementwise function", () => nn.exp(a)], ["a reshaping", () => a.reshape([4])], ["an expansion", () => a.expand([3, 2, 2])],
    ["a reduction", () => a.sum(0)], ["a product", () => a.matmul(a)], ["a part", () => a.select(0, 1)], ["zeros", () => nn.zeros([2, 3])],
    ["random numbers", () => nn.normal([2])], ["a scalar", () => tensor(3)], ["a detached one", () => a.detach()],
    ["one made by the constructor", () => new Tensor([1], "float32", new Float32Array(1))],
  ])("nor does the shape given to %s", (_, make) => {
    const made = make();
    expect(Object.isFrozen(made.shape)).toBe(true);
    expect(() => (made.shape as number[]).push(2)).toThrow(TypeError);
    for (const property of ["shape", "dtype", "storage"]) expect(Reflect.set(made, property, "int32")).toBe(false);
  });

  test("the shape that a caller gave is not frozen", () => {
    const shape = [2, 2];
    const made = [nn.zeros(shape), a.reshape(shape), a.expand(shape), nn.normal(shape), new Tensor(shape, "float32", new Float32Array(4)), tensor([1, 2, 3, 4], { shape })];
    shape.push(7);
    expect(made.map((each) => each.shape)).toEqual(made.map(() => [2, 2]));
  });

  test("shape, dtype and name of a variable do not change either", () => {
    const variable = new nn.Variable(a, { name: "w" });
    for (const property of ["shape", "dtype", "name"]) expect(Reflect.set(variable, property, "x")).toBe(false);
    expect(() => (variable.shape as number[]).pop()).toThrow(TypeError);
    expect(variable).toMatchObject({ shape: [2, 2], dtype: "float32", name: "w" });
  });
});

describe("methods are the functions of the same name", () => {
  const x = tensor([[0.5, 0.25], [0.75, 0.125]]);
  const index = tensor([[0, 1], [1, 0]], { dtype: "int32" });

  /** Arguments of the methods that need some. */
  const given: Readonly<Record<string, readonly unknown[]>> = {
    clamp: [0.2, 0.6], cast: ["int32"], matmul: [x], reshape: [[4]], permute: [[1, 0]], transpose: [0, 1], expand: [[3, 2, 2]], squeeze: [[]],
    unsqueeze: [0], flip: [0], slice: [[1]], select: [1, 0], gather: [index, 0], indexSelect: [tensor([1], { dtype: "int32" }), 0],
  };
  const binary = new Set([
    "add", "sub", "mul", "div", "pow", "maximum", "minimum", "equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual", "logicalAnd",
    "logicalOr",
  ]);
  const readers = new Set(["item", "read"]);
  const compared = methods.filter((name) => !readers.has(name));

  test.each(compared)("%s", (name) => {
    const args = given[name] ?? (binary.has(name) ? [x.add(0.1)] : []);
    const free: unknown = Reflect.get(nn, name);
    expect(free).toBeTypeOf("function");
    const fromMethod: unknown = Reflect.apply(Reflect.get(x, name) as () => unknown, x, args);
    const fromFunction: unknown = Reflect.apply(free as () => unknown, undefined, [x, ...args]);
    expect(contents(fromMethod)).toEqual(contents(fromFunction));
  });

  test("item and read", async () => {
    expect(tensor([7]).item()).toBe(7);
    expect(await tensor([7, 8]).read()).toEqual(Float32Array.of(7, 8));
  });

  function contents(result: unknown): unknown {
    if (result instanceof Tensor) return { shape: result.shape, dtype: result.dtype, values: result.toArray() };
    if (Array.isArray(result)) return result.map(contents);
    if (typeof result === "object" && result !== null && "values" in result && "indices" in result) return [contents(result.values), contents(result.indices)];
    return result;
  }
});

describe("a tensor", () => {
  test("knows its rank and size", () => {
    const x = nn.zeros([2, 0, 3]);
    expect([x.rank, x.size, tensor(1).rank, tensor(1).size]).toEqual([3, 0, 0, 1]);
  });

  test("detached has the same elements under another identity", () => {
    const x = tensor([1, 2]);
    const detached = x.detach();
    expect(detached).not.toBe(x);
    expect(detached.storage).toBe(x.storage);
  });

  test("is returned as it is by operations that change nothing", () => {
    const x = tensor([[1, 2]]);
    expect(x.cast("float32")).toBe(x);
    expect(x.reshape([1, 2])).toBe(x);
    expect(x.pow(1)).toBe(x);
  });

  test("is not changed through a copy of its elements", () => {
    const x = tensor([1, 2]);
    x.toTypedArray()[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });
});

describe("used where JavaScript expects a number", () => {
  test("a tensor of one element gives it", () => {
    let total = 0;
    for (const loss of [tensor(1.5), tensor([2])]) total += Number(loss);
    expect(total).toBe(3.5);
    expect(Math.max(0, Reflect.apply(Number, undefined, [tensor([[4]])]))).toBe(4);
    expect(`${tensor(2)}`).toBe(String(tensor(2)));
    expect(["loss", tensor(0.5)].join(" ")).toBe(`loss ${String(tensor(0.5))}`);
  });

  test("any other tensor is refused", () => {
    expect(() => Number(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: a tensor [2] is used where JavaScript expects a number; use operations: x.add(y) for +, x.less(y) for <, x.equal(y) for ==]`);
  });
});

test("refuses values that are not tensors", () => {
  expect(() => new nn.Variable([1, 2] as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Variable: its value is an array of 2, expected a Tensor; make it one with tensor(...)]`);
  const bias = new nn.Variable(tensor([1]), { name: "bias" });
  expect(() => { bias.value = [2] as never; }).toThrowErrorMatchingInlineSnapshot(`[UsageError: Variable "bias": its value is an array of 1, expected a Tensor; make it one with tensor(...)]`);
  expect(() => { bias.value = 2 as never; }).toThrowErrorMatchingInlineSnapshot(`[UsageError: Variable "bias": its value is 2, expected a Tensor]`);
  expect(() => nn.zeros([2], { dtype: "int64" as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: zeros: dtype is the string "int64", expected "bool", "int32", "float32" or "float64"]`);
  expect(() => nn.relu(new Float32Array(2) as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: relu: input is a typed array of 2, expected a Tensor; make it one with tensor(...)]`);
  expect(() => nn.relu(Promise.resolve(tensor(1)) as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: relu: input is a promise, expected a Tensor; await the promise]`);
});
