import type { PaddingMode } from "@nn/layers";
import { pad, reshape, ShapeError, squeeze, unfold, unsqueeze, type PerAxis, type SpatialPadding, type Tensor } from "@nn/tensor";
import { formatShape, paddingPerAxis, perAxis, requireDType, requireKind, requireOptions, requireTensor, sizeOf, windowCount, type OptionKinds, type Padding } from "@nn/tensor/extend";

/** Options of `QuantizedConv2d` and `Bfloat16Conv2d`: those of `Conv2d`, without groups. */
export interface QuantizedConv2dOptions {
  /** The distance between windows; default 1. */
  readonly stride?: PerAxis | undefined;
  /** The padding before and after each axis; default 0. */
  readonly padding?: SpatialPadding | undefined;
  /** The distance between the elements of a window; default 1. */
  readonly dilation?: PerAxis | undefined;
  /** The content of the padding; default `"zeros"`. */
  readonly paddingMode?: PaddingMode | undefined;
  /** Whether each output channel adds a number; default true. */
  readonly bias?: boolean | undefined;
}

const convolutionOptions: OptionKinds<QuantizedConv2dOptions> = {
  stride: "any", padding: "any", dilation: "any", paddingMode: ["zeros", "reflect", "symmetric", "replicate", "circular"], bias: "boolean",
};

/** A convolution without groups. */
export interface Convolution {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: Padding;
  readonly dilation: readonly number[];
  readonly paddingMode: PaddingMode;
}

/** A convolution from the arguments of a constructor, which it checks. */
export function convolutionOf(operation: string, inChannels: number, outChannels: number, kernelSize: PerAxis, options: QuantizedConv2dOptions): Convolution & { readonly inputs: number; readonly hasBias: boolean } {
  requireKind(operation, "inChannels", inChannels, "count");
  requireKind(operation, "outChannels", outChannels, "count");
  requireOptions(operation, options, convolutionOptions);
  const { stride = 1, padding = 0, dilation = 1, paddingMode = "zeros", bias = true } = options;
  const kernel = perAxis(operation, "kernelSize", kernelSize, 2, 1);
  return {
    inChannels, outChannels, kernelSize: kernel, stride: perAxis(operation, "stride", stride, 2, 1), padding: paddingPerAxis(operation, padding, 2),
    dilation: perAxis(operation, "dilation", dilation, 2, 1), paddingMode, inputs: inChannels * sizeOf(kernel), hasBias: bias,
  };
}

/** The outputs of a convolution, by a product `[N, inputs, m]` to `[N, outChannels, m]` of patches of the image; with a kernel of 1 x 1, of the image itself. */
export function overPatches(operation: string, x: Tensor, convolution: Convolution, product: (patches: Tensor) => Tensor): Tensor {
  requireTensor(operation, x);
  requireDType(operation, x.dtype, ["float32"]);
  if (x.rank === 3) return squeeze(overPatches(operation, unsqueeze(x, 0), convolution, product), 0);
  const { inChannels, outChannels, stride, dilation, padding, kernelSize, paddingMode } = convolution;
  if (x.rank !== 4 || x.shape[1] !== inChannels) {
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [N, ${inChannels}, H, W] or [${inChannels}, H, W]`);
  }
  const isPadded = padding.some(([low, high]) => low > 0 || high > 0);
  const image = isPadded ? pad(x, padding, { mode: paddingMode === "zeros" ? "constant" : paddingMode }) : x;
  const [batch = 0, channels = 0, ...spatial] = image.shape;
  const windows = spatial.map((length, axis) => windowCount(length, kernelSize[axis] ?? 1, stride[axis] ?? 1, [0, 0], 1, dilation[axis] ?? 1));
  const isPointwise = [...kernelSize, ...stride].every((size) => size === 1);
  const patches = isPointwise ? reshape(image, [batch, channels, sizeOf(spatial)]) : unfold(image, pair(kernelSize), { stride: pair(stride), dilation: pair(dilation) });
  return reshape(product(patches), [batch, outChannels, ...windows]);
}

const pair = ([height = 1, width = 1]: readonly number[]): readonly [number, number] => [height, width];
