import { describe, expect, it, test } from "vitest";
import {
  embedding, embeddingBag, gather, indexAdd, indexAt, indexCopy, indexFill, indexPut, indexSelect, maskedScatter, maxUnpool1d, scatter, scatterAdd,
  scatterReduce, take, takeAlongAxis, tensor, zeros, type Tensor,
} from "../../src/index.js";
import { refuseWhere } from "../../src/extend.js";
import { messagesOf } from "../message.js";

const int32 = (values: number | readonly number[] | readonly (readonly number[])[]): Tensor => tensor(values as number[], { dtype: "int32" });

test("errors name the operation that was called, and the position in its index", () => {
  const x = zeros([3, 4]);
  const bad = int32([0, 7]);
  expect(messagesOf({
    gather: () => gather(x, int32([[0], [4]]), 1),
    takeAlongAxis: () => takeAlongAxis(x, int32([[5]]), 1),
    indexSelect: () => indexSelect(x, int32([1, -4]), 0),
    indexAt: () => indexAt(x, [int32([[0, 1], [2, 3]])]),
    "indexAt two": () => indexAt(x, [int32([0]), int32([4])]),
    "indexAt second axis": () => indexAt(x, [null, int32([1, 9])]),
    take: () => take(x, int32([[12]])),
    scatterAdd: () => scatterAdd(zeros([2]), bad, zeros([2]), 0),
    scatter: () => scatter(zeros([2]), bad, 1, 0),
    scatterReduce: () => scatterReduce(zeros([2]), bad, zeros([2]), 0, "max"),
    indexAdd: () => indexAdd(x, bad, zeros([2, 4]), 0),
    indexCopy: () => indexCopy(x, bad, zeros([2, 4]), 0),
    indexFill: () => indexFill(x, bad, 1, 0),
    indexPut: () => indexPut(x, [bad], zeros([2, 4])),
    "indexPut accumulate": () => indexPut(x, [bad], zeros([2, 4]), { accumulate: true }),
    embedding: () => embedding(int32([[0, 1], [2, 3]]), x),
    embeddingBag: () => embeddingBag(int32([[0, -1]]), x),
    maxUnpool: () => maxUnpool1d(zeros([1, 2]), int32([[0, 4]]), 2),
    maskedScatter: () => maskedScatter(zeros([2]), tensor([true, false]), zeros([0])),
    refuseWhere: () => refuseWhere("pack", "a length is negative", tensor([false, true]), int32([1, -1])),
  })).toMatchInlineSnapshot(`
    {
      "embedding": "ArgumentError: embedding: index 3 at [1, 1] is out of range; axis 0 has size 3; indices (of classes, of tokens) count from 0",
      "embeddingBag": "ArgumentError: embeddingBag: index -1 at [0, 1] is out of range; axis 0 has size 3; indices (of classes, of tokens) count from 0",
      "gather": "ArgumentError: gather: index 4 at [1, 0] is out of range; axis 1 has size 4; indices (of classes, of tokens) count from 0",
      "indexAdd": "ArgumentError: indexAdd: index 7 at [1] is out of range; axis 0 has size 3; expected -3 to 2",
      "indexAt": "ArgumentError: indexAt: index 3 at [1, 1] is out of range; axis 0 has size 3; expected -3 to 2",
      "indexAt second axis": "ArgumentError: indexAt: index 9 at [1] is out of range; axis 1 has size 4; expected -4 to 3",
      "indexAt two": "ArgumentError: indexAt: an index is out of range of the shape [3, 4]",
      "indexCopy": "ArgumentError: indexCopy: index 7 is out of range; axis 0 has size 3; expected -3 to 2",
      "indexFill": "ArgumentError: indexFill: index 7 at [1] is out of range; axis 0 has size 3; expected -3 to 2",
      "indexPut": "ArgumentError: indexPut: index 7 is out of range; axis 0 has size 3; expected -3 to 2",
      "indexPut accumulate": "ArgumentError: indexPut: index 7 at [1] is out of range; axis 0 has size 3; expected -3 to 2",
      "indexSelect": "ArgumentError: indexSelect: index -4 at [1] is out of range; axis 0 has size 3; expected -3 to 2",
      "maskedScatter": "ArgumentError: maskedScatter: the source has 0 elements, fewer than the mask has true ones",
      "maxUnpool": "ArgumentError: maxUnpool1d: index 4 at [0, 1] is out of range; axis 2 has size 4; indices (of classes, of tokens) count from 0",
      "refuseWhere": "ArgumentError: pack: a length is negative",
      "scatter": "ArgumentError: scatter: index 7 is out of range; axis 0 has size 2; indices (of classes, of tokens) count from 0",
      "scatterAdd": "ArgumentError: scatterAdd: index 7 at [1] is out of range; axis 0 has size 2; indices (of classes, of tokens) count from 0",
      "scatterReduce": "ArgumentError: scatterReduce: index 7 at [1] is out of range; axis 0 has size 2; indices (of classes, of tokens) count from 0",
      "take": "ArgumentError: take: index 12 at [0, 0] is out of range; axis 0 has size 12; expected -12 to 11",
      "takeAlongAxis": "ArgumentError: takeAlongAxis: index 5 at [0, 0] is out of range; axis 1 has size 4; expected -4 to 3",
    }
  `);
});

test("negative indices count from the end in index… and take…, and are refused in gather and scatter…", () => {
  const x = tensor([[1, 2], [3, 4], [5, 6]]);
  const last = int32([-1]);
  const rows = tensor([[10, 20]]);
  expect(indexSelect(x, int32([-1, 0, -3]), 0).toArray()).toEqual([[5, 6], [1, 2], [1, 2]]);
  expect(indexAt(x, [int32([-2])]).toArray()).toEqual([[3, 4]]);
  expect(take(x, int32([-6, -1, 0])).toArray()).toEqual([1, 6, 1]);
  expect(takeAlongAxis(x, int32([[-1], [0], [-2]]), 1).toArray()).toEqual([[2], [3], [5]]);
  expect(indexAdd(x, last, rows, 0).toArray()).toEqual([[1, 2], [3, 4], [15, 26]]);
  expect(indexCopy(x, last, rows, 0).toArray()).toEqual([[1, 2], [3, 4], [10, 20]]);
  expect(indexFill(x, last, 0, 0).toArray()).toEqual([[1, 2], [3, 4], [0, 0]]);
  expect(indexPut(x, [last, int32([-2])], tensor([9])).toArray()).toEqual([[1, 2], [3, 4], [9, 6]]);
  for (const refused of [
    () => gather(x, int32([[-1], [0], [0]]), 1), () => scatter(x, int32([[-1]]), 0, 1), () => scatterAdd(x, int32([[-1]]), zeros([1, 1]), 1),
    () => scatterReduce(x, int32([[-1]]), zeros([1, 1]), 1, "min"), () => embedding(last, x),
  ]) expect(refused).toThrow(/index -1 .*is out of range/);
});

describe("nothing to do", () => {
  const none = zeros([0], { dtype: "int32" });

  it("gives the base if there are no updates", () => {
    const x = tensor([1, 2]);
    const results = [
      maskedScatter(x, tensor([false, false]), zeros([0])), maskedScatter(zeros([2]).add(x), zeros([], { dtype: "bool" }), zeros([0])),
      scatter(x, none, zeros([0]), 0), scatter(x, none, 5, 0), scatterAdd(x, none, zeros([0]), 0),
      ...(["sum", "mean", "prod", "max", "min"] as const).map((reduction) => scatterReduce(x, none, zeros([0]), 0, reduction)),
      indexAdd(x, none, zeros([0]), 0), indexCopy(x, none, zeros([0]), 0), indexFill(x, none, 5, 0),
      indexPut(x, [none], zeros([0])), indexPut(x, [none], zeros([0]), { accumulate: true }),
    ];
    for (const result of results) expect(result.toArray()).toEqual([1, 2]);
  });

  it("gives an empty result if no index is given, also for an empty tensor", () => {
    const results = [
      indexSelect(zeros([0]), none, 0), gather(zeros([0]), none, 0), take(zeros([0]), none), takeAlongAxis(zeros([0]), none, 0), indexAt(zeros([0]), [none]),
    ];
    for (const result of results) expect(result.shape).toEqual([0]);
    expect(embedding(none, zeros([0, 3])).shape).toEqual([0, 3]);
    expect(() => indexSelect(zeros([0]), int32([0]), 0)).toThrow("indexSelect: index 0 at [0] is out of range; axis 0 has size 0");
  });

  it("returns an empty base", () => {
    expect(maskedScatter(zeros([0]), zeros([0], { dtype: "bool" }), zeros([0])).shape).toEqual([0]);
    expect(scatterReduce(zeros([0]), none, zeros([0]), 0, "max").shape).toEqual([0]);
  });
});

test("refuses a number that the dtype cannot hold, and does not round it", () => {
  const whole = int32([1, 2]);
  const first = int32([0]);
  expect(messagesOf({
    scatter: () => scatter(whole, first, 0.5, 0),
    indexFill: () => indexFill(whole, first, 1.5, 0),
    "indexFill tensor": () => indexFill(whole, first, tensor(1.5), 0),
    "indexFill text": () => Reflect.apply(indexFill, undefined, [whole, first, "1", 0]),
    indexAdd: () => indexAdd(whole, first, first, 0, { alpha: 0.5 }),
    "indexAdd dtype": () => indexAdd(whole, first, tensor([1]), 0),
  })).toMatchInlineSnapshot(`
    {
      "indexAdd": "DTypeError: indexAdd: alpha is 0.5, which does not fit into int32; cast the tensor to another dtype",
      "indexAdd dtype": "DTypeError: indexAdd: source has dtype float32 but base int32; cast one",
      "indexFill": "DTypeError: indexFill: value is 1.5, which does not fit into int32; cast the tensor to another dtype",
      "indexFill tensor": "DTypeError: indexFill: value has dtype float32, which does not fit into int32; cast one",
      "indexFill text": "ArgumentError: indexFill: value is the string "1", expected a number",
      "scatter": "DTypeError: scatter: the value is 0.5, which does not fit into int32; cast the tensor to another dtype",
    }
  `);
  expect(indexFill(tensor([1, 2]), first, tensor(7, { dtype: "int32" }), 0).toArray()).toEqual([7, 2]);
  expect(indexFill(tensor([true, true]), first, false, 0).toArray()).toEqual([false, true]);
});

test("scatterReduce knows five reductions", () => {
  const x = zeros([2]);
  const call = (...args: readonly unknown[]) => () => Reflect.apply(scatterReduce, undefined, [x, int32([0]), zeros([1]), 0, ...args]);
  expect(messagesOf({
    amax: call("amax"), average: call("average"), none: call(), option: call("max", { include_self: false }), self: call("max", { includeSelf: 0 }),
  })).toMatchInlineSnapshot(`
    {
      "amax": "ArgumentError: scatterReduce: reduction is the string "amax", expected "sum", "mean", "prod", "max" or "min"; did you mean "max"?",
      "average": "ArgumentError: scatterReduce: reduction is the string "average", expected "sum", "mean", "prod", "max" or "min"",
      "none": "ArgumentError: scatterReduce: reduction is undefined, expected "sum", "mean", "prod", "max" or "min"",
      "option": "ArgumentError: scatterReduce: there is no option "include_self"; did you mean "includeSelf"?",
      "self": "ArgumentError: scatterReduce: includeSelf is 0, expected true or false",
    }
  `);
});

test("offsets of bags begin with 0 and increase", () => {
  const weight = tensor([[1], [2], [4]]);
  const index = int32([0, 1, 2]);
  for (const mode of ["sum", "mean", "max"] as const) {
    for (const offsets of [[1, 2], [0, 2, 1], [0, 4], [-1]]) {
      expect(() => embeddingBag(index, weight, { offsets: int32(offsets), mode })).toThrow("embeddingBag: offsets must begin with 0, rise, and end at most at 3, the length of the index");
    }
    expect(embeddingBag(index, weight, { offsets: int32([0, 0, 3]), mode }).shape).toEqual([3, 1]);
  }
});
