import type { PaddingMode } from "@nn/layers";
import { pad, reshape, ShapeError, squeeze, unfold, unsqueeze, type PerAxis, type SpatialPadding, type Tensor } from "@nn/tensor";
import { formatShape, paddingPerAxis, perAxis, requireDType, requireKind, requireOptions, requireTensor, sizeOf, windowCount, type OptionKinds, type Padding } from "@nn/tensor/extend";
import { QuantizedLayer } from "./quantized-layer.js";

/** Options of `QuantizedConv2d`: those of `Conv2d`, without groups. */
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

/**
 * `Conv2d` with whole numbers, without groups: see {@link QuantizedLayer}. It multiplies the patches of the image by the weights; with a kernel of 1 x 1, the image
 * itself. `quantize` makes it.
 *
 * Shapes: input `[N, inChannels, H, W]` or `[inChannels, H, W]`, output `[N, outChannels, H′, W′]`, sizes as for `Conv2d`.
 * @throws ShapeError if the input does not fit.
 * @throws DTypeError if the input is not float32.
 */
export class QuantizedConv2d extends QuantizedLayer {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: Padding;
  readonly dilation: readonly number[];
  readonly paddingMode: PaddingMode;

  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: QuantizedConv2dOptions = {}) {
    const operation = "QuantizedConv2d";
    requireKind(operation, "inChannels", inChannels, "count");
    requireKind(operation, "outChannels", outChannels, "count");
    requireOptions(operation, options, convolutionOptions);
    const { stride = 1, padding = 0, dilation = 1, paddingMode = "zeros", bias = true } = options;
    const kernel = perAxis(operation, "kernelSize", kernelSize, 2, 1);
    super(inChannels * sizeOf(kernel), outChannels, bias);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernel;
    this.stride = perAxis(operation, "stride", stride, 2, 1);
    this.padding = paddingPerAxis(operation, padding, 2);
    this.dilation = perAxis(operation, "dilation", dilation, 2, 1);
    this.paddingMode = paddingMode;
  }

  forward(x: Tensor): Tensor {
    requireTensor("QuantizedConv2d", x);
    requireDType("QuantizedConv2d", x.dtype, ["float32"]);
    if (x.rank === 3) return squeeze(this.forward(unsqueeze(x, 0)), 0);
    if (x.rank !== 4 || x.shape[1] !== this.inChannels) {
      throw new ShapeError(`QuantizedConv2d: input is ${formatShape(x.shape)}, expected [N, ${this.inChannels}, H, W] or [${this.inChannels}, H, W]`);
    }
    const { stride, dilation, padding, kernelSize, paddingMode } = this;
    const isPadded = padding.some(([low, high]) => low > 0 || high > 0);
    const image = isPadded ? pad(x, padding, { mode: paddingMode === "zeros" ? "constant" : paddingMode }) : x;
    const [batch = 0, channels = 0, ...spatial] = image.shape;
    const windows = spatial.map((length, axis) => windowCount(length, kernelSize[axis] ?? 1, stride[axis] ?? 1, [0, 0], 1, dilation[axis] ?? 1));
    const isPointwise = [...kernelSize, ...stride].every((size) => size === 1);
    const patches = isPointwise ? reshape(image, [batch, channels, sizeOf(spatial)]) : unfold(image, pair(kernelSize), { stride: pair(stride), dilation: pair(dilation) });
    return reshape(this.outputsOf(patches, true), [batch, this.outChannels, ...windows]);
  }
}

const pair = ([height = 1, width = 1]: readonly number[]): readonly [number, number] => [height, width];
