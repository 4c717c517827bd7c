import { describe, expect, it, test } from "vitest";
import {
  arange, chunk, concat, conv1d, conv2d, convTranspose1d, diagonal, einsum, expand, eye, flip, fold, matmul, meshGrid, moveAxis, narrow, ones, pad, permute, repeatInterleave,
  reshape, roll, rot90, slice, slidingWindows, split, stack, tensor, tensorSplit, tensorDot, tile, trace, tril, unflatten, unfold, zeros,
  type Tensor,
} from "../../src/index.js";
import { messageOf, messagesOf } from "../message.js";

const call = (operation: (...args: never[]) => unknown, ...args: readonly unknown[]) => () => Reflect.apply(operation, undefined, args);

describe("sizes, counts and indices that are not whole numbers are refused", () => {
  const x = arange(6).reshape([2, 3]);
  const wrong: readonly unknown[] = [0.5, 2.5, NaN, Infinity, "1", null, {}, [2.5], [NaN], ["1"], [[1]], [10n, 2.5], [NaN, [Symbol("s")]]];
  const calls: Readonly<Record<string, (value: unknown) => () => unknown>> = {
    expand: (value) => call(expand, tensor(4.2), Array.isArray(value) ? value : [2, value]),
    "expand itself": (value) => call(expand, x, value),
    reshape: (value) => call(reshape, x, value),
    unflatten: (value) => call(unflatten, x, 1, value),
    tile: (value) => call(tile, x, value),
    repeatInterleave: (value) => call(repeatInterleave, x, value),
    roll: (value) => call(roll, x, value),
    narrow: (value) => call(narrow, x, 1, 0, value),
    split: (value) => call(split, x, value, 1),
    chunk: (value) => call(chunk, x, value),
    tensorSplit: (value) => call(tensorSplit, x, value),
    slice: (value) => call(slice, x, value === null || (typeof value === "object" && !Array.isArray(value)) ? value : [value]),
    pad: (value) => call(pad, x, value),
    permute: (value) => call(permute, x, value),
    moveAxis: (value) => call(moveAxis, x, value, 0),
    flip: (value) => call(flip, x, value),
    rot90: (value) => call(rot90, x, value),
    eye: (value) => call(eye, value),
    tril: (value) => call(tril, x, value),
    diagonal: (value) => call(diagonal, x, value),
    unfold: (value) => call(unfold, x.reshape([1, 1, 2, 3]), value),
    fold: (value) => call(fold, zeros([1, 4, 2]), value, 2),
    slidingWindows: (value) => call(slidingWindows, x, 1, value),
    tensorDot: (value) => call(tensorDot, x, x, value),
    concat: (value) => call(concat, value),
    stack: (value) => call(stack, value),
    meshGrid: (value) => call(meshGrid, value),
    conv2d: (value) => call(conv2d, ones([1, 1, 4, 4]), ones([1, 1, 2, 2]), undefined, { stride: value }),
    convTranspose1d: (value) => call(convTranspose1d, ones([1, 1, 4]), ones([1, 1, 2]), undefined, { padding: value }),
  };

  it.each(Object.entries(calls))("%s", (name, attempt) => {
    const named = new RegExp(`^(ArgumentError|ShapeError|UsageError): ${name.split(" ")[0] ?? ""}: `);
    expect(wrong.map((value) => messageOf(attempt(value))).filter((message) => !named.test(message))).toEqual([]);
  });

  it("expand, with the messages", () => {
    expect(messagesOf({
      fraction: call(expand, tensor(4.2), [2, 2.5]), negative: call(expand, tensor(4.2), [2, -3]), text: call(expand, tensor(4.2), ["2"]), number: call(expand, tensor(4.2), 2),
    })).toMatchInlineSnapshot(`
      {
        "fraction": "ShapeError: expand: [2, 2.5] is not a shape; sizes are non-negative whole numbers",
        "negative": "ShapeError: expand: [2, -3] is not a shape; sizes are non-negative whole numbers",
        "number": "ShapeError: expand: the shape is 2, expected an array of sizes such as [2, 3]",
        "text": "ShapeError: expand: the shape holds the string "2"; sizes are non-negative whole numbers",
      }
    `);
  });
});

describe("slice takes only indices and ranges", () => {
  const x = arange(3);
  it("refuses other values with the fix", () => {
    expect(messagesOf({
      text: call(slice, x, ["1"]), boolean: call(slice, x, [true]), key: call(slice, x, [{ begin: 1 }]), list: call(slice, x, [[0, 1]]), tensor: call(slice, x, [x]),
      "range text": call(slice, x, [{ start: "1" }]), "no list": call(slice, x, 1), none: call(slice, x), bigint: call(slice, x, [1n]), infinity: call(slice, x, [{ stop: Infinity }]),
    })).toMatchInlineSnapshot(`
      {
        "bigint": "ArgumentError: slice: index on axis 0 is the bigint 1n, expected an index or a range { start, stop, step }",
        "boolean": "ArgumentError: slice: index on axis 0 is true, expected an index or a range { start, stop, step }",
        "infinity": "ArgumentError: slice: stop is Infinity, expected a whole number",
        "key": "ArgumentError: slice: there is no option "begin"; its options are start, stop, step",
        "list": "ArgumentError: slice: index on axis 0 is an array of 2, expected an index or a range { start, stop, step }; to take several positions, call indexSelect",
        "no list": "ArgumentError: slice: indices is 1, expected an array",
        "none": "ArgumentError: slice: indices is undefined, expected an array",
        "range text": "ArgumentError: slice: start is the string "1", expected a whole number",
        "tensor": "ArgumentError: slice: index on axis 0 is a Tensor, expected an index or a range { start, stop, step }; to take several positions, call indexSelect",
        "text": "ArgumentError: slice: index on axis 0 is the string "1", expected an index or a range { start, stop, step }",
      }
    `);
  });
});

test("meshGrid has two values of indexing", () => {
  expect(messageOf(call(meshGrid, [arange(2)], { indexing: "yx" }))).toBe('ArgumentError: meshGrid: indexing is the string "yx", expected "ij" or "xy"; did you mean "xy"?');
});

test("convolutions refuse unknown names of paddings", () => {
  const x = arange(5).reshape([1, 1, 5]);
  const weight = ones([1, 1, 2]);
  expect(conv1d(x, weight, undefined, { padding: "valid" }).toArray()).toEqual([[[1, 3, 5, 7]]]);
  expect(conv1d(x, weight, undefined, { padding: "same" }).toArray()).toEqual([[[1, 3, 5, 7, 4]]]);
  expect(messageOf(call(conv1d, x, weight, undefined, { padding: "Same" }))).toBe('ArgumentError: conv1d: padding is the string "Same", expected numbers, "same" or "valid"; did you mean "same"?');
  expect(messageOf(call(convTranspose1d, x, weight, undefined, { padding: 3 }))).toMatch(/^ShapeError: convTranspose1d: padding 3 leaves a size of 0 on spatial axis 0/);
});

test("a diagonal beyond the plane has no elements", () => {
  const x = arange(6).reshape([2, 3]);
  for (const offset of [3, 9, -2, -7]) expect(diagonal(x, offset).shape).toEqual([0]);
  expect(diagonal(zeros([4, 2, 3]), 5).shape).toEqual([4, 0]);
  expect(diagonal(x, 2).toArray()).toEqual([2]);
  expect(trace(x.slice([null, { stop: 2 }])).item()).toBe(4);
});

describe("unfold and fold", () => {
  it("take images without a batch", () => {
    const x = arange(24).reshape([2, 3, 4]);
    const options = { stride: [1, 2], padding: 1 } as const;
    const columns = unfold(x, 2, options);
    expect(columns.toArray()).toEqual((unfold(x.unsqueeze(0), 2, options).toArray() as unknown[])[0]);
    const image = fold(columns, [3, 4], 2, options);
    expect(image.toArray()).toEqual((fold(columns.unsqueeze(0), [3, 4], 2, options).toArray() as unknown[])[0]);
    expect(image.shape).toEqual([2, 3, 4]);
  });
});

describe("einsum broadcasts axes of size 1", () => {
  const sequence = (shape: readonly number[]): Tensor => arange(shape.reduce((product, size) => product * size, 1)).reshape(shape);
  it.each([
    ["ij,jk->ik", [2, 1], [3, 4]], ["ij,jk->ik", [2, 3], [1, 4]], ["ij,ij->ij", [1, 3], [2, 1]], ["ij,ij->", [1, 3], [2, 3]], ["bij,bjk->bik", [1, 2, 3], [5, 3, 1]],
    ["ij,j->i", [2, 3], [1]], ["i,i->i", [1], [4]],
  ] as const)("%s of %j and %j", (equation, a, b) => {
    // The same, with the axes of size 1 repeated beforehand.
    const sizes = new Map<string, number>();
    const [inputs = ""] = equation.split("->");
    const labels = inputs.split(",");
    [a, b].forEach((shape, at) => shape.forEach((size, axis) => {
      const label = labels[at]?.[axis] ?? "";
      sizes.set(label, Math.max(size, sizes.get(label) ?? 1));
    }));
    const repeated = [a, b].map((shape, at) => expand(sequence(shape), [...(labels[at] ?? "")].map((label) => sizes.get(label) ?? 1)));
    expect(einsum(equation, sequence(a), sequence(b)).toArray()).toEqual(einsum(equation, ...repeated).toArray());
  });

  it("refuses unequal sizes of a diagonal", () => {
    expect(() => einsum("ii", zeros([1, 3]))).toThrow('einsum: "ii": i stands for the sizes 1 and 3');
    expect(() => einsum("i,ii->i", zeros([3]), zeros([3, 1]))).toThrow('einsum: "i,ii->i": i stands for the sizes 3 and 1');
    expect(einsum("i,ii,i->i", ones([3]), ones([1, 1]), arange(3)).toArray()).toEqual([0, 1, 2]);
  });
});

describe("pad", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  it("with mode \"symmetric\" mirrors at the edges, as NumPy does", () => {
    expect(pad(x, [[1, 2]], { mode: "symmetric" }).toArray()).toEqual([[1, 1, 2, 3, 3, 2], [4, 4, 5, 6, 6, 5]]);
    expect(pad(x, [[2, 1], [3, 0]], { mode: "symmetric" }).toArray()).toEqual([
      [6, 5, 4, 4, 5, 6], [3, 2, 1, 1, 2, 3], [3, 2, 1, 1, 2, 3], [6, 5, 4, 4, 5, 6], [6, 5, 4, 4, 5, 6],
    ]);
    expect(pad(x, [[-1, 1]], { mode: "symmetric" }).toArray()).toEqual([[2, 3, 3], [5, 6, 6]]);
    expect(pad(tensor([7]), [[1, 1]], { mode: "symmetric" }).toArray()).toEqual([7, 7, 7]);
    expect(messageOf(() => pad(x, [[4, 0]], { mode: "symmetric" }))).toBe('ShapeError: pad: widths [4, 0] on axis 1 of [2, 3] exceed what mode "symmetric" can take from it: 3');
  });

  it("refuses a value that the dtype cannot hold", () => {
    expect(messagesOf({
      fraction: () => pad(tensor([1], { dtype: "int32" }), [[1, 0]], { value: 0.5 }), text: call(pad, x, [[1, 0]], { value: "1" }), mode: call(pad, x, [[1, 0]], { mode: "mirror" }),
      flat: call(pad, x, [1, 1]), null: call(pad, x, [[1, 1]], null),
    })).toMatchInlineSnapshot(`
      {
        "flat": "ArgumentError: pad: widths[0] is 1, expected a pair of whole numbers, before and after",
        "fraction": "DTypeError: pad: value is 0.5, which does not fit into int32; cast the tensor to another dtype",
        "mode": "ArgumentError: pad: mode is the string "mirror", expected "constant", "reflect", "symmetric", "replicate" or "circular"",
        "null": "ArgumentError: pad: the options are null, expected an object such as { mode: …, value: … }",
        "text": "ArgumentError: pad: value is the string "1", expected a number",
      }
    `);
    expect(pad(x, [[1, 0]], { value: NaN }).toArray()).toEqual([[NaN, 1, 2, 3], [NaN, 4, 5, 6]]);
  });
});

test("products name themselves in errors of dtypes", () => {
  const bools = zeros([2, 2], { dtype: "bool" });
  for (const [name, attempt] of Object.entries({
    matmul: () => matmul(bools, bools), einsum: () => einsum("ij,jk->ik", bools, bools), tensorDot: () => tensorDot(bools, bools, 1),
  })) expect(messageOf(attempt)).toMatch(new RegExp(`^DTypeError: ${name}: `));
});
