import { describe, expect, it } from "vitest";
import { concat, tensor, type Tensor } from "@nn/tensor";
import { flatten, formatArguments, formatSignature, matched, unflatten } from "../../src/compile/signature.js";
import { compile } from "../../src/index.js";

describe("a signature", () => {
  const [a, b] = [tensor([1, 2]), tensor([[3]], { dtype: "int32" })];
  const value = { a, options: [0.5, "max", { b }, null, undefined, true, 3n] };

  it("flattens a value, and restores it", () => {
    const flattened = flatten(value, "arguments");
    expect(flattened.tensors).toEqual([a, b]);
    expect(unflatten(flattened)).toEqual(value);
    expect(matched(flattened.signature, value)).toEqual([a, b]);
  });

  it("fits values that differ only in the elements of tensors", () => {
    const { signature } = flatten(value, "arguments");
    const other = tensor([7, 8]);
    expect(matched(signature, { ...value, a: other })).toEqual([other, b]);
    expect(matched(signature, { ...value, a: tensor([7]) })).toBeUndefined();
    expect(matched(signature, { ...value, a: tensor([7, 8], { dtype: "float64" }) })).toBeUndefined();
    expect(matched(signature, { ...value, more: 1 })).toBeUndefined();
    expect(matched(signature, { ...value, options: value.options.with(0, 0.25) })).toBeUndefined();
    expect(matched(signature, [a])).toBeUndefined();
  });

  it("distinguishes 0 and -0, and equates NaN with NaN", () => {
    expect(matched(flatten([0], "").signature, [-0])).toBeUndefined();
    expect(matched(flatten([NaN], "").signature, [NaN])).toEqual([]);
  });

  it("distinguishes orders of keys, which a function can see", () => {
    const joined = compile((record: Readonly<Record<string, Tensor>>) => concat(Object.values(record)));
    expect(joined({ a: tensor([1]), b: tensor([2]) }).toArray()).toEqual([1, 2]);
    expect(joined({ b: tensor([2]), a: tensor([1]) }).toArray()).toEqual([2, 1]);
  });

  it("refuses keys that are symbols, which listings and errors could not name", () => {
    const key = Symbol("key");
    const f = compile((record: object) => record);
    f({ a });
    expect(() => f({ a, [key]: b })).toThrow("compile: arguments[0] has the key Symbol(key), expected keys that are strings");
    expect(compile(() => ({ [key]: a }))).toThrow("compile: the result has the key Symbol(key), expected keys that are strings");
  });

  it("is printed as in listings", () => {
    expect(formatSignature(flatten(value, "").signature)).toBe("{ a: float32[2], options: [0.5, max, { b: int32[1, 1] }, null, undefined, true, 3] }");
    expect(formatArguments(flatten([a, 0.5], "").signature)).toBe("(float32[2], 0.5)");
  });

  it("refuses too few tensors to restore a value", () => {
    expect(() => unflatten({ ...flatten([a, b], ""), tensors: [a] })).toThrow("there is no element 1 in a list of 1");
  });
});

describe("a value that contains itself", () => {
  it("is refused as an argument", () => {
    const list: unknown[] = [tensor([1])];
    list.push({ again: list });
    expect(() => compile((x: unknown) => x)(list)).toThrow(
      "compile: arguments[0][1].again contains itself; expected tensors, plain values, or arrays and records of them without cycles",
    );
  });

  it("is refused as a result", () => {
    const loop = compile(() => {
      const record: Record<string, unknown> = {};
      record["self"] = record;
      return record;
    });
    expect(loop).toThrow("compile: the result.self contains itself; expected tensors, plain values, or arrays and records of them without cycles");
  });

  it("does not fit a program for a value without a cycle", () => {
    const f = compile((x: unknown) => x);
    f([[[1]]]);
    const list: unknown[] = [];
    list.push(list);
    expect(() => f(list)).toThrow("contains itself");
  });

  it("is distinguished from a value in which an object occurs twice", () => {
    const shared = [tensor([1, 2])];
    const f = compile((pair: readonly (typeof shared)[]) => pair.map(([x]) => x));
    expect(f([shared, shared]).map((x) => x?.toArray())).toEqual([[1, 2], [1, 2]]);
  });
});
