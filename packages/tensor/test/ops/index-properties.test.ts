import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  argSort, arange, binCount, gather, histogram, indexAdd, indexAt, indexCopy, indexFill, indexPut, indexSelect, kthValue, maskedScatter,
  maskedSelect, nonZero, scatter, scatterAdd, scatterReduce, searchSorted, sort, stack, take, takeAlongAxis, tensor, topK, unique, zeros,
  type Tensor,
} from "../../src/index.js";

const integers = (values: readonly number[], shape?: readonly number[]): Tensor => tensor(values, { dtype: "int32", shape: shape ?? [values.length] });
const always = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void): void => fc.assert(fc.property(arbitrary, check), { numRuns: 60, seed: 1 });
const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 12 });

/** Base and a list of (position, value) updates, as lists. */
const updates = fc.integer({ min: 1, max: 5 }).chain((length) =>
  fc.tuple(fc.constant(length), fc.array(fc.tuple(fc.nat(length - 1), fc.integer({ min: -9, max: 9 })), { maxLength: 8 })));

describe("sorting", () => {
  test("gives the elements in order and their original positions", () => always(fc.tuple(numbers, fc.boolean()), ([values, descending]) => {
    const { values: sorted, indices } = sort(tensor(values), { descending });
    const order = values.map((_, at) => at).toSorted((a, b) => ((values[a] as number) - (values[b] as number)) * (descending ? -1 : 1) || a - b);
    expect(indices.toArray()).toEqual(order);
    expect(sorted.toArray()).toEqual(order.map((at) => values[at]));
    expect(argSort(tensor(values), { descending }).toArray()).toEqual(order);
  }));

  test("topK and kthValue take elements of the sorted ones", () => always(numbers.chain((values) => fc.tuple(fc.constant(values), fc.integer({ min: 1, max: values.length }))), ([values, k]) => {
    const x = tensor(values);
    for (const largest of [true, false]) {
      const all = sort(x, { descending: largest });
      const top = topK(x, k, { largest });
      expect(top.values.toArray()).toEqual(all.values.slice([{ stop: k }]).toArray());
      expect(top.indices.toArray()).toEqual(all.indices.slice([{ stop: k }]).toArray());
    }
    expect(kthValue(x, k).values.item()).toBe(sort(x).values.slice([k - 1]).item());
    expect(kthValue(x, k, { keepAxes: true }).indices.shape).toEqual([1]);
  }));

  test("runs along any axis, and NaN counts as largest", () => {
    const x = tensor([[3, NaN, 1], [2, 0, 9]]);
    expect(sort(x, { axis: 0 }).values.toArray()).toEqual([[2, 0, 1], [3, NaN, 9]]);
    expect(sort(x).indices.toArray()).toEqual([[2, 0, 1], [1, 0, 2]]);
    expect(topK(x, 1).values.toArray()).toEqual([[NaN], [9]]);
    expect(sort(tensor([true, false, true])).values.toArray()).toEqual([false, true, true]);
    expect(topK(x, 0).values.shape).toEqual([2, 0]);
  });

  test("searchSorted finds where elements belong", () => always(fc.tuple(numbers, numbers), ([unsorted, values]) => {
    const sorted = unsorted.toSorted((a, b) => a - b);
    const left = values.map((value) => sorted.filter((each) => each < value).length);
    const right = values.map((value) => sorted.filter((each) => each <= value).length);
    expect(searchSorted(tensor(sorted), tensor(values)).toArray()).toEqual(left);
    expect(searchSorted(tensor(sorted), tensor(values), { right: true }).toArray()).toEqual(right);
    expect(searchSorted(stack([tensor(sorted), tensor(sorted).add(1)]), stack([tensor(values), tensor(values).add(1)])).toArray()).toEqual([left, left]);
  }));

  test("searchSorted puts NaN behind everything and takes single values", () => {
    expect(searchSorted(tensor([1, 2]), tensor(NaN)).item()).toBe(2);
    expect(searchSorted(tensor([]), tensor([1])).toArray()).toEqual([0]);
  });
});

describe("reading at computed positions", () => {
  const x = arange(24).reshape([2, 3, 4]);

  test("gather takes smaller indices, takeAlongAxis broadcasts them", () => {
    const index = integers([3, 0], [1, 1, 2]);
    expect(gather(x, index, 2).toArray()).toEqual([[[3, 0]]]);
    expect(takeAlongAxis(x, index, 2).shape).toEqual([2, 3, 2]);
    expect(takeAlongAxis(x, index, -1).slice([1, 2]).toArray()).toEqual([23, 20]);
    expect(takeAlongAxis(tensor([[7, 8]]), integers([1, 0, 1], [3, 1]), 1).toArray()).toEqual([[8], [7], [8]]);
  });

  test("indexSelect takes a scalar as a vector of one", () => {
    expect(indexSelect(x, integers([2], []), 1).toArray()).toEqual([[[8, 9, 10, 11]], [[20, 21, 22, 23]]]);
  });

  test("indexAt follows NumPy if indexed axes are not neighbours", () => {
    const [rows, columns] = [integers([1, 0, -1]), integers([3, 3, 0])];
    expect(indexAt(x, [rows, null, columns]).toArray()).toEqual([[15, 19, 23], [3, 7, 11], [12, 16, 20]]);
    expect(indexAt(x, [null, rows, columns]).toArray()).toEqual([[7, 3, 8], [19, 15, 20]]);
    expect(indexAt(x, [integers([1], []), null]).shape).toEqual([3, 4]);
    expect(indexAt(x, [integers([0, 1], [2, 1]), integers([0, 2])]).shape).toEqual([2, 2, 4]);
    expect(indexAt(x, [null, null])).toBe(x);
    expect(indexAt(x, [integers([], [0]), integers([], [0])]).shape).toEqual([0, 4]);
  });

  test("refuses indices out of range, also if another axis could absorb them", () => {
    expect(() => indexAt(x, [integers([0]), integers([3])])).toThrow("out of range");
    expect(() => indexAt(x, [integers([-3])])).toThrow("out of range");
    expect(() => take(x, integers([24]))).toThrow("out of range");
    expect(() => indexSelect(x, integers([3]), 1)).toThrow("out of range");
  });
});

describe("writing at computed positions", () => {
  test("scatterAdd adds up, scatter keeps the last", () => always(updates, ([length, pairs]) => {
    const added = new Array<number>(length).fill(1);
    const replaced = new Array<number>(length).fill(1);
    for (const [position, value] of pairs) {
      added[position] = (added[position] as number) + value;
      replaced[position] = value;
    }
    const [base, index, values] = [tensor(added.map(() => 1)), integers(pairs.map(([position]) => position)), tensor(pairs.map(([, value]) => value))];
    expect(scatterAdd(base, index, values, 0).toArray()).toEqual(added);
    expect(scatter(base, index, values, 0).toArray()).toEqual(replaced);
    expect(indexAdd(base, index, values, 0).toArray()).toEqual(added);
    expect(indexCopy(base, index, values, 0).toArray()).toEqual(replaced);
    expect(indexPut(base, [index], values).toArray()).toEqual(replaced);
    expect(indexPut(base, [index], values, { accumulate: true }).toArray()).toEqual(added);
    expect(scatter(base, index, -7, 0).toArray()).toEqual(replaced.map((_, at) => (pairs.some(([position]) => position === at) ? -7 : 1)));
    expect(indexFill(base, index, -7, 0).toArray()).toEqual(scatter(base, index, -7, 0).toArray());
  }));

  test("scatterReduce combines the updates of one position", () => always(updates, ([length, pairs]) => {
    const combine = {
      sum: (values: number[]) => values.reduce((a, b) => a + b, 0), prod: (values: number[]) => values.reduce((a, b) => a * b, 1),
      mean: (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length, max: (values: number[]) => Math.max(...values),
      min: (values: number[]) => Math.min(...values),
    };
    const [index, values] = [integers(pairs.map(([position]) => position)), tensor(pairs.map(([, value]) => value))];
    for (const [name, of] of Object.entries(combine)) {
      for (const includeSelf of [true, false]) {
        const expected = Array.from({ length }, (_, at) => {
          const received = pairs.filter(([position]) => position === at).map(([, value]) => value);
          return received.length === 0 ? 2 : of(includeSelf ? [2, ...received] : received);
        });
        const found = scatterReduce(zeros([length]).add(2), index, values, 0, name as keyof typeof combine, { includeSelf }).toTypedArray();
        expected.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 3));
      }
    }
  }));

  test("works along inner axes, with indices that do not cover all elements", () => {
    const base = zeros([2, 3]);
    const index = integers([2, 2, 0], [1, 3]);
    const source = tensor([[1, 2, 3], [9, 9, 9]]);
    expect(scatterAdd(base, index, source, 1).toArray()).toEqual([[3, 0, 3], [0, 0, 0]]);
    expect(scatter(base, index, source, 1).toArray()).toEqual([[3, 0, 2], [0, 0, 0]]);
    expect(scatterReduce(base, index, source, 1, "max").toArray()).toEqual([[3, 0, 2], [0, 0, 0]]);
    expect(scatter(base.cast("bool"), integers([1, 0], [2, 1]), tensor([[true], [true]]), 1).toArray()).toEqual([[false, true, false], [true, false, false]]);
    expect(scatter(base, zeros([2, 0], { dtype: "int32" }), zeros([2, 0]), 1)).toBe(base);
  });

  test("indexPut writes rows, and broadcasts what it writes", () => {
    const x = arange(6).reshape([3, 2]);
    expect(indexPut(x, [integers([2, 0])], tensor([-1, -2])).toArray()).toEqual([[-1, -2], [2, 3], [-1, -2]]);
    expect(indexPut(x, [integers([-1]), integers([0])], tensor(9)).toArray()).toEqual([[0, 1], [2, 3], [9, 5]]);
  });

  test("maskedScatter fills in order", () => {
    const mask = tensor([true, false, true]);
    expect(maskedScatter(zeros([2, 3]), mask, tensor([1, 2, 3, 4])).toArray()).toEqual([[1, 0, 2], [3, 0, 4]]);
    expect(() => maskedScatter(zeros([2, 3]), mask, tensor([1, 2]))).toThrow("maskedScatter: the source has 2 elements, fewer than the mask has true ones");
  });
});

describe("what depends on values", () => {
  test("nonZero, maskedSelect and unique find the elements", () => always(numbers, (values) => {
    const x = tensor(values);
    const positions = values.flatMap((value, at) => (value === 0 ? [] : [at]));
    expect(nonZero(x).toArray()).toEqual(positions.map((at) => [at]));
    expect(maskedSelect(x, x.cast("bool")).toArray()).toEqual(positions.map((at) => values[at]));
    const found = unique(x);
    const expected = [...new Set(values)].toSorted((a, b) => a - b);
    expect(found.values.toArray()).toEqual(expected);
    expect(found.counts.toArray()).toEqual(expected.map((value) => values.filter((each) => each === value).length));
    expect(indexAt(found.values, [found.inverse]).toArray()).toEqual(values);
  }));

  test("unique keeps the shape of its inverse and every NaN", () => {
    const { values, inverse } = unique(tensor([[NaN, 1], [NaN, 1]]));
    expect(values.toArray()).toEqual([1, NaN, NaN]);
    expect(inverse.toArray()).toEqual([[1, 0], [2, 0]]);
    expect(unique(zeros([0])).counts.toArray()).toEqual([]);
  });

  test("nonZero of scalars and matrices", () => {
    expect(nonZero(tensor(5)).shape).toEqual([1, 0]);
    expect(nonZero(tensor([[0, 1], [1, 0]])).toArray()).toEqual([[0, 1], [1, 0]]);
  });

  test("binCount counts and histogram sorts into bins", () => {
    expect(binCount(integers([1, 1, 3]), { minLength: 6 }).toArray()).toEqual([0, 2, 0, 1, 0, 0]);
    expect(binCount(integers([], [0])).shape).toEqual([0]);
    expect(histogram(tensor([0, 0.5, 1, 1, 2, -1, NaN]), { bins: 2, low: 0, high: 1 }).toArray()).toEqual([1, 3]);
    expect(histogram(tensor([1, 2, 3, 4]), { bins: 3 }).toArray()).toEqual([1, 1, 2]);
    expect(histogram(tensor([5, 5]), { bins: 2 }).toArray()).toEqual([0, 2]);
  });
});
