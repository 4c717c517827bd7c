import { expect, test } from "vitest";
import * as nn from "../../src/index.js";
import { messagesOf } from "../message.js";

const { zeros } = nn;
const integers = zeros([3, 3], { dtype: "int32" });

test("matmul and related products", () => {
  expect(messagesOf({
    "inner sizes": () => nn.matmul(zeros([64, 784]), zeros([128, 10])),
    "second transposed": () => nn.matmul(zeros([64, 784]), zeros([128, 784])),
    "rows": () => nn.matmul(zeros([2, 3, 4]), zeros([5, 4])),
    "vectors": () => nn.matmul(zeros([2]), zeros([3])),
    "matrix and vector": () => nn.matmul(zeros([2, 3]), zeros([2])),
    "leading axes": () => nn.matmul(zeros([2, 3, 4]), zeros([5, 4, 3])),
    "scalar": () => nn.matmul(nn.tensor(1), zeros([2])),
    "dtypes": () => nn.matmul(zeros([3, 3]), integers),
    "bools": () => nn.matmul(nn.cast(integers, "bool"), nn.cast(integers, "bool")),
    "linear features": () => nn.linear(zeros([2, 3]), zeros([5, 4])),
    "linear weight": () => nn.linear(zeros([2, 3]), zeros([3])),
    "linear bias": () => nn.linear(zeros([2, 3]), zeros([5, 3]), zeros([3])),
    "linear dtype": () => nn.linear(zeros([2, 3]), integers),
    "linear dtype of the bias": () => nn.linear(zeros([2, 3]), zeros([3, 3]), zeros([3], { dtype: "float64" })),
    "linear array": () => Reflect.apply(nn.linear, undefined, [zeros([2, 3]), [[1, 2, 3]]]),
    "dot rank": () => nn.dot(zeros([2, 3]), zeros([3])),
    "dot size": () => nn.dot(zeros([2]), zeros([3])),
    "outer rank": () => nn.outer(zeros([2, 3]), zeros([3])),
    "tensorDot count": () => nn.tensorDot(zeros([2, 3]), zeros([3]), 2),
    "tensorDot size": () => nn.tensorDot(zeros([2, 3]), zeros([2, 3]), 1),
    "tensorDot lists": () => nn.tensorDot(zeros([2, 3]), zeros([2, 3]), [[0], [0, 1]]),
    "tensorDot axis": () => nn.tensorDot(zeros([2, 3]), zeros([2, 3]), [[2], [0]]),
    "trace": () => nn.trace(zeros([2, 3, 3])),
    "cross size": () => nn.cross(zeros([2, 3]), zeros([2, 3]), 0),
    "matrixPower shape": () => nn.matrixPower(zeros([2, 3]), 2),
    "matrixPower exponent": () => nn.matrixPower(zeros([2, 2]), -1),
    "cdist": () => nn.cdist(zeros([2, 3]), zeros([2, 4])),
    "cosineSimilarity axis": () => nn.cosineSimilarity(zeros([3]), zeros([3])),
    "normalize axis": () => nn.normalize(zeros([3])),
    "pairwiseDistance": () => nn.pairwiseDistance(zeros([2, 3]), zeros([2, 4])),
  })).toMatchInlineSnapshot(`
    {
      "bools": "DTypeError: matmul: input has dtype bool, expected float32 or float64 or int32; convert it with .cast("float32")",
      "cdist": "ShapeError: cdist: expected rows of one size, [..., m, d] and [..., n, d], got [2, 3] and [2, 4]",
      "cosineSimilarity axis": "ArgumentError: cosineSimilarity: axis 1 is out of range; expected -1 to 0 for rank 1",
      "cross size": "ShapeError: cross: expected size 3 on axis 0, got [2, 3] and [2, 3]",
      "dot rank": "ShapeError: dot: expected two vectors, got [2, 3] and [3]",
      "dot size": "ShapeError: dot: sizes differ: [2] and [3]",
      "dtypes": "DTypeError: matmul: inputs have dtypes float32 and int32; cast one",
      "inner sizes": "ShapeError: matmul: inner dimensions differ: [64, 784] x [128, 10] (784 and 128)",
      "leading axes": "ShapeError: matmul: [2, 3, 4] x [5, 4, 3]: cannot broadcast [2] with [5] (sizes 2 and 5 on axis -1); sizes must be equal or 1",
      "linear array": "UsageError: linear: weight is an array of 1, expected a Tensor; make it one with tensor(...)",
      "linear bias": "ShapeError: linear: bias is [3], expected [5] for weight [5, 3]",
      "linear dtype": "DTypeError: linear: input has dtype float32 but weight int32; cast one",
      "linear dtype of the bias": "DTypeError: linear: bias has dtype float64 but weight float32; cast one",
      "linear features": "ShapeError: linear: input [2, 3] and weight [5, 4] do not fit, expected an input of shape [..., 4]",
      "linear weight": "ShapeError: linear: input [2, 3] and weight [3] do not fit, expected a weight of shape [out, in]",
      "matrix and vector": "ShapeError: matmul: inner dimensions differ: [2, 3] x [2] (3 and 2)",
      "matrixPower exponent": "ArgumentError: matrixPower: n is -1, expected a whole number, at least 0",
      "matrixPower shape": "ShapeError: matrixPower: expected square matrices, got [2, 3]",
      "normalize axis": "ArgumentError: normalize: axis 1 is out of range; expected -1 to 0 for rank 1",
      "outer rank": "ShapeError: outer: expected two vectors, got [2, 3] and [3]",
      "pairwiseDistance": "ShapeError: pairwiseDistance: cannot broadcast [2, 3] with [2, 4] (sizes 3 and 4 on axis -1); sizes must be equal or 1",
      "rows": "ShapeError: matmul: inner dimensions differ: [2, 3, 4] x [5, 4] (4 and 5); did you mean to transpose the second?",
      "scalar": "ShapeError: matmul: expected at least one axis each, got [] x [2]; use mul for scalars",
      "second transposed": "ShapeError: matmul: inner dimensions differ: [64, 784] x [128, 784] (784 and 128); did you mean to transpose the second?",
      "tensorDot axis": "ArgumentError: tensorDot: axis 2 is out of range; expected -2 to 1 for rank 2",
      "tensorDot count": "ArgumentError: tensorDot: cannot pair 2 axes of [2, 3] and [3]",
      "tensorDot lists": "ShapeError: tensorDot: axes [0] of [2, 3] and [0, 1] of [2, 3] differ in number or size",
      "tensorDot size": "ShapeError: tensorDot: axes [1] of [2, 3] and [0] of [2, 3] differ in number or size",
      "trace": "ShapeError: trace: expected a matrix, got [2, 3, 3]",
      "vectors": "ShapeError: matmul: inner dimensions differ: [2] x [3] (2 and 3)",
    }
  `);
});

test("einsum", () => {
  const [matrix, batch] = [zeros([2, 3]), zeros([5, 2, 3])];
  expect(messagesOf({
    "operands": () => nn.einsum("ij,jk->ik", matrix),
    "rank": () => nn.einsum("ijk->i", matrix),
    "rank with an ellipsis": () => nn.einsum("...ijk->i", matrix),
    "axes without labels": () => nn.einsum("i->i", matrix),
    "size": () => nn.einsum("ij,jk->ik", matrix, matrix),
    "size in one operand": () => nn.einsum("ii", matrix),
    "ellipsis size": () => nn.einsum("...ij,...ij->...", batch, zeros([4, 2, 3])),
    "label": () => nn.einsum("i1->i", matrix),
    "two ellipses": () => nn.einsum("...i...->i", matrix),
    "two arrows": () => nn.einsum("ij->i->j", matrix),
    "unknown in the result": () => nn.einsum("ij->ik", matrix),
    "twice in the result": () => nn.einsum("ij->ii", matrix),
    "comma in the result": () => nn.einsum("ij->i,j", matrix),
    "dtypes": () => nn.einsum("ij,jk->ik", matrix, integers),
    "no equation": () => Reflect.apply(nn.einsum, undefined, [matrix]),
    "not a tensor": () => Reflect.apply(nn.einsum, undefined, ["ij->i", [[1]]]),
  })).toMatchInlineSnapshot(`
    {
      "axes without labels": "ShapeError: einsum: "i->i": operand 0 has 1 labels but shape [2, 3]",
      "comma in the result": "ArgumentError: einsum: "ij->i,j": the result has a comma",
      "dtypes": "DTypeError: einsum: operands have dtypes float32, int32; cast them to one",
      "ellipsis size": "ShapeError: einsum: "...ij,...ij->...": axis 1 from the right of ... stands for the sizes 5 and 4, shapes [5, 2, 3], [4, 2, 3]",
      "label": "ArgumentError: einsum: "i1->i": "1" is not a label; labels are single letters",
      "no equation": "ArgumentError: einsum: the equation is a Tensor, expected a string before the operands",
      "not a tensor": "UsageError: einsum: operand 0 is an array of 1, expected a Tensor; make it one with tensor(...)",
      "operands": "ArgumentError: einsum: "ij,jk->ik": names 2 operands but 1 were given",
      "rank": "ShapeError: einsum: "ijk->i": operand 0 has 3 labels but shape [2, 3]",
      "rank with an ellipsis": "ShapeError: einsum: "...ijk->i": operand 0 has 3 labels and ... but shape [2, 3]",
      "size": "ShapeError: einsum: "ij,jk->ik": j stands for the sizes 3 and 2, shapes [2, 3], [2, 3]",
      "size in one operand": "ShapeError: einsum: "ii": i stands for the sizes 2 and 3, shapes [2, 3]",
      "twice in the result": "ArgumentError: einsum: "ij->ii": the result has the label i twice",
      "two arrows": "ArgumentError: einsum: "ij->i->j": more than one ->",
      "two ellipses": "ArgumentError: einsum: "...i...->i": more than one ... in one operand",
      "unknown in the result": "ArgumentError: einsum: "ij->ik": the result has the label k, which no operand has",
    }
  `);
});

test("convolution", () => {
  const [image, weight] = [zeros([8, 3, 32, 32]), zeros([16, 4, 3, 3])];
  expect(messagesOf({
    "channels": () => nn.conv2d(image, weight),
    "input rank": () => nn.conv2d(zeros([32, 32]), weight),
    "weight rank": () => nn.conv2d(image, zeros([16, 3, 3])),
    "window": () => nn.conv2d(zeros([1, 4, 2, 2]), weight),
    "bias": () => nn.conv2d(zeros([1, 4, 8, 8]), weight, zeros([4])),
    "groups": () => nn.conv2d(zeros([1, 8, 8, 8]), zeros([15, 4, 3, 3]), undefined, { groups: 2 }),
    "groups 0": () => nn.conv2d(image, weight, undefined, { groups: 0 }),
    "stride": () => nn.conv2d(image, weight, undefined, { stride: 0 }),
    "stride per axis": () => nn.conv2d(image, weight, undefined, { stride: [1, 2, 3] }),
    "padding": () => nn.conv1d(zeros([1, 4, 8]), zeros([16, 4, 3]), undefined, { padding: -1 }),
    "padding pair": () => nn.conv1d(zeros([1, 4, 8]), zeros([16, 4, 3]), undefined, { padding: [[0.5, 1]] }),
    "padding per axis": () => nn.conv2d(image, weight, undefined, { padding: [1] }),
    "padding name": () => Reflect.apply(nn.conv2d, undefined, [image, weight, undefined, { padding: "full" }]),
    "padding same with stride": () => nn.conv2d(image, weight, undefined, { padding: "same", stride: 2 }),
    "dtype": () => nn.conv2d(zeros([1, 4, 8, 8], { dtype: "float64" }), weight),
    "integers": () => nn.conv1d(zeros([1, 1, 3], { dtype: "int32" }), zeros([1, 1, 1], { dtype: "int32" })),
    "transposed channels": () => nn.convTranspose2d(image, weight),
    "transposed outputPadding": () => nn.convTranspose1d(zeros([1, 4, 8]), zeros([4, 2, 3]), undefined, { stride: 2, outputPadding: 2 }),
    "transposed weight": () => nn.convTranspose3d(zeros([1, 4, 8, 8, 8]), weight),
    "not a tensor": () => Reflect.apply(nn.conv2d, undefined, [image, undefined]),
  })).toMatchInlineSnapshot(`
    {
      "bias": "ShapeError: conv2d: bias is [4], expected [16]",
      "channels": "ShapeError: conv2d: input [8, 3, 32, 32] has 3 channels but weight [16, 4, 3, 3] expects 4 (groups = 1)",
      "dtype": "DTypeError: conv2d: input has dtype float64 but weight float32; cast one",
      "groups": "ShapeError: conv2d: 15 output channels of weight [15, 4, 3, 3] do not split into 2 groups",
      "groups 0": "ArgumentError: conv2d: groups is 0, expected a positive whole number",
      "input rank": "ShapeError: conv2d: input is [32, 32], expected [N, C, H, W] or [C, H, W]",
      "integers": "DTypeError: conv1d: input has dtype int32, expected float32 or float64; convert it with .cast("float32")",
      "not a tensor": "UsageError: conv2d: weight is undefined, expected a Tensor",
      "padding": "ArgumentError: conv1d: padding -1, expected whole numbers, at least 0",
      "padding name": "ArgumentError: conv2d: padding is the string "full", expected numbers, "same" or "valid"",
      "padding pair": "ArgumentError: conv1d: padding [0.5, 1], expected whole numbers, at least 0",
      "padding per axis": "ArgumentError: conv2d: padding has 1 entries, expected a number or 2 entries, one for each spatial axis",
      "padding same with stride": "ArgumentError: conv2d: padding "same" needs stride 1, got [2, 2]",
      "stride": "ArgumentError: conv2d: stride is 0, expected whole numbers, at least 1",
      "stride per axis": "ArgumentError: conv2d: stride is [1, 2, 3], expected a number or 2 of them, one for each spatial axis",
      "transposed channels": "ShapeError: convTranspose2d: input [8, 3, 32, 32] has 3 channels but weight [16, 4, 3, 3] expects 16 (groups = 1)",
      "transposed outputPadding": "ArgumentError: convTranspose1d: outputPadding 2 must be less than the larger of stride and dilation, 2",
      "transposed weight": "ShapeError: convTranspose3d: weight is [16, 4, 3, 3], expected [in, out / groups, kernelD, kernelH, kernelW]",
      "weight rank": "ShapeError: conv2d: weight is [16, 3, 3], expected [out, in / groups, kernelH, kernelW]",
      "window": "ShapeError: conv2d: a window of 3 (dilation 1) does not fit on spatial axis 0 of size 2 with padding 0 and 0",
    }
  `);
});

test("pooling", () => {
  expect(messagesOf({
    "rank": () => nn.maxPool2d(zeros([4, 4]), 2),
    "window": () => nn.maxPool2d(zeros([1, 4, 4]), 5),
    "window 0": () => nn.maxPool1d(zeros([1, 4]), 0),
    "window per axis": () => nn.avgPool3d(zeros([1, 4, 4, 4]), [2, 2]),
    "padding": () => nn.maxPool2d(zeros([1, 4, 4]), 3, { padding: 3 }),
    "padding of averages": () => nn.avgPool2d(zeros([1, 4, 4]), 3, { padding: [[0, 0], [0, 3]], stride: 1, countIncludePad: false }),
    "padding name": () => Reflect.apply(nn.maxPool1d, undefined, [zeros([1, 4]), 3, { padding: "1" }]),
    "window text": () => Reflect.apply(nn.maxPool1d, undefined, [zeros([1, 4]), "3"]),
    "option": () => Reflect.apply(nn.avgPool1d, undefined, [zeros([1, 4]), 3, { ceil_mode: true }]),
    "no options": () => Reflect.apply(nn.lpPool1d, undefined, [zeros([1, 4]), 2, 3, null]),
    "p": () => nn.lpPool1d(zeros([1, 4]), 0, 2),
    "integers": () => nn.avgPool1d(zeros([1, 4], { dtype: "int32" }), 2),
    "divisor": () => nn.avgPool1d(zeros([1, 4]), 2, { divisor: 0 }),
  })).toMatchInlineSnapshot(`
    {
      "divisor": "ArgumentError: avgPool1d: divisor is 0, expected a number other than 0",
      "integers": "DTypeError: avgPool1d: input has dtype int32, expected float32 or float64; convert it with .cast("float32")",
      "no options": "ArgumentError: lpPool1d: the options are null, expected an object such as { stride: …, padding: …, dilation: … }",
      "option": "ArgumentError: avgPool1d: there is no option "ceil_mode"; did you mean "ceilMode"?",
      "p": "ArgumentError: lpPool1d: p is 0, expected a positive number",
      "padding": "ArgumentError: maxPool2d: window 0 along spatial axis 0 lies entirely in the padding 3 and 3 (size 4, window 3); use less padding",
      "padding name": "ArgumentError: maxPool1d: padding is the string "1", expected numbers, "same" or "valid"",
      "padding of averages": "ArgumentError: avgPool2d: window 4 along spatial axis 1 lies entirely in the padding 0 and 3 (size 4, window 3); use less padding",
      "rank": "ShapeError: maxPool2d: input is [4, 4], expected [N, C, H, W] or [C, H, W]",
      "window": "ShapeError: maxPool2d: a window of 5 (dilation 1) does not fit on spatial axis 0 of size 4 with padding 0 and 0",
      "window 0": "ArgumentError: maxPool1d: window is 0, expected whole numbers, at least 1",
      "window per axis": "ArgumentError: avgPool3d: window is [2, 2], expected a number or 3 of them, one for each spatial axis",
      "window text": "ArgumentError: maxPool1d: window is the string "3", expected whole numbers, at least 1",
    }
  `);
});
