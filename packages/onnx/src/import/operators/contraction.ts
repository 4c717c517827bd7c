import {
  add, arange, avgPool1d, avgPool2d, avgPool3d, batchNorm, conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d, einsum, instanceNorm, interpolate, layerNorm, linear, matmul, max, maxPool1d, maxPool2d,
  maxPool3d, mean, mul, narrow, reshape, transpose, type InterpolationMode, type Tensor,
} from "@nn/tensor";
import { sameShape } from "@nn/tensor/extend";
import type { Call } from "../call.js";
import { operator, type Operators } from "./operator.js";

function gemm(call: Call): Tensor {
  const [alpha, beta, added] = [call.float("alpha", 1), call.float("beta", 1), call.optional(2)];
  const left = call.int("transA", 0) === 1 ? transpose(call.input(0)) : call.input(0);
  const product = (call.int("transB", 0) === 1 ? linear : matmul)(left, call.input(1));
  const scaled = alpha === 1 ? product : mul(product, alpha);
  return added === undefined ? scaled : add(scaled, beta === 1 ? added : mul(added, beta));
}

/** How windows lie on the spatial axes. */
interface Geometry {
  readonly axes: number;
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly (readonly [before: number, after: number])[];
}

const geometryAttributes = "auto_pad dilations kernel_shape pads strides";

function geometryOf(call: Call, window: readonly number[]): Geometry {
  const spatial = call.input(0).shape.slice(2);
  const axes = spatial.length;
  if (axes < 1 || axes > 3 || window.length !== axes) return call.fail(`a window of [${window.join(", ")}] for an input of ${axes + 2} axes is not supported`);
  const [stride, dilation] = [call.ints("strides") ?? window.map(() => 1), call.ints("dilations") ?? window.map(() => 1)];
  const pads = call.ints("pads") ?? window.flatMap(() => [0, 0]);
  const automatic = call.text("auto_pad", "NOTSET");
  const padding = spatial.map((size, axis) => {
    if (automatic === "NOTSET") return [pads[axis] ?? 0, pads[axis + axes] ?? 0] as const;
    if (automatic === "VALID") return [0, 0] as const;
    if (automatic !== "SAME_UPPER" && automatic !== "SAME_LOWER") return call.fail(`auto_pad ${automatic} is not supported`);
    const step = stride[axis] ?? 1;
    const total = Math.max(0, (Math.ceil(size / step) - 1) * step + ((window[axis] ?? 1) - 1) * (dilation[axis] ?? 1) + 1 - size);
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return automatic === "SAME_UPPER" ? ([less, more] as const) : ([more, less] as const);
  });
  return { axes, window, stride, dilation, padding };
}

const convolutions = { 1: conv1d, 2: conv2d, 3: conv3d } as const;
const transposedConvolutions = { 1: convTranspose1d, 2: convTranspose2d, 3: convTranspose3d } as const;
const maxPools = { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d } as const;
const averagePools = { 1: avgPool1d, 2: avgPool2d, 3: avgPool3d } as const;

function of<T>(table: { readonly 1: T; readonly 2: T; readonly 3: T }, axes: number): T {
  return table[axes as 1 | 2 | 3];
}

function convolution(call: Call): Tensor {
  const weight = call.input(1);
  const { axes, stride, dilation, padding } = geometryOf(call, weight.shape.slice(2));
  return of(convolutions, axes)(call.input(0), weight, call.optional(2), { stride, dilation, padding, groups: call.int("group", 1) });
}

/** The padding of a transposed convolution is cut off the result. */
function transposedConvolution(call: Call): Tensor {
  const weight = call.input(1);
  call.requireAttribute("auto_pad", "NOTSET");
  const { axes, stride, dilation, padding } = geometryOf(call, weight.shape.slice(2));
  const outputPadding = call.ints("output_padding") ?? stride.map(() => 0);
  const options = { stride, dilation, outputPadding, groups: call.int("group", 1) };
  const convolve = of(transposedConvolutions, axes);
  if (padding.every(([before, after]) => before === after)) return convolve(call.input(0), weight, call.optional(2), { ...options, padding: padding.map(([before]) => before) });
  return padding.reduce<Tensor>((y, [before, after], axis) => narrow(y, axis + 2, before, (y.shape[axis + 2] ?? 0) - before - after), convolve(call.input(0), weight, call.optional(2), options));
}

/** The largest elements of windows, and their positions, which count over the whole input. */
function maxPool(call: Call): Tensor | readonly Tensor[] {
  call.requireAttribute("storage_order", 0);
  const x = call.input(0);
  const { axes, window, ...options } = geometryOf(call, call.ints("kernel_shape") ?? []);
  const pooling = { ...options, ceilMode: call.int("ceil_mode", 0) === 1 };
  const pool = of(maxPools, axes);
  if (call.node.outputs.length < 2) return pool(x, window, pooling);
  const { values, indices } = pool(x, window, { ...pooling, returnIndices: true });
  const [batch = 1, channels = 1, ...spatial] = x.shape;
  const size = spatial.reduce((product, length) => product * length, 1);
  const offsets = mul(arange(batch * channels, { dtype: "int32" }), size);
  return [values, add(indices, reshape(offsets, [batch, channels, ...spatial.map(() => 1)]))];
}

function averagePool(call: Call): Tensor {
  const { axes, window, stride, padding } = geometryOf(call, call.ints("kernel_shape") ?? []);
  return of(averagePools, axes)(call.input(0), window, { stride, padding, ceilMode: call.int("ceil_mode", 0) === 1, countIncludePad: call.int("count_include_pad", 0) === 1 });
}

const spatialAxes = (x: Tensor): number[] => x.shape.map((_, axis) => axis).slice(2);

function normalizedChannels(call: Call): Tensor {
  call.requireAttribute("training_mode", 0);
  const [x, weight, bias, center, variance] = call.all;
  return batchNorm(x ?? call.input(0), { weight, bias, mean: center, variance, epsilon: call.float("epsilon", 1e-5) });
}

function normalizedLastAxes(call: Call): Tensor {
  const [x, weight, bias] = [call.input(0), call.input(1), call.optional(2)];
  call.requireAttribute("stash_type", 1);
  const shape = x.shape.slice(call.axis(x.rank, -1));
  const epsilon = call.float("epsilon", 1e-5);
  if ([weight, bias].every((each) => each === undefined || sameShape(each.shape, shape))) return layerNorm(x, shape, { weight, bias, epsilon });
  const scaled = mul(layerNorm(x, shape, { epsilon }), weight);
  return bias === undefined ? scaled : add(scaled, bias);
}

/** How a new element follows from old ones: the modes of ONNX, with where the elements lie, and the modes of `interpolate` by the number of spatial axes. */
const resizings: Readonly<Record<string, { readonly modes: readonly InterpolationMode[]; readonly alignCorners?: boolean }>> = {
  "nearest asymmetric floor": { modes: ["nearest", "nearest", "nearest"] },
  "nearest half_pixel round_prefer_ceil": { modes: ["nearestExact", "nearestExact", "nearestExact"] },
  "linear half_pixel": { modes: ["linear", "bilinear", "trilinear"] }, "linear pytorch_half_pixel": { modes: ["linear", "bilinear", "trilinear"] },
  "linear align_corners": { modes: ["linear", "bilinear", "trilinear"], alignCorners: true },
  "cubic half_pixel": { modes: ["bicubic", "bicubic", "bicubic"] }, "cubic pytorch_half_pixel": { modes: ["bicubic", "bicubic", "bicubic"] }, "cubic align_corners": { modes: ["bicubic", "bicubic", "bicubic"], alignCorners: true },
};

function resized(call: Call): Tensor {
  const x = call.input(0);
  const mode = call.text("mode", "nearest");
  const key = [mode, call.text("coordinate_transformation_mode", "half_pixel"), ...(mode === "nearest" ? [call.text("nearest_mode", "round_prefer_floor")] : [])].join(" ");
  const resizing = resizings[key] ?? call.fail(`the mode ${key} is not supported; these are: ${Object.keys(resizings).join(", ")}`);
  if (mode === "cubic" && call.float("cubic_coeff_a", -0.75) !== -0.75) call.fail("cubic_coeff_a must be -0.75");
  const scales = call.numbers(2, "scales") ?? [];
  const sizes = call.numbers(3, "sizes") ?? x.shape.map((size, axis) => size * (scales[axis] ?? 0));
  if (sizes[0] !== x.shape[0] || sizes[1] !== x.shape[1] || !sizes.every(Number.isInteger)) call.fail(`the sizes [${sizes.join(", ")}] for an input of [${x.shape.join(", ")}] are not supported; batch and channels stay, and multiples must be whole numbers`);
  const { modes, ...options } = resizing;
  return interpolate(x, { size: sizes.slice(2), mode: modes[x.rank - 3], ...options });
}

export const contraction: Operators = {
  MatMul: operator(2, "", (call) => matmul(call.input(0), call.input(1))),
  Gemm: operator([2, 3], "alpha beta transA transB", gemm),
  Einsum: operator([1, Infinity], "equation", (call) => einsum(call.text("equation", ""), ...call.all)),
  Conv: operator([2, 3], `${geometryAttributes} group`, convolution), ConvTranspose: operator([2, 3], `${geometryAttributes} group output_padding`, transposedConvolution),
  MaxPool: operator(1, `${geometryAttributes} ceil_mode storage_order`, maxPool, { outputs: 2 }), AveragePool: operator(1, "auto_pad kernel_shape pads strides ceil_mode count_include_pad", averagePool),
  GlobalAveragePool: operator(1, "", (call) => mean(call.input(0), spatialAxes(call.input(0)), { keepAxes: true })),
  GlobalMaxPool: operator(1, "", (call) => max(call.input(0), spatialAxes(call.input(0)), { keepAxes: true })),
  BatchNormalization: operator(5, "epsilon momentum training_mode", normalizedChannels, { statistics: [3, 4] }),
  InstanceNormalization: operator(3, "epsilon", (call) => instanceNorm(call.input(0), { weight: call.input(1), bias: call.input(2), epsilon: call.float("epsilon", 1e-5) })),
  LayerNormalization: operator([2, 3], "axis epsilon stash_type", normalizedLastAxes),
  Resize: operator([1, 4], "coordinate_transformation_mode cubic_coeff_a mode nearest_mode", resized, { shapes: [1, 2, 3] }),
};
