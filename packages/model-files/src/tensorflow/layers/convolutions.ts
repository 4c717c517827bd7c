import { Conv1d, Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d, DepthwiseConv2d, type TensorModule } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { LayerProblem, type Config } from "../config.js";
import { spatialInput, type Converted, type Converter, type SourceLayer } from "../layer.js";
import { activationFor } from "./activations.js";
import { channelsFirst, extentOf, isSymmetric, zeroPad, type Extent } from "./padding.js";

/** The weight, and the bias if there is one, as a state dictionary. */
function state(layer: SourceLayer, weight: Tensor): Record<string, Tensor> {
  return layer.config.boolean("use_bias", true) ? { weight, bias: layer.weight("bias") } : { weight };
}

/** From `[…window, a, b]` to `[b, a, …window]`. */
const turned = (kernel: Tensor): Tensor => kernel.permute([kernel.rank - 1, kernel.rank - 2, ...Array.from({ length: kernel.rank - 2 }, (_, axis) => axis)]);

/** The paddings of the spatial axes. */
function extentsOf(config: Config, sizes: readonly (number | null)[], kernel: readonly number[]): { readonly stride: number[]; readonly dilation: number[]; readonly extents: readonly Extent[] } {
  const axes = sizes.length;
  const [stride, dilation] = [config.sizes("strides", axes, 1), config.sizes("dilation_rate", axes, 1)];
  const extents = sizes.map((size, axis) => extentOf(config, { size, kernel: kernel[axis] ?? 1, stride: stride[axis] ?? 1, dilation: dilation[axis] ?? 1 }));
  return { stride, dilation, extents };
}

/** The result of a convolution with its activation. */
function finished(layer: SourceLayer, modules: readonly TensorModule[], shape: readonly (number | null)[]): Converted {
  const value = { shape };
  return { modules: [...channelsFirst(shape.length - 1, modules), ...activationFor(layer.config.raw("activation"), value)], value };
}

/** Padding that a layer can do itself, or a layer before it. */
function padded(extents: readonly Extent[]): { readonly padding: number[]; readonly before: readonly TensorModule[] } {
  if (isSymmetric(extents)) return { padding: extents.map(({ before }) => before), before: [] };
  return { padding: extents.map(() => 0), before: [zeroPad(extents.map(({ before, after }) => [before, after]))] };
}

const convolution = (axes: number, Convolution: typeof Conv1d | typeof Conv2d | typeof Conv3d): Converter => (layer) => {
  const { sizes, channels } = spatialInput(layer, axes);
  layer.config.requireDefault("groups", 1);
  const kernel = layer.weight("kernel");
  const [inputs = 0, outputs = 0] = kernel.shape.slice(-2);
  if (inputs !== channels) throw new LayerProblem(`its kernel takes ${inputs} channels, but its input has ${channels}`);
  const { stride, dilation, extents } = extentsOf(layer.config, sizes, kernel.shape);
  const { padding, before } = padded(extents);
  const made = new Convolution(inputs, outputs, kernel.shape.slice(0, axes), { stride, dilation, padding, bias: layer.config.boolean("use_bias", true) });
  made.loadStateDict(state(layer, turned(kernel)));
  return finished(layer, [...before, made], [...extents.map(({ size }) => size), outputs]);
};

/** The convolution of each channel, with kernels `[kH, kW, in, multiplier]`. */
function depthwise(layer: SourceLayer, kernel: Tensor, hasBias: boolean): { readonly modules: readonly TensorModule[]; readonly convolution: DepthwiseConv2d; readonly sizes: readonly (number | null)[] } {
  const { sizes } = spatialInput(layer, 2);
  const [kernelHeight = 1, kernelWidth = 1, channels = 0, multiplier = 0] = kernel.shape;
  const { stride, dilation, extents } = extentsOf(layer.config, sizes, kernel.shape);
  const { padding, before } = padded(extents);
  const made = new DepthwiseConv2d(channels, [kernelHeight, kernelWidth], { multiplier, stride, dilation, padding, bias: hasBias });
  return { modules: [...before, made], convolution: made, sizes: extents.map(({ size }) => size) };
}

const depthwiseWeight = (kernel: Tensor): Tensor => kernel.permute([2, 3, 0, 1]).reshape([-1, 1, kernel.shape[0] ?? 1, kernel.shape[1] ?? 1]);

const depthwiseConv2d: Converter = (layer) => {
  const kernel = layer.weight("depthwise_kernel");
  const { modules, convolution: made, sizes } = depthwise(layer, kernel, layer.config.boolean("use_bias", true));
  made.loadStateDict(state(layer, depthwiseWeight(kernel)));
  return finished(layer, modules, [...sizes, made.outChannels]);
};

const separableConv2d: Converter = (layer) => {
  const [kernel, mixing] = [layer.weight("depthwise_kernel"), layer.weight("pointwise_kernel")];
  const { modules, convolution: made, sizes } = depthwise(layer, kernel, false);
  made.loadStateDict({ weight: depthwiseWeight(kernel) });
  const [, , inputs = 0, outputs = 0] = mixing.shape;
  const pointwise = new Conv2d(inputs, outputs, 1, { bias: layer.config.boolean("use_bias", true) });
  pointwise.loadStateDict(state(layer, turned(mixing)));
  return finished(layer, [...modules, pointwise], [...sizes, outputs]);
};

/** The transpose of a convolution: what its padding would add is cut off, the smaller half at the beginning. */
const transposed = (axes: number, Transposed: typeof ConvTranspose2d | typeof ConvTranspose3d): Converter => (layer) => {
  const { sizes } = spatialInput(layer, axes);
  const kernel = layer.weight("kernel");
  const window = kernel.shape.slice(0, axes);
  const [outputs = 0, inputs = 0] = kernel.shape.slice(-2);
  layer.config.requireDefault("dilation_rate", 1, window.map(() => 1));
  const stride = layer.config.sizes("strides", axes, 1);
  const same = layer.config.string("padding", "valid") === "same";
  const surplus = window.map((size, axis) => size - (stride[axis] ?? 1));
  const made = new Transposed(inputs, outputs, window, { stride, outputPadding: surplus.map((each) => Math.max(0, -each)), bias: layer.config.boolean("use_bias", true) });
  made.loadStateDict(state(layer, turned(kernel)));
  const cuts = surplus.map((each) => (same ? [-Math.floor(Math.max(0, each) / 2), -Math.ceil(Math.max(0, each) / 2)] as const : [0, 0] as const));
  const cut = cuts.some((pair) => pair.some((each) => each < 0)) ? [zeroPad(cuts)] : [];
  const grown = sizes.map((size, axis) => (size === null ? null : size * (stride[axis] ?? 1) + (same ? 0 : Math.max(0, surplus[axis] ?? 0))));
  return finished(layer, [made, ...cut], [...grown, outputs]);
};

export const convolutionLayers: Readonly<Record<string, Converter>> = {
  Conv1D: convolution(1, Conv1d), Conv2D: convolution(2, Conv2d), Conv3D: convolution(3, Conv3d), Conv2DTranspose: transposed(2, ConvTranspose2d), Conv3DTranspose: transposed(3, ConvTranspose3d),
  DepthwiseConv2D: depthwiseConv2d, SeparableConv2D: separableConv2d,
};
