import {
  add, arange, cast, concat, cumSum, expand, flip, full, gather, indexSelect, less, moveAxis, pad, permute, pixelShuffle, pixelUnshuffle, reshape, scatter, scatterAdd, slice, split, squeeze, sub,
  tensor, tile, topK, tril, triu, unsqueeze, where, type DType, type Tensor,
} from "@nn/tensor";
import { broadcastShapes, normalizeAxes, normalizeAxis } from "@nn/tensor/extend";
import type { Call } from "../call.js";
import { tensorOf } from "../tensors.js";
import { operator, type Operators } from "./operator.js";

/** Axes: an attribute before opset 13, an input since. */
export function axesOf(call: Call, at: number): readonly number[] | undefined {
  return call.ints("axes") ?? call.numbers(at, "axes");
}

function reshaped(call: Call): Tensor {
  const [x, sizes] = [call.input(0), call.numbers(1, "shape") ?? []];
  const keepsZeros = call.int("allowzero", 0) === 1;
  return reshape(x, sizes.map((size, axis) => (size === 0 && !keepsZeros ? (x.shape[axis] ?? call.fail(`the shape [${sizes.join(", ")}] copies axis ${axis}, which the input does not have`)) : size)));
}

function unsqueezed(call: Call): Tensor {
  const [x, axes] = [call.input(0), axesOf(call, 1) ?? call.fail("axes are missing")];
  const sorted = normalizeAxes("Unsqueeze", axes, x.rank + axes.length).toSorted((a, b) => a - b);
  return sorted.reduce((result, axis) => unsqueeze(result, axis), x);
}

function flattened(call: Call): Tensor {
  const x = call.input(0);
  const given = call.int("axis", 1);
  const axis = given < 0 ? given + x.rank : given;
  const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
  return reshape(x, [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))]);
}

/** Part of an axis; a negative step goes backwards. Ends beyond the axis count as its ends. */
function sliceAxis(x: Tensor, axis: number, [start, end, step]: readonly [number, number, number]): Tensor {
  const size = x.shape[axis] ?? 0;
  const fromFront = (position: number, low: number, high: number): number => Math.min(high, Math.max(low, position < 0 ? position + size : position));
  const at = (index: { readonly start: number; readonly stop: number; readonly step: number }, of: Tensor): Tensor => slice(of, [...x.shape.slice(0, axis).map(() => undefined), { ...index, stop: Math.max(index.start, index.stop) }]);
  if (step > 0) return at({ start: fromFront(start, 0, size), stop: fromFront(end, 0, size), step }, x);
  return at({ start: size - 1 - fromFront(start, -1, size - 1), stop: size - 1 - fromFront(end, -1, size - 1), step: -step }, flip(x, axis));
}

function sliced(call: Call): Tensor {
  const [x, starts = [], ends = []] = [call.input(0), call.numbers(1, "starts"), call.numbers(2, "ends")];
  const axes = call.numbers(3, "axes") ?? starts.map((_, axis) => axis);
  const steps = call.numbers(4, "steps") ?? starts.map(() => 1);
  if (axes.length !== starts.length || [ends, steps].some(({ length }) => length !== starts.length) || steps.includes(0)) call.fail(`starts [${starts.join()}], ends [${ends.join()}], axes [${axes.join()}] and steps [${steps.join()}] do not fit together`);
  return axes.reduce<Tensor>((result, axis, at) => sliceAxis(result, normalizeAxis("Slice", axis, x.rank), [starts[at] ?? 0, ends[at] ?? 0, steps[at] ?? 1]), x);
}

/** Elements along an axis at indices of any shape, which take the place of the axis. Negative ones count from the end. */
function gathered(call: Call): Tensor {
  const [x, indices] = [call.input(0), cast(call.input(1), "int32")];
  const axis = call.axis(x.rank, 0);
  const rows = indexSelect(x, reshape(fromFront(indices, x.shape[axis] ?? 0), [indices.size]), axis);
  return reshape(rows, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
}

const fromFront = (indices: Tensor, size: number): Tensor => where(less(indices, 0), add(indices, size), indices);

function elementsAt(call: Call): Tensor {
  const [x, indices] = [call.input(0), cast(call.input(1), "int32")];
  const axis = call.axis(x.rank, 0);
  return gather(x, fromFront(indices, x.shape[axis] ?? 0), axis);
}

function scattered(call: Call): Tensor {
  const [x, indices, updates] = [call.input(0), cast(call.input(1), "int32"), call.input(2)];
  const axis = call.axis(x.rank, 0);
  const index = fromFront(indices, x.shape[axis] ?? 0);
  const reduction = call.text("reduction", "none");
  if (reduction === "none") return scatter(x, index, updates, axis);
  return reduction === "add" ? scatterAdd(x, index, updates, axis) : call.fail(`the reduction ${reduction} is not supported`);
}

function parts(call: Call): readonly Tensor[] {
  const x = call.input(0);
  const axis = call.axis(x.rank, 0);
  const count = call.node.outputs.length;
  const size = x.shape[axis] ?? 0;
  const sizes = call.ints("split") ?? call.numbers(1, "split");
  if (sizes === undefined && size % count !== 0) call.fail(`an axis of ${size} elements does not split into ${count} equal parts`);
  return split(x, [...(sizes ?? new Array<number>(count).fill(size / count))], axis);
}

const modes = { constant: "constant", reflect: "reflect", edge: "replicate" } as const;

function padded(call: Call): Tensor {
  const [x, pads = []] = [call.input(0), call.numbers(1, "pads")];
  const mode = call.text("mode", "constant");
  if (!Object.hasOwn(modes, mode) || pads.length !== 2 * x.rank) call.fail(`the mode ${mode} with ${pads.length} pads for ${x.rank} axes is not supported`);
  return pad(x, x.shape.map((_, axis) => [pads[axis] ?? 0, pads[axis + x.rank] ?? 0]), { mode: modes[mode as keyof typeof modes], ...(mode === "constant" ? { value: call.number(2, "constant_value") ?? 0 } : {}) });
}

function cumulative(call: Call): Tensor {
  const x = call.input(0);
  const axis = normalizeAxis("CumSum", call.number(1, "axis") ?? 0, x.rank);
  const isReversed = call.int("reverse", 0) === 1;
  const turned = isReversed ? flip(x, axis) : x;
  const total = cumSum(turned, axis);
  const result = call.int("exclusive", 0) === 1 ? sub(total, turned) : total;
  return isReversed ? flip(result, axis) : result;
}

function largest(call: Call): readonly Tensor[] {
  const k = call.number(1, "k") ?? 0;
  const { values, indices } = topK(call.input(0), k, { axis: call.int("axis", -1), largest: call.int("largest", 1) === 1 });
  return [values, indices];
}

/** The blocks of `depth × depth` elements that channels hold, in the order of channels and rows, or of rows and channels. */
function depthToSpace(call: Call): Tensor {
  const [x, size] = [call.input(0), call.int("blocksize", 1)];
  if (call.text("mode", "DCR") === "CRD") return pixelShuffle(x, size);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  const blocks = reshape(x, [batch, size, size, channels / size ** 2, height, width]);
  return reshape(permute(blocks, [0, 3, 4, 1, 5, 2]), [batch, channels / size ** 2, height * size, width * size]);
}

function spaceToDepth(call: Call): Tensor {
  const [x, size] = [call.input(0), call.int("blocksize", 1)];
  const unshuffled = pixelUnshuffle(x, size);
  const [batch = 1, channels = 1, height = 1, width = 1] = unshuffled.shape;
  const blocks = reshape(unshuffled, [batch, channels / size ** 2, size ** 2, height, width]);
  return reshape(moveAxis(blocks, 2, 1), unshuffled.shape);
}

function constant(call: Call): Tensor {
  const value = call.tensor("value");
  if (value !== undefined) return tensorOf("Constant", value, () => undefined);
  const list: readonly (readonly [values: number | readonly number[] | undefined, dtype: DType])[] = [
    [call.node.attributes.has("value_float") ? call.float("value_float", 0) : undefined, "float32"], [call.floats("value_floats"), "float32"],
    [call.int("value_int"), "int32"], [call.ints("value_ints"), "int32"],
  ];
  const [found, dtype = "float32"] = list.find(([values]) => values !== undefined) ?? [];
  return found === undefined ? call.fail("it has no value") : tensor(found as number | number[], { dtype });
}

function range(call: Call): Tensor {
  const [start = 0, limit = 0, delta = 1] = [call.number(0, "start"), call.number(1, "limit"), call.number(2, "delta")];
  return delta > 0 === limit > start && limit !== start ? arange(start, limit, delta, { dtype: call.input(0).dtype }) : full([0], 0, { dtype: call.input(0).dtype });
}

function sizesOf(call: Call): Tensor {
  const { shape } = call.input(0);
  return tensor(Int32Array.from(shape.slice(call.int("start", 0), call.int("end", shape.length))));
}

export const movement: Operators = {
  Reshape: operator(2, "allowzero", reshaped, { shapes: [1] }),
  Flatten: operator(1, "axis", flattened),
  Squeeze: operator([1, 2], "axes", (call) => squeeze(call.input(0), axesOf(call, 1)), { shapes: [1] }),
  Unsqueeze: operator([1, 2], "axes", unsqueezed, { shapes: [1] }),
  Transpose: operator(1, "perm", (call) => permute(call.input(0), call.ints("perm") ?? call.input(0).shape.map((_, axis) => axis).toReversed())),
  Expand: operator(2, "", (call) => expand(call.input(0), broadcastShapes("Expand", [call.input(0).shape, call.numbers(1, "shape") ?? []])), { shapes: [1] }),
  Tile: operator(2, "", (call) => tile(call.input(0), call.numbers(1, "repeats") ?? []), { shapes: [1] }),
  Concat: operator([1, Infinity], "axis", (call) => concat(call.all, call.axis(call.input(0).rank, 0))),
  Split: operator([1, 2], "axis split", parts, { shapes: [1], outputs: Infinity }),
  Slice: operator([3, 5], "", sliced, { shapes: [1, 2, 3, 4] }),
  Pad: operator([2, 3], "mode", padded, { shapes: [1, 2] }),
  Gather: operator(2, "axis", gathered), GatherElements: operator(2, "axis", elementsAt), ScatterElements: operator(3, "axis reduction", scattered),
  CumSum: operator(2, "exclusive reverse", cumulative, { shapes: [1] }),
  TopK: operator(2, "axis largest sorted", largest, { shapes: [1], outputs: 2 }),
  Trilu: operator([1, 2], "upper", (call) => (call.int("upper", 1) === 1 ? triu : tril)(call.input(0), call.number(1, "k") ?? 0), { shapes: [1] }),
  DepthToSpace: operator(1, "blocksize mode", depthToSpace), SpaceToDepth: operator(1, "blocksize", spaceToDepth),
  Constant: operator(0, "value value_float value_floats value_int value_ints", constant),
  ConstantOfShape: operator(1, "value", (call) => {
    const value = call.tensor("value");
    const filling = value === undefined ? full([], 0) : tensorOf("ConstantOfShape", value, () => undefined);
    return full(call.numbers(0, "shape") ?? [], Number(filling.data("ConstantOfShape")[0]), { dtype: filling.dtype });
  }, { shapes: [0] }),
  Range: operator(3, "", range, { shapes: [0, 1, 2] }),
  Shape: operator(1, "start end", sizesOf, { isOfShapes: true }),
  Size: operator(1, "", (call) => tensor(call.input(0).size, { dtype: "int32" }), { isOfShapes: true }),
};
