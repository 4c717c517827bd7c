import { Generator, manualSeed, tensor, uniform, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ArrayDataset, Dataset, IterableDataset, kFold, randomSplit, TensorDataset } from "../src/index.js";

const numbers = new ArrayDataset([0, 10, 20, 30, 40]);
const rows = new TensorDataset(tensor([[0, 1], [2, 3], [4, 5], [6, 7]]), tensor([0, 1, 2, 3], { dtype: "int32" }), tensor([true, false, true, false]));

describe("transforms", () => {
  it("map, filter, take, skip, subset, concat, zip", () => {
    expect(Array.from(numbers.map((value, index) => value + index))).toEqual([0, 11, 22, 33, 44]);
    expect(Array.from(numbers.filter((value) => value % 20 === 0))).toEqual([0, 20, 40]);
    expect(Array.from(numbers.take(2))).toEqual([0, 10]);
    expect(Array.from(numbers.take(9))).toHaveLength(5);
    expect(Array.from(numbers.skip(3))).toEqual([30, 40]);
    expect(Array.from(numbers.skip(9))).toEqual([]);
    expect(Array.from(numbers.skip(1).take(2).subset([1, 0, 1]))).toEqual([20, 10, 20]);
    expect(Array.from(numbers.take(1).concat(numbers.take(0), numbers.skip(3)))).toEqual([0, 30, 40]);
    expect(Array.from(numbers.take(2).zip(numbers.skip(3)))).toEqual([[0, 30], [10, 40]]);
    expect(numbers.concat(numbers).length).toBe(10);
  });

  it("transform items when they are read", () => {
    let calls = 0;
    const mapped = numbers.map((value) => {
      calls++;
      return value;
    });
    expect(calls).toBe(0);
    mapped.get(1);
    expect(calls).toBe(1);
  });

  it("read batches from the data set below, with the same results as item by item", () => {
    const view = rows.skip(1).subset([2, 0]).take(2);
    const [x, y, z] = view.batch([1, 0, 0]);
    expect(x.toArray()).toEqual([[2, 3], [6, 7], [6, 7]]);
    expect(y.toArray()).toEqual([1, 3, 3]);
    expect(z.toArray()).toEqual([false, false, false]);
    const [mapped] = view.map(([row]) => [row]).batch([1, 0]);
    expect(mapped?.toArray()).toEqual([[2, 3], [6, 7]]);
    const [joined] = rows.take(1).concat(rows.skip(3)).batch([1, 0]);
    expect(joined.toArray()).toEqual([[6, 7], [0, 1]]);
  });

  it("a class of your own is a data set", () => {
    class Squares extends Dataset<number> {
      override get length(): number {
        return 3;
      }

      override get(index: number): number {
        return index * index;
      }
    }
    expect(Array.from(new Squares().map((value) => -value))).toEqual([-0, -1, -4]);
    expect(new Squares().batch([2, 1]).toArray()).toEqual([4, 1]);
  });
});

describe("TensorDataset", () => {
  it("gives rows and batches of every dtype", () => {
    const [x, y, z] = rows.get(2);
    expect(x.toArray()).toEqual([4, 5]);
    expect(y.toArray()).toBe(2);
    expect(z.toArray()).toBe(true);
    expectTypeOf(rows.get(0)).toEqualTypeOf<readonly [Tensor, Tensor, Tensor]>();
    const [batch, labels] = rows.batch(Int32Array.of(3, 0));
    expect(batch.toArray()).toEqual([[6, 7], [0, 1]]);
    expect(labels.dtype).toBe("int32");
    expect(new TensorDataset(zeros([3, 2, 2])).batch([0, 1])[0].shape).toEqual([2, 2, 2]);
    expect(new TensorDataset(zeros([3, 0])).batch([0, 1])[0].shape).toEqual([2, 0]);
  });

  it("refuses wrong shapes and indices", () => {
    const errors = [
      () => new TensorDataset(zeros([3, 2]), zeros([4])),
      () => new TensorDataset(tensor(1)),
      () => rows.get(4),
      () => rows.get(-1),
      () => rows.batch([0, 1.5]),
      () => rows.batch([]),
      () => numbers.get(5),
      () => numbers.subset([5]),
      () => numbers.take(1).get(1),
      () => numbers.take(1).batch([1]),
      () => numbers.take(-1),
      () => numbers.zip(numbers.take(1)),
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
        "ShapeError: TensorDataset: tensors have shapes [3, 2], [4]; their first axes, the items, must have the same length",
        "ShapeError: TensorDataset: tensors have shapes []; their first axes, the items, must have the same length",
        "ArgumentError: TensorDataset.get: index 4 is out of range; the data set has 4 items",
        "ArgumentError: TensorDataset.get: index -1 is out of range; the data set has 4 items",
        "ArgumentError: TensorDataset.batch: index 1.5 is out of range; the data set has 4 items",
        "ArgumentError: TensorDataset.batch: a batch needs at least one index",
        "ArgumentError: ArrayDataset.get: index 5 is out of range; the data set has 5 items",
        "ArgumentError: Dataset.subset: index 5 is out of range; the data set has 5 items",
        "ArgumentError: Dataset.get: index 1 is out of range; the data set has 1 items",
        "ArgumentError: Dataset.batch: index 1 is out of range; the data set has 1 items",
        "ArgumentError: Dataset.take: count is -1, expected a whole number of at least 0",
        "ArgumentError: Dataset.zip: data sets have 5 and 1 items; take the same number of both",
      ]
    `);
  });
});

describe("a part of a TensorDataset", () => {
  const whole = new TensorDataset(tensor([[0, 1], [2, 3], [4, 5], [6, 7]]), tensor([0, 1, 2, 3], { dtype: "int32" }));

  it("is a TensorDataset too, with typed tensors", () => {
    const cut = whole.skip(1);
    expectTypeOf(cut).toEqualTypeOf<TensorDataset<[Tensor, Tensor]>>();
    expect(cut.tensors[0].toArray()).toEqual([[2, 3], [4, 5], [6, 7]]);
    expect(cut.subset([2, 0]).tensors.map((x) => x.toArray())).toEqual([[[6, 7], [2, 3]], [3, 1]]);
    expect(cut.take(1).tensors[1].toArray()).toEqual([1]);
    expect(cut.filter(([, y]) => y.item() !== 2).tensors[1].toArray()).toEqual([1, 3]);
    expect(cut.subset([2, 0]).get(0)[1].item()).toBe(3);
    expect(cut.subset([2, 0]).batch([1])[0].toArray()).toEqual([[2, 3]]);
    const [train, test] = randomSplit(whole, [3, 1], { seed: 1 });
    expectTypeOf(train.tensors).toEqualTypeOf<[Tensor, Tensor]>();
    expect([...train.tensors[1].toTypedArray(), ...test.tensors[1].toTypedArray()].toSorted()).toEqual([0, 1, 2, 3]);
    for (const { train: some, validation } of kFold(whole, 2, { shuffle: false })) expect(some.tensors[1].size + validation.tensors[1].size).toBe(4);
  });

  it("is joined to a TensorDataset again, and with other data sets to a data set", () => {
    const joined = whole.take(1).concat(whole.skip(3));
    expectTypeOf(joined).toEqualTypeOf<TensorDataset<[Tensor, Tensor]>>();
    expect(joined.tensors.map((x) => x.toArray())).toEqual([[[0, 1], [6, 7]], [0, 3]]);
    const mixed = whole.concat(whole.map((row) => row));
    expect(mixed).not.toBeInstanceOf(TensorDataset);
    expect(mixed.length).toBe(8);
  });

  it("is given as one batch by all()", () => {
    const [x, y] = whole.skip(2).all();
    expect([x.toArray(), y.toArray()]).toEqual([[[4, 5], [6, 7]], [2, 3]]);
    expect(new ArrayDataset([{ a: 1 }, { a: 2 }]).all().a.toArray()).toEqual([1, 2]);
    expect(whole.take(0).all()[0].shape).toEqual([0, 2]);
  });

  it("shows its contents to test tools and in the console", () => {
    expect(whole.take(2)).toEqual(new TensorDataset(tensor([[0, 1], [2, 3]]), tensor([0, 1], { dtype: "int32" })));
    expect(whole.take(2)).not.toEqual(whole.skip(2));
    expect(Object.keys(whole)).toEqual(["tensors"]);
    expect(String(whole)).toBe("TensorDataset of 4 items: float32 [2], int32 []");
    expect(String(whole.map((row) => row))).toBe("Dataset of 4 items");
    expect(String(new ArrayDataset([1]))).toBe("ArrayDataset of 1 items");
    expect(new ArrayDataset([1])).not.toEqual(new ArrayDataset([2]));
    expect(Object.keys(new IterableDataset([1]))).toEqual(["start"]);
  });

  it("refuses values that are not indices, functions or data sets", () => {
    expect(() => whole.subset([0.5])).toThrow("TensorDataset.subset: index 0.5 is out of range; the data set has 4 items");
    expect(() => whole.subset([-1])).toThrow("TensorDataset.subset: index -1 is out of range");
    expect(() => whole.subset(2 as never)).toThrow("TensorDataset.subset: indices are 2, expected a list of numbers");
    expect(() => whole.batch(["0" as never])).toThrow('TensorDataset.batch: index the string "0" is out of range');
    expect(() => whole.filter(5 as never)).toThrow("TensorDataset.filter: predicate is 5, expected a function");
    expect(() => whole.zip(5 as never)).toThrow("Dataset.zip: got 5, expected a Dataset");
    expect(() => new ArrayDataset(null as never)).toThrow("ArrayDataset: items is null, expected an array");
    expect(() => new IterableDataset(5 as never)).toThrow("IterableDataset: source is 5, expected an iterable");
  });
});

describe("random items", () => {
  const noisy = new ArrayDataset([10, 20, 30]).map((value, _, generator) => value + uniform([], { generator: generator() }).item());

  it("draw from the generator that they are given, through every view", () => {
    const given = (seed: number) => () => new Generator(seed);
    const value = noisy.get(1, given(7));
    expect(noisy.get(1, given(7))).toBe(value);
    expect(noisy.get(1, given(8))).not.toBe(value);
    const views = [noisy.subset([1]), noisy.skip(1), noisy.filter((each) => each > 20 && each < 30), new ArrayDataset<number>([]).concat(noisy).skip(1)];
    for (const view of views) expect(view.get(0, given(7))).toBe(value);
    expect(noisy.zip(noisy).get(1, given(7))[0]).toBe(value);
    const [first] = noisy.skip(1).batch([0], () => given(7)).toArray() as number[];
    expect(first).toBeCloseTo(value, 4);
  });

  it("draw from the default generator otherwise", () => {
    manualSeed(3);
    const value = noisy.get(0);
    manualSeed(3);
    expect(noisy.get(0)).toBe(value);
  });
});
