import { describe, expect, test } from "vitest";
import * as ops from "../../src/index.js";
import { adaptiveAvgPool2d, adaptiveMaxPool2d, arange, binCount, interpolate, linspace, normal, ones, pad, permutation, tensor, zeros, type NestedArray, type Tensor } from "../../src/index.js";

describe("what is too large is refused before memory is taken", () => {
  const image = ones([1, 1, 2, 2]);
  const cyclic: NestedArray[] = [];
  cyclic.push(cyclic);
  let deep: NestedArray = [1];
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const ragged = [new Array<number>(1e5).fill(1), ...Array.from({ length: 1e5 - 1 }, () => [1])];

  test.each<[string, () => unknown, string]>([
    ["an array that contains itself", () => tensor(cyclic), "tensor: the arrays are nested more than 64 deep, or contain themselves"],
    ["arrays nested very deep", () => tensor(deep), "tensor: the arrays are nested more than 64 deep, or contain themselves"],
    ["arrays that differ in length", () => tensor(ragged), "tensor: a float32 tensor of shape [100000, 100000] takes 40 GB, which cannot be allocated"],
    ["many axes", () => zeros(new Array<number>(65).fill(1)), "zeros: the shape has 65 axes, expected at most 64"],
    ["more than 4 GiB", () => zeros([2 ** 30 + 1]), "zeros: a float32 tensor of shape [1073741825] takes 4.29 GB, which cannot be allocated"],
    ["a permutation", () => permutation(2 ** 31), "permutation: a int32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["random numbers", () => normal([2 ** 31]), "normal: a float32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["a range", () => arange(2 ** 31), "arange: a float32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["counts", () => binCount(tensor([2 ** 31 - 1], { dtype: "int32" })), "binCount: a int32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["empty arrays", () => zeros([2 ** 32, 0]).toArray(), "toArray: [4294967296, 0] has too many nested arrays or elements for JavaScript; use toTypedArray"],
    ["a scale", () => interpolate(image, { scale: 1e308 }), "interpolate: a spatial axis would become Infinity long, expected at most 16777216"],
    ["a size", () => interpolate(image, { size: [2 ** 31, 1] }), "interpolate: a spatial axis would become 2147483648 long, expected at most 16777216"],
    ["average pooling", () => adaptiveAvgPool2d(image, 2 ** 31), "adaptiveAvgPool2d: a spatial axis would become 2147483648 long"],
    ["maximum pooling", () => adaptiveMaxPool2d(image, [1, 2 ** 31]), "adaptiveMaxPool2d: a spatial axis would become 2147483648 long"],
  ])("%s", (_, call, message) => expect(call).toThrow(message));
});

describe("an operation that lacks memory is named, also if it is composed of others", () => {
  const side = 2 ** 17;
  const vector = zeros([side]);
  const row = zeros([1, side]);
  const column = zeros([side, 1]);
  const index = zeros([side], { dtype: "int32" });
  const pixel = zeros([1, 1, 1, 1]);
  const many = (x: Tensor): Tensor[] => new Array<Tensor>(2 ** 12).fill(x);

  const { notEqual, greater, greaterEqual, isClose, logicalXor, fmax, fmin, fmod, floorDivide, copySign, logAddExp, logAddExp2, xlogy, hypot } = ops;
  const ofPairs = { notEqual, greater, greaterEqual, isClose, logicalXor, fmax, fmin, fmod, floorDivide, copySign, logAddExp, logAddExp2, xlogy, hypot };
  const calls: Readonly<Record<string, () => unknown>> = {
    outer: () => ops.outer(vector, vector),
    kron: () => ops.kron(vector, vector),
    tensorDot: () => ops.tensorDot(vector, vector, 0),
    einsum: () => ops.einsum("i,j->ij", vector, vector),
    linear: () => ops.linear(column, column),
    cross: () => ops.cross(zeros([side, 1, 3]), zeros([1, side, 3])),
    cdist: () => ops.cdist(column, column),
    pairwiseDistance: () => ops.pairwiseDistance(zeros([side, 1, 1]), zeros([1, side, 1])),
    cosineSimilarity: () => ops.cosineSimilarity(zeros([side, 1, 2]), zeros([1, side, 2]), { axis: -1 }),
    meshGrid: () => ops.meshGrid([vector, vector]),
    cartesianProduct: () => ops.cartesianProduct([vector, vector]),
    eye: () => ops.eye(side),
    diag: () => ops.diag(vector),
    diagEmbed: () => ops.diagEmbed(vector),
    diagFlat: () => ops.diagFlat(vector),
    blockDiag: () => ops.blockDiag([column, row]),
    tile: () => ops.tile(vector, side),
    repeatInterleave: () => ops.repeatInterleave(vector, side),
    slidingWindows: () => ops.slidingWindows(zeros([2 ** 20]), 0, 2 ** 14),
    conv2d: () => ops.conv2d(zeros([1, 1, 128, 128]), zeros([2 ** 18, 1, 1, 1])),
    convTranspose2d: () => ops.convTranspose2d(zeros([1, 1, 2, 2]), pixel, undefined, { stride: 2 ** 16 }),
    maxUnpool2d: () => ops.maxUnpool2d(pixel, pixel.cast("int32"), 2, { outputSize: [side, side] }),
    interpolate: () => ops.interpolate(pixel, { size: [side, side] }),
    embedding: () => ops.embedding(index, zeros([1, 2 ** 16])),
    indexSelect: () => ops.indexSelect(row, index, 0),
    indexAt: () => ops.indexAt(row, [index]),
    takeAlongAxis: () => ops.takeAlongAxis(row, index.reshape([-1, 1]), 1),
    stack: () => ops.stack(many(zeros([2 ** 20]))),
    vstack: () => ops.vstack(many(zeros([2 ** 20]))),
    histogram: () => ops.histogram(vector, { bins: 2 ** 31 }),
    bucketize: () => ops.bucketize(row, vector),
    searchSorted: () => ops.searchSorted(vector, row),
    where: () => ops.where(ops.equal(row, 0), column, 1),
    maskedFill: () => ops.maskedFill(column, ops.equal(row, 0), 1),
    clamp: () => ops.clamp(column, row),
    lerp: () => ops.lerp(column, row, 0.5),
    ...Object.fromEntries(Object.entries(ofPairs).map(([name, operation]) => [name, () => operation(column, row)])),
  };

  test.each(Object.entries(calls))("%s", (name, call) => {
    expect(call).toThrow(new RegExp(`^${name}: a (bool|int32|float32) tensor of shape \\[.*\\] takes .* GB, which cannot be allocated$`));
  });
});

test("lists of anything are named in errors", () => {
  const symbols = [Symbol("a"), [Symbol("b")]] as never;
  expect(() => tensor([1, 2], symbols)).toThrow("tensor: the options are an array of 2; to give the shape, write { shape: […] }");
  expect(() => pad(ones([2]), [symbols])).toThrow("pad: widths[0] is [");
  expect(() => adaptiveAvgPool2d(ones([1, 1, 2, 2]), symbols)).toThrow("adaptiveAvgPool2d: size is [");
  expect(() => interpolate(ones([1, 1, 2, 2]), { size: symbols })).toThrow("interpolate: size is [");
});

describe("ranges whose ends are further apart than the largest number", () => {
  const most = Number.MAX_VALUE;

  test("linspace", () => {
    expect(linspace(-1.7e308, 1.7e308, 5, { dtype: "float64" }).toArray()).toEqual([-1.7e308, -8.5e307, 0, 8.5e307, 1.7e308]);
    expect(linspace(-most, most, 2, { dtype: "float64" }).toArray()).toEqual([-most, most]);
    expect(linspace(most, -most, 3, { dtype: "float64" }).toArray()).toEqual([most, 0, -most]);
    expect(linspace(-most, most, 1, { dtype: "float64" }).toArray()).toEqual([-most]);
  });

  test("arange", () => {
    expect(arange(-1.5e308, 1.5e308, 1e308, { dtype: "float64" }).toArray()).toEqual([-1.5e308, -5e307, 5e307].map((value) => expect.closeTo(value, -295) as number));
    expect(() => arange(-1.5e308, 1.5e308, -1e308)).toThrow("cannot go from");
  });
});
