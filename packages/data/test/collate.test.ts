import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, expectTypeOf, it } from "vitest";
import { collate } from "../src/index.js";

describe("collate", () => {
  it("stacks numbers, booleans, lists, typed arrays and tensors", () => {
    expect(collate([1, 2]).toArray()).toEqual([1, 2]);
    expect(collate([1, 2]).dtype).toBe("float32");
    expect(collate([true, false]).toArray()).toEqual([true, false]);
    expect(collate([[1, 2], [3, 4]]).toArray()).toEqual([[1, 2], [3, 4]]);
    expect(collate([Int32Array.of(1, 2), Int32Array.of(3, 4)]).dtype).toBe("int32");
    const stacked = collate([tensor([[1], [2]]), tensor([[3], [4]])]);
    expect(stacked.shape).toEqual([2, 2, 1]);
    expect(stacked.toArray()).toEqual([[[1], [2]], [[3], [4]]]);
  });

  it("collates within tuples and records, and lists values that are not numbers", () => {
    const [x, { label, name }] = collate([
      [[1, 2], { label: tensor(1, { dtype: "int32" }), name: "a" }],
      [[3, 4], { label: tensor(0, { dtype: "int32" }), name: "b" }],
    ] as readonly (readonly [number[], { label: Tensor; name: string }])[]);
    expect(x.toArray()).toEqual([[1, 2], [3, 4]]);
    expect(label.dtype).toBe("int32");
    expect(label.toArray()).toEqual([1, 0]);
    expect(name).toEqual(["a", "b"]);
    expectTypeOf(x).toEqualTypeOf<Tensor>();
    expectTypeOf(name).toEqualTypeOf<readonly string[]>();
  });

  it("reports how items differ", () => {
    const errors = [
      () => collate([]),
      () => collate([tensor([1, 2]), tensor([1])]),
      () => collate([tensor([1]), tensor([1], { dtype: "int32" })]),
      () => collate([[1, 2], [3]]),
      () => collate<unknown>([1, "a"]),
      () => collate<unknown>([[1, "a"], [2, "b", 3]]),
      () => collate<unknown>([{ a: 1 }, { b: 1 }]),
      () => collate<unknown>([{ a: [1, 2] }, { a: [1] }]),
      () => collate([Promise.resolve(1)]),
    ].map((make) => {
      try {
        make();
        return "no error";
      } catch (error) {
        return String(error);
      }
    });
    expect(errors).toMatchInlineSnapshot(`
      [
        "ShapeError: collate: a batch needs at least one item",
        "ShapeError: collate: item 0 of the batch is [2] float32, item 1 is [1] float32; items of a batch must have one shape and dtype: crop or pad them, or pass a \`collate\` of your own",
        "ShapeError: collate: item 0 of the batch is [1] float32, item 1 is [1] int32; items of a batch must have one shape and dtype: crop or pad them, or pass a \`collate\` of your own",
        "ShapeError: collate: item 0 of the batch is [2] float32, item 1 is [1] float32; items of a batch must have one shape and dtype: crop or pad them, or pass a \`collate\` of your own",
        "ShapeError: collate: item 1 of the batch is the string "a", expected numbers as in the first",
        "ShapeError: collate: item is an array of 3, expected an array of 2 as in the first of the batch",
        "ShapeError: collate: item 1 of the batch does not have the keys of the first, which are a",
        "ShapeError: collate: item.a 0 of the batch is [2] float32, item.a 1 is [1] float32; items of a batch must have one shape and dtype: crop or pad them, or pass a \`collate\` of your own",
        "UsageError: collate: items are promises; iterate over the loader with \`for await\`",
      ]
    `);
  });
});
