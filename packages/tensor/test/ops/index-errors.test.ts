import { expect, test } from "vitest";
import {
  binCount, bucketize, gather, histogram, indexAdd, indexAt, indexCopy, indexFill, indexPut, indexSelect, kthValue, maskedScatter,
  maskedSelect, scatter, scatterAdd, scatterReduce, searchSorted, sort, take, takeAlongAxis, tensor, topK, zeros, type Tensor,
} from "../../src/index.js";
import { messagesOf } from "../message.js";

const x = zeros([2, 3]);
const index = (shape: readonly number[]): Tensor => zeros(shape, { dtype: "int32" });
const out = tensor([7], { dtype: "int32" });

test("reading at computed positions", () => {
  expect(messagesOf({
    "gather dtype": () => gather(x, x, 1),
    "gather bool": () => gather(x, zeros([2, 3], { dtype: "bool" }), 1),
    "gather rank": () => gather(x, index([2]), 1),
    "gather size": () => gather(x, index([3, 1]), 1),
    "gather axis": () => gather(x, index([2, 1]), 2),
    "gather range": () => gather(x, tensor([[3], [0]], { dtype: "int32" }), 1),
    "takeAlongAxis rank": () => takeAlongAxis(x, index([2]), 1),
    "takeAlongAxis size": () => takeAlongAxis(x, index([3, 1]), 1),
    "indexSelect rank": () => indexSelect(x, index([1, 1]), 0),
    "indexSelect range": () => indexSelect(x, out, 0),
    "take dtype": () => take(x, x),
    "indexAt number": () => indexAt(x, [index([]), index([]), index([])]),
    "indexAt shapes": () => indexAt(x, [index([2]), index([3])]),
    "indexAt dtype": () => indexAt(x, [x]),
    "indexAt range": () => indexAt(x, [out]),
    // @ts-expect-error not a tensor
    "indexAt array": () => indexAt(x, [[0, 1]]),
  })).toMatchInlineSnapshot(`
    {
      "gather axis": "ArgumentError: gather: axis 2 is out of range; expected -2 to 1 for rank 2",
      "gather bool": "DTypeError: gather: index has dtype bool, expected int32; for a mask use maskedSelect or where",
      "gather dtype": "DTypeError: gather: index has dtype float32, expected int32; convert it with .cast("int32")",
      "gather range": "ArgumentError: gather: index 3 at [0, 0] is out of range; axis 1 has size 3; indices (of classes, of tokens) count from 0",
      "gather rank": "ShapeError: gather: index [2] does not fit [2, 3] along axis 1; it needs the same rank, and on the other axes at most the same sizes",
      "gather size": "ShapeError: gather: index [3, 1] does not fit [2, 3] along axis 1; it needs the same rank, and on the other axes at most the same sizes",
      "indexAt array": "UsageError: indexAt: index is an array of 2, expected a Tensor; make it one with tensor(...)",
      "indexAt dtype": "DTypeError: indexAt: index has dtype float32, expected int32; convert it with .cast("int32")",
      "indexAt number": "ShapeError: indexAt: 3 indices for [2, 3], which has rank 2",
      "indexAt range": "ArgumentError: indexAt: index 7 at [0] is out of range; axis 0 has size 2; expected -2 to 1",
      "indexAt shapes": "ShapeError: indexAt: cannot broadcast [2] with [3] (sizes 2 and 3 on axis -1); sizes must be equal or 1",
      "indexSelect range": "ArgumentError: indexSelect: index 7 at [0] is out of range; axis 0 has size 2; expected -2 to 1",
      "indexSelect rank": "ShapeError: indexSelect: index is [1, 1], expected a vector",
      "take dtype": "DTypeError: take: index has dtype float32, expected int32; convert it with .cast("int32")",
      "takeAlongAxis rank": "ShapeError: takeAlongAxis: index [2] and input [2, 3] differ in rank",
      "takeAlongAxis size": "ShapeError: takeAlongAxis: cannot broadcast [2, 1] with [3, 1] (sizes 2 and 3 on axis -2); sizes must be equal or 1",
    }
  `);
});

test("writing at computed positions", () => {
  expect(messagesOf({
    "scatterAdd dtype": () => scatterAdd(x, index([2, 1]), zeros([2, 1], { dtype: "float64" }), 1),
    "scatterAdd bool": () => scatterAdd(x.cast("bool"), index([2, 1]), zeros([2, 1], { dtype: "bool" }), 1),
    "scatterAdd size": () => scatterAdd(x, index([2, 2]), zeros([2, 1]), 1),
    "scatterAdd rank": () => scatterAdd(x, index([2]), zeros([2]), 1),
    "scatter index": () => scatter(x, x, x, 1),
    "scatter updates": () => scatter(x, index([2, 2]), zeros([2, 1]), 1),
    "scatter value": () => scatter(index([2]), index([1]), 0.5, 0),
    "scatter range": () => scatter(zeros([2]), out, 1, 0),
    "scatterReduce mean": () => scatterReduce(index([2]), index([1]), index([1]), 0, "mean"),
    "indexAdd source": () => indexAdd(x, index([2]), zeros([2, 2]), 0),
    "indexAdd index": () => indexAdd(x, index([1, 1]), x, 0),
    "indexCopy source": () => indexCopy(x, index([1]), x, 0),
    "indexFill value": () => indexFill(x, index([1]), x, 0),
    "indexPut none": () => indexPut(x, [], x),
    "indexPut values": () => indexPut(x, [index([2])], zeros([2, 2])),
    "maskedScatter mask": () => maskedScatter(x, x, x),
    "maskedScatter dtype": () => maskedScatter(x, x.cast("bool"), index([6])),
  })).toMatchInlineSnapshot(`
    {
      "indexAdd index": "ShapeError: indexAdd: index is [1, 1], expected a vector",
      "indexAdd source": "ShapeError: indexAdd: source is [2, 2], expected [2, 3] for 2 indices along axis 0 of [2, 3]",
      "indexCopy source": "ShapeError: indexCopy: source is [2, 3], expected [1, 3] for 1 index along axis 0 of [2, 3]",
      "indexFill value": "ShapeError: indexFill: value is [2, 3], expected a number or a scalar tensor",
      "indexPut none": "ShapeError: indexPut: needs at least one index",
      "indexPut values": "ShapeError: indexPut: cannot broadcast [2, 2] with [2, 3] (sizes 2 and 3 on axis -1); sizes must be equal or 1",
      "maskedScatter dtype": "DTypeError: maskedScatter: source has dtype int32 but base float32; cast one",
      "maskedScatter mask": "DTypeError: maskedScatter: mask has dtype float32, expected bool",
      "scatter index": "DTypeError: scatter: index has dtype float32, expected int32; convert it with .cast("int32")",
      "scatter range": "ArgumentError: scatter: index 7 is out of range; axis 0 has size 2; indices (of classes, of tokens) count from 0",
      "scatter updates": "ShapeError: scatter: updates [2, 1] do not cover index [2, 2]",
      "scatter value": "DTypeError: scatter: the value is 0.5, which does not fit into int32; cast the tensor to another dtype",
      "scatterAdd bool": "DTypeError: scatterAdd: base has dtype bool, expected float32 or float64 or int32; convert it with .cast("float32")",
      "scatterAdd dtype": "DTypeError: scatterAdd: updates has dtype float64 but base float32; cast one",
      "scatterAdd rank": "ShapeError: scatterAdd: index [2] does not fit [2, 3] along axis 1; it needs the same rank, and on the other axes at most the same sizes",
      "scatterAdd size": "ShapeError: scatterAdd: updates [2, 1] do not cover index [2, 2]",
      "scatterReduce mean": "DTypeError: scatterReduce: base has dtype int32, expected float32 or float64; convert it with .cast("float32")",
    }
  `);
});

test("sorting and counting", () => {
  expect(messagesOf({
    "sort axis": () => sort(x, { axis: 2 }),
    "topK k": () => topK(x, 4),
    "topK fraction": () => topK(x, 0.5),
    "kthValue k": () => kthValue(x, 0),
    "searchSorted shapes": () => searchSorted(x, zeros([3, 3])),
    "searchSorted scalar": () => searchSorted(tensor(1), x),
    "bucketize rank": () => bucketize(x, x),
    "maskedSelect mask": () => maskedSelect(x, x),
    "maskedSelect shape": () => maskedSelect(x, zeros([2], { dtype: "bool" })),
    "binCount dtype": () => binCount(x),
    "binCount negative": () => binCount(tensor([-1], { dtype: "int32" })),
    "binCount weights": () => binCount(index([2]), { weights: zeros([3]) }),
    "histogram bins": () => histogram(x, { bins: 0 }),
    "histogram range": () => histogram(x, { low: 1, high: 0 }),
  })).toMatchInlineSnapshot(`
    {
      "binCount dtype": "DTypeError: binCount: input has dtype float32, expected int32",
      "binCount negative": "ArgumentError: binCount: found -1, expected non-negative whole numbers",
      "binCount weights": "ShapeError: binCount: weights are [3], expected [2], the shape of the input",
      "bucketize rank": "ShapeError: bucketize: boundaries are [2, 3], expected a vector",
      "histogram bins": "ArgumentError: histogram: bins is 0, expected a positive whole number",
      "histogram range": "ArgumentError: histogram: low 1 and high 0, expected finite numbers, low below high",
      "kthValue k": "ArgumentError: kthValue: k is 0, expected 1 to 3, the size of axis 1 of [2, 3]",
      "maskedSelect mask": "DTypeError: maskedSelect: mask has dtype float32, expected bool",
      "maskedSelect shape": "ShapeError: maskedSelect: cannot broadcast [2, 3] with [2] (sizes 3 and 2 on axis -1); sizes must be equal or 1",
      "searchSorted scalar": "ShapeError: searchSorted: sorted is [] and values [2, 3]; sorted must be a vector or agree with values in all axes but the last",
      "searchSorted shapes": "ShapeError: searchSorted: sorted is [2, 3] and values [3, 3]; sorted must be a vector or agree with values in all axes but the last",
      "sort axis": "ArgumentError: sort: axis 2 is out of range; expected -2 to 1 for rank 2",
      "topK fraction": "ArgumentError: topK: k is 0.5, expected a whole number",
      "topK k": "ArgumentError: topK: k is 4, expected 0 to 3, the size of axis 1 of [2, 3]",
    }
  `);
});
