import { expect, test } from "vitest";
import {
  blockDiag, cartesianProduct, chunk, concat, diag, diagEmbed, diagonal, dstack, expand, flatten, flip, fold, hstack, meshGrid, moveAxis, narrow,
  pad, permute, repeatInterleave, reshape, roll, rot90, select, slice, slidingWindows, split, squeeze, stack, tensor, tensorSplit, tile, transpose,
  tril, triu, unbind, unflatten, unfold, unsqueeze, Variable, zeros,
} from "../../src/index.js";
import { messagesOf } from "../message.js";

const x = zeros([2, 3, 4]);
const integers = zeros([2, 3, 4], { dtype: "int32" });

test("shape", () => {
  expect(messagesOf({
    "reshape size": () => reshape(x, [5, 5]),
    "reshape divisor": () => reshape(x, [-1, 7]),
    "reshape two": () => reshape(x, [-1, -1]),
    "reshape negative": () => reshape(x, [-2, 12]),
    "reshape ambiguous": () => reshape(zeros([0]), [-1, 0]),
    "permute missing": () => permute(x, [0, 1]),
    "permute twice": () => permute(x, [0, 0, 1]),
    "permute range": () => permute(x, [0, 1, 3]),
    "transpose range": () => transpose(x, 0, 3),
    "transpose vector": () => transpose(zeros([3])),
    "expand size": () => expand(x, [2, 3, 5]),
    "expand rank": () => expand(x, [3, 4]),
    "expand new": () => expand(zeros([3]), [-1, 3]),
    "squeeze range": () => squeeze(x, 3),
    "unsqueeze range": () => unsqueeze(x, 4),
    "flatten order": () => flatten(x, 2, 1),
    "flatten range": () => flatten(x, 0, 3),
    "unflatten size": () => unflatten(x, 1, [2, 2]),
    "unflatten divisor": () => unflatten(x, 1, [2, -1]),
    "unflatten two": () => unflatten(x, 1, [-1, -1]),
    "moveAxis length": () => moveAxis(x, [0, 1], [0]),
    "moveAxis twice": () => moveAxis(x, [0, -3], [0, 1]),
    "flip range": () => flip(x, 3),
    "flip twice": () => flip(x, [0, 0]),
    "rot90 axes": () => rot90(x, 1, [0, -3]),
    "rot90 times": () => rot90(x, 0.5),
    "scalar": () => flip(tensor(1), 0),
  })).toMatchInlineSnapshot(`
    {
      "expand new": "ShapeError: expand: -1 at axis 0 of [-1, 3] stands for an axis that [3] does not have",
      "expand rank": "ShapeError: expand: [2, 3, 4] does not broadcast to [3, 4]",
      "expand size": "ShapeError: expand: cannot broadcast [2, 3, 4] with [2, 3, 5] (sizes 4 and 5 on axis -1); sizes must be equal or 1",
      "flatten order": "ArgumentError: flatten: startAxis 2 comes after endAxis 1 in [2, 3, 4]",
      "flatten range": "ArgumentError: flatten: axis 3 is out of range; expected -3 to 2 for rank 3",
      "flip range": "ArgumentError: flip: axis 3 is out of range; expected -3 to 2 for rank 3",
      "flip twice": "ArgumentError: flip: axes [0, 0] name one axis twice",
      "moveAxis length": "ArgumentError: moveAxis: 2 source axes but 1 destination axes; each source needs its destination",
      "moveAxis twice": "ArgumentError: moveAxis: axes [0, -3] name one axis twice",
      "permute missing": "ArgumentError: permute: axes [0, 1] must name each of the 3 axes of [2, 3, 4] exactly once",
      "permute range": "ArgumentError: permute: axis 3 is out of range; expected -3 to 2 for rank 3",
      "permute twice": "ArgumentError: permute: axes [0, 0, 1] must name each of the 3 axes of [2, 3, 4] exactly once",
      "reshape ambiguous": "ShapeError: reshape: cannot reshape [0] (0 elements) into [-1, 0]; -1 is ambiguous next to a size of 0",
      "reshape divisor": "ShapeError: reshape: cannot reshape [2, 3, 4] (24 elements) into [-1, 7]; 24 is not divisible by 7",
      "reshape negative": "ShapeError: reshape: cannot reshape [2, 3, 4] (24 elements) into [-2, 12]; sizes are non-negative whole numbers, and one may be -1",
      "reshape size": "ShapeError: reshape: cannot reshape [2, 3, 4] (24 elements) into [5, 5], which has 25",
      "reshape two": "ShapeError: reshape: cannot reshape [2, 3, 4] (24 elements) into [-1, -1]; only one size may be -1",
      "rot90 axes": "ArgumentError: rot90: axes 0 and -3 are the same axis; a plane needs two",
      "rot90 times": "ArgumentError: rot90: times is 0.5, expected a whole number",
      "scalar": "ArgumentError: flip: axis 0 is out of range; a scalar has no axes",
      "squeeze range": "ArgumentError: squeeze: axis 3 is out of range; expected -3 to 2 for rank 3",
      "transpose range": "ArgumentError: transpose: axis 3 is out of range; expected -3 to 2 for rank 3",
      "transpose vector": "ArgumentError: transpose: axis -2 is out of range; expected -1 to 0 for rank 1",
      "unflatten divisor": "ShapeError: unflatten: axis 1 of [2, 3, 4] has size 3, which is not the product of [2, -1]",
      "unflatten size": "ShapeError: unflatten: axis 1 of [2, 3, 4] has size 3, which is not the product of [2, 2]",
      "unflatten two": "ShapeError: unflatten: axis 1 of [2, 3, 4] has size 3, which is not the product of [-1, -1]",
      "unsqueeze range": "ArgumentError: unsqueeze: axis 4 is out of range; expected -4 to 3 for rank 4",
    }
  `);
});

test("slicing", () => {
  expect(messagesOf({
    "slice index": () => slice(x, [2]),
    "slice negative index": () => slice(x, [null, -4]),
    "slice fraction": () => slice(x, [0.5]),
    "slice too many": () => slice(x, [0, 0, 0, 0]),
    "slice scalar": () => slice(tensor(1), [0]),
    "slice ellipses": () => slice(x, ["...", 0, "..."]),
    "slice step": () => slice(x, [{ step: 0 }]),
    "slice start": () => slice(x, [{ start: 0.5 }]),
    "slice list": () => Reflect.apply(slice, undefined, [x, [null, [1, 2]]]),
    "slice tensor": () => Reflect.apply(slice, undefined, [x, [tensor([0, 1], { dtype: "int32" })]]),
    "narrow": () => narrow(x, 1, 2, 2),
    "narrow negative": () => narrow(x, 1, 0, -1),
    "narrow axis": () => narrow(x, 3, 0, 1),
    "select": () => select(x, 1, 3),
    "split size": () => split(x, 0),
    "split sum": () => split(x, [1, 2], 2),
    "split negative": () => split(x, [5, -1], 2),
    "chunk": () => chunk(x, 0),
    "tensorSplit": () => tensorSplit(x, 1.5),
    "unbind": () => unbind(tensor(1)),
  })).toMatchInlineSnapshot(`
    {
      "chunk": "ArgumentError: chunk: count is 0, expected a positive whole number",
      "narrow": "ArgumentError: narrow: start 2 and length 2 do not lie within axis 1 of [2, 3, 4]",
      "narrow axis": "ArgumentError: narrow: axis 3 is out of range; expected -3 to 2 for rank 3",
      "narrow negative": "ArgumentError: narrow: start 0 and length -1 do not lie within axis 1 of [2, 3, 4]",
      "select": "ArgumentError: select: index 3 is out of range on axis 1 of [2, 3, 4]; expected a whole number from -3 to 2",
      "slice ellipses": "ArgumentError: slice: "..." may occur only once",
      "slice fraction": "ArgumentError: slice: index 0.5 is out of range on axis 0 of [2, 3, 4]; expected a whole number from -2 to 1",
      "slice index": "ArgumentError: slice: index 2 is out of range on axis 0 of [2, 3, 4]; expected a whole number from -2 to 1",
      "slice list": "ArgumentError: slice: index on axis 1 is an array of 2, expected an index or a range { start, stop, step }; to take several positions, call indexSelect",
      "slice negative index": "ArgumentError: slice: index -4 is out of range on axis 1 of [2, 3, 4]; expected a whole number from -3 to 2",
      "slice scalar": "ArgumentError: slice: 1 index for [], which has rank 0",
      "slice start": "ArgumentError: slice: start is 0.5, expected a whole number",
      "slice step": "ArgumentError: slice: step is 0, expected a whole number other than 0",
      "slice tensor": "ArgumentError: slice: index on axis 0 is a Tensor, expected an index or a range { start, stop, step }; to take several positions, call indexSelect",
      "slice too many": "ArgumentError: slice: 4 indices for [2, 3, 4], which has rank 3",
      "split negative": "ArgumentError: split: sizes[1] is -1, expected a whole number, at least 0",
      "split size": "ArgumentError: split: size is 0, expected a positive whole number",
      "split sum": "ShapeError: split: sizes [1, 2] add up to 3, but axis 2 of [2, 3, 4] has 4",
      "tensorSplit": "ArgumentError: tensorSplit: parts is 1.5, expected a positive whole number",
      "unbind": "ArgumentError: unbind: axis 0 is out of range; a scalar has no axes",
    }
  `);
});

test("padding, joining and repeating", () => {
  expect(messagesOf({
    "pad pairs": () => pad(zeros([2]), [[1, 1], [1, 1]]),
    "pad fraction": () => pad(x, [[0.5, 1]]),
    "pad crop": () => pad(x, [[-3, -2]]),
    "pad reflect": () => pad(x, [[4, 0]], { mode: "reflect" }),
    "pad circular": () => pad(x, [[0, 5]], { mode: "circular" }),
    "pad replicate": () => pad(zeros([0]), [[1, 0]], { mode: "replicate" }),
    "concat none": () => concat([]),
    "concat scalars": () => concat([tensor(1), tensor(2)]),
    "concat rank": () => concat([x, zeros([2, 3])]),
    "concat size": () => concat([x, zeros([2, 3, 5])], 0),
    "concat axis": () => concat([x, x], 3),
    // @ts-expect-error not a tensor
    "concat number": () => concat([x, 1]),
    "stack shapes": () => stack([x, zeros([2, 3])]),
    "stack none": () => stack([]),
    "hstack none": () => hstack([]),
    "dstack sizes": () => dstack([zeros([2, 2]), zeros([3, 2])]),
    "tile count": () => tile(x, [-1]),
    "repeatInterleave count": () => repeatInterleave(x, 1.5),
    "repeatInterleave counts": () => repeatInterleave(x, [1, 2], 1),
    "roll shifts": () => roll(x, [1, 2], 0),
    "roll fraction": () => roll(x, 0.5),
  })).toMatchInlineSnapshot(`
    {
      "concat axis": "ArgumentError: concat: axis 3 is out of range; expected -3 to 2 for rank 3",
      "concat none": "ArgumentError: concat: needs at least one tensor",
      "concat number": "UsageError: concat: input 1 is 1, expected a Tensor",
      "concat rank": "ShapeError: concat: [2, 3, 4], [2, 3] differ in rank or outside axis 0",
      "concat scalars": "ShapeError: concat: scalars have no axis to join along; use stack",
      "concat size": "ShapeError: concat: [2, 3, 4], [2, 3, 5] differ in rank or outside axis 0",
      "dstack sizes": "ShapeError: dstack: [2, 2, 1], [3, 2, 1] differ in rank or outside axis 2",
      "hstack none": "ArgumentError: hstack: needs at least one tensor",
      "pad circular": "ShapeError: pad: widths [0, 5] on axis 2 of [2, 3, 4] exceed what mode "circular" can take from it: 4",
      "pad crop": "ShapeError: pad: widths [-3, -2] take more than the 4 elements of axis 2 of [2, 3, 4]",
      "pad fraction": "ArgumentError: pad: widths[0] is [0.5, 1], expected a pair of whole numbers, before and after",
      "pad pairs": "ArgumentError: pad: 2 pairs of widths for [2], which has rank 1",
      "pad reflect": "ShapeError: pad: widths [4, 0] on axis 2 of [2, 3, 4] exceed what mode "reflect" can take from it: 3",
      "pad replicate": "ShapeError: pad: widths [1, 0] on axis 0 of [0] exceed what mode "replicate" can take from it: 0",
      "repeatInterleave count": "ArgumentError: repeatInterleave: repeats is 1.5, expected a whole number, at least 0",
      "repeatInterleave counts": "ArgumentError: repeatInterleave: 2 counts for 3 elements along axis 1 of [2, 3, 4]",
      "roll fraction": "ArgumentError: roll: shifts is 0.5, expected a whole number",
      "roll shifts": "ArgumentError: roll: 2 shifts for 1 axes; give one for each",
      "stack none": "ArgumentError: stack: needs at least one tensor",
      "stack shapes": "ShapeError: stack: shapes [2, 3, 4], [2, 3] differ; use concat along an axis that they have",
      "tile count": "ArgumentError: tile: times[0] is -1, expected a whole number, at least 0",
    }
  `);
});

test("diagonals, grids and windows", () => {
  expect(messagesOf({
    "tril rank": () => tril(zeros([3])),
    "triu diagonal": () => triu(x, 0.5),
    "diag rank": () => diag(x),
    "diagonal vector": () => diagonal(zeros([3])),
    "diagonal axes": () => diagonal(x, 0, 1, -2),
    "diagonal offset": () => diagonal(x, 0.5),
    "diagEmbed scalar": () => diagEmbed(tensor(1)),
    "blockDiag rank": () => blockDiag([x]),
    "blockDiag none": () => blockDiag([]),
    "meshGrid rank": () => meshGrid([x]),
    "cartesianProduct none": () => cartesianProduct([]),
    "slidingWindows size": () => slidingWindows(x, 1, 4),
    "slidingWindows step": () => slidingWindows(x, 1, 2, 0),
    "unfold rank": () => unfold(zeros([3, 4]), 2),
    "unfold kernel": () => unfold(zeros([1, 1, 3, 3]), [4, 2]),
    "unfold stride": () => unfold(zeros([1, 1, 3, 3]), 2, { stride: 0 }),
    "fold patches": () => fold(zeros([1, 8, 5]), 3, 2),
    "fold taps": () => fold(zeros([1, 7, 4]), 3, 2),
  })).toMatchInlineSnapshot(`
    {
      "blockDiag none": "ArgumentError: blockDiag: needs at least one tensor",
      "blockDiag rank": "ShapeError: blockDiag: input is [2, 3, 4], expected at most two axes",
      "cartesianProduct none": "ArgumentError: cartesianProduct: needs at least one tensor",
      "diag rank": "ShapeError: diag: input is [2, 3, 4], expected a vector or a matrix; for batches, call diagEmbed or diagonal",
      "diagEmbed scalar": "ShapeError: diagEmbed: input is a scalar, expected at least one axis",
      "diagonal axes": "ArgumentError: diagonal: axes 1 and -2 are the same axis; a plane needs two",
      "diagonal offset": "ArgumentError: diagonal: offset is 0.5, expected a whole number",
      "diagonal vector": "ArgumentError: diagonal: axis -2 is out of range; expected -1 to 0 for rank 1",
      "fold patches": "ShapeError: fold: input is [1, 8, 5], expected [N, a multiple of 4 (the kernel's elements), 4 (2 x 2 patches)], or the same without N",
      "fold taps": "ShapeError: fold: input is [1, 7, 4], expected [N, a multiple of 4 (the kernel's elements), 4 (2 x 2 patches)], or the same without N",
      "meshGrid rank": "ShapeError: meshGrid: input 0 is [2, 3, 4], expected a vector",
      "slidingWindows size": "ArgumentError: slidingWindows: windows of 4 every 1 along axis 1 of [2, 3, 4]; expected a size from 1 to 3 and a step of at least 1",
      "slidingWindows step": "ArgumentError: slidingWindows: step is 0, expected a positive whole number",
      "tril rank": "ShapeError: tril: input is [3], expected a matrix or a batch of matrices",
      "triu diagonal": "ArgumentError: triu: diagonal is 0.5, expected a whole number",
      "unfold kernel": "ShapeError: unfold: a kernel of 4 (dilation 1) does not fit on an axis of 3 with padding 0",
      "unfold rank": "ShapeError: unfold: input is [3, 4], expected [N, C, H, W] or [C, H, W]",
      "unfold stride": "ArgumentError: unfold: stride is 0, expected whole numbers, at least 1",
    }
  `);
});

test("refuses values that are not tensors", () => {
  expect(messagesOf({
    // @ts-expect-error not a tensor
    "array": () => reshape([1, 2], [2]),
    // @ts-expect-error not a tensor
    "number": () => flip(1),
    // @ts-expect-error not a tensor
    "undefined": () => slice(undefined, []),
    // @ts-expect-error not a tensor
    "null": () => pad(null, []),
    // @ts-expect-error a variable is read first
    "variable": () => permute(new Variable(integers), [2, 1, 0]),
  })).toMatchInlineSnapshot(`
    {
      "array": "UsageError: reshape: input is an array of 2, expected a Tensor; make it one with tensor(...)",
      "null": "UsageError: pad: input is null, expected a Tensor",
      "number": "UsageError: flip: input is 1, expected a Tensor",
      "undefined": "UsageError: slice: input is undefined, expected a Tensor",
      "variable": "UsageError: permute: input is a Variable, expected a Tensor; read it with .value",
    }
  `);
});
