import { Conv1d, Conv2d, ConvTranspose2d, DepthwiseConv2d, ZeroPad1d, ZeroPad2d, type TensorModule } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { LayerProblem, type Config } from "../config.js";
import { imageInput, sequenceInput, type Converted, type Converter, type SourceLayer } from "../layer.js";
import { SwapSteps } from "../modules.js";
import { activationFor } from "./activations.js";
import { extentOf, isSymmetric, type Extent } from "./padding.js";

/** The weight, and the bias if there is one, as a state dictionary. */
function state(layer: SourceLayer, weight: Tensor): Record<string, Tensor> {
  return layer.config.boolean("use_bias", true) ? { weight, bias: layer.weight("bias") } : { weight };
}

/** The paddings of the axes of an image. */
function extentsOf(config: Config, sizes: readonly (number | null)[], kernel: readonly number[]): { readonly stride: number[]; readonly dilation: number[]; readonly extents: readonly Extent[] } {
  const axes = sizes.length;
  const [stride, dilation] = [config.sizes("strides", axes, 1), config.sizes("dilation_rate", axes, 1)];
  const extents = sizes.map((size, axis) => extentOf(config, { size, kernel: kernel[axis] ?? 1, stride: stride[axis] ?? 1, dilation: dilation[axis] ?? 1 }));
  return { stride, dilation, extents };
}

/** The result of a convolution with its activation. */
function finished(layer: SourceLayer, modules: readonly TensorModule[], shape: readonly (number | null)[]): Converted {
  const value = { shape };
  return { modules: [...modules, ...activationFor(layer.config.raw("activation"), value)], value };
}

/** Padding that a layer can do itself, or a layer before it. */
function padded(extents: readonly Extent[]): { readonly padding: number[]; readonly before: readonly TensorModule[] } {
  if (isSymmetric(extents)) return { padding: extents.map(({ before }) => before), before: [] };
  const widths = extents.map(({ before, after }) => [before, after] as const);
  return { padding: extents.map(() => 0), before: [extents.length === 1 ? new ZeroPad1d(widths) : new ZeroPad2d(widths)] };
}

const conv2d: Converter = (layer) => {
  const [height, width, channels] = imageInput(layer);
  layer.config.requireDefault("groups", 1);
  const kernel = layer.weight("kernel");
  const [kernelHeight = 1, kernelWidth = 1, inputs = 0, outputs = 0] = kernel.shape;
  if (inputs !== channels) throw new LayerProblem(`its kernel takes ${inputs} channels, but its input has ${channels}`);
  const { stride, dilation, extents } = extentsOf(layer.config, [height, width], kernel.shape);
  const { padding, before } = padded(extents);
  const convolution = new Conv2d(inputs, outputs, [kernelHeight, kernelWidth], { stride, dilation, padding, bias: layer.config.boolean("use_bias", true) });
  convolution.loadStateDict(state(layer, kernel.permute([3, 2, 0, 1])));
  return finished(layer, [...before, convolution], [...extents.map(({ size }) => size), outputs]);
};

const conv1d: Converter = (layer) => {
  const [steps, channels] = sequenceInput(layer);
  const kernel = layer.weight("kernel");
  const [length = 1, inputs = 0, outputs = 0] = kernel.shape;
  if (inputs !== channels) throw new LayerProblem(`its kernel takes ${inputs} channels, but its input has ${channels}`);
  const { stride, dilation, extents } = extentsOf(layer.config, [steps], kernel.shape);
  const { padding, before } = padded(extents);
  const convolution = new Conv1d(inputs, outputs, length, { stride, dilation, padding, bias: layer.config.boolean("use_bias", true) });
  convolution.loadStateDict(state(layer, kernel.permute([2, 1, 0])));
  return finished(layer, [new SwapSteps(), ...before, convolution, new SwapSteps()], [extents[0]?.size ?? null, outputs]);
};

/** The convolution of each channel, with kernels `[kH, kW, in, multiplier]`. */
function depthwise(layer: SourceLayer, kernel: Tensor, hasBias: boolean): { readonly modules: readonly TensorModule[]; readonly convolution: DepthwiseConv2d; readonly sizes: readonly (number | null)[] } {
  const [height, width] = imageInput(layer);
  const [kernelHeight = 1, kernelWidth = 1, channels = 0, multiplier = 0] = kernel.shape;
  const { stride, dilation, extents } = extentsOf(layer.config, [height, width], kernel.shape);
  const { padding, before } = padded(extents);
  const convolution = new DepthwiseConv2d(channels, [kernelHeight, kernelWidth], { multiplier, stride, dilation, padding, bias: hasBias });
  return { modules: [...before, convolution], convolution, sizes: extents.map(({ size }) => size) };
}

const depthwiseWeight = (kernel: Tensor): Tensor => kernel.permute([2, 3, 0, 1]).reshape([-1, 1, kernel.shape[0] ?? 1, kernel.shape[1] ?? 1]);

const depthwiseConv2d: Converter = (layer) => {
  const kernel = layer.weight("depthwise_kernel");
  const { modules, convolution, sizes } = depthwise(layer, kernel, layer.config.boolean("use_bias", true));
  convolution.loadStateDict(state(layer, depthwiseWeight(kernel)));
  return finished(layer, modules, [...sizes, convolution.outChannels]);
};

const separableConv2d: Converter = (layer) => {
  const [kernel, mixing] = [layer.weight("depthwise_kernel"), layer.weight("pointwise_kernel")];
  const { modules, convolution, sizes } = depthwise(layer, kernel, false);
  convolution.loadStateDict({ weight: depthwiseWeight(kernel) });
  const [, , inputs = 0, outputs = 0] = mixing.shape;
  const pointwise = new Conv2d(inputs, outputs, 1, { bias: layer.config.boolean("use_bias", true) });
  pointwise.loadStateDict(state(layer, mixing.permute([3, 2, 0, 1])));
  return finished(layer, [...modules, pointwise], [...sizes, outputs]);
};

/** The transpose of a convolution: what its padding would add is cut off, the smaller half at the beginning. */
const conv2dTranspose: Converter = (layer) => {
  const [height, width] = imageInput(layer);
  const kernel = layer.weight("kernel");
  const [kernelHeight = 1, kernelWidth = 1, outputs = 0, inputs = 0] = kernel.shape;
  layer.config.requireDefault("dilation_rate", 1, [1, 1]);
  const stride = layer.config.sizes("strides", 2, 1);
  const same = layer.config.string("padding", "valid") === "same";
  const surplus = [kernelHeight, kernelWidth].map((size, axis) => size - (stride[axis] ?? 1));
  const transposed = new ConvTranspose2d(inputs, outputs, [kernelHeight, kernelWidth], { stride, outputPadding: surplus.map((each) => Math.max(0, -each)), bias: layer.config.boolean("use_bias", true) });
  transposed.loadStateDict(state(layer, kernel.permute([3, 2, 0, 1])));
  const cuts = surplus.map((each) => (same ? [-Math.floor(Math.max(0, each) / 2), -Math.ceil(Math.max(0, each) / 2)] as const : [0, 0] as const));
  const cut = cuts.some((pair) => pair.some((each) => each < 0)) ? [new ZeroPad2d(cuts)] : [];
  const sizes = [height, width].map((size, axis) => (size === null ? null : size * (stride[axis] ?? 1) + (same ? 0 : Math.max(0, surplus[axis] ?? 0))));
  return finished(layer, [transposed, ...cut], [...sizes, outputs]);
};

export const convolutionLayers: Readonly<Record<string, Converter>> = {
  Conv1D: conv1d, Conv2D: conv2d, Conv2DTranspose: conv2dTranspose, DepthwiseConv2D: depthwiseConv2d, SeparableConv2D: separableConv2d,
};
