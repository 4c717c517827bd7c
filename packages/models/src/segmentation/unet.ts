import { BatchNorm2d, Conv2d, ConvTranspose2d, Module, takeOptions, type TensorModule } from "@nn/layers";
import { concat, maxPool2d, relu, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { requireCounts } from "../blocks/requirements.js";

/** Options of {@link UNet}. */
export interface UNetOptions {
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** The number of classes of a pixel; default 2. */
  readonly outChannels?: number | undefined;
  /** The channels of each level; default `[64, 128, 256, 512, 1024]`. */
  readonly widths?: readonly number[] | undefined;
}

const unetOptions: OptionKinds<UNetOptions> = { inChannels: "count", outChannels: "count", widths: "list" };

/** Two 3 × 3 convolutions, each with batch normalisation and relu. */
class DoubleConvolution extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;

  constructor(inChannels: number, outChannels: number) {
    super();
    this.conv1 = new Conv2d(inChannels, outChannels, 3, { padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(outChannels);
    this.conv2 = new Conv2d(outChannels, outChannels, 3, { padding: 1, bias: false });
    this.bn2 = new BatchNorm2d(outChannels);
  }

  forward(x: Tensor): Tensor {
    const inner = relu(this.bn1.forward(this.conv1.forward(x)));
    return relu(this.bn2.forward(this.conv2.forward(inner)));
  }
}

/**
 * U-Net (Ronneberger et al. 2015, "U-Net: convolutional networks for biomedical image segmentation"), with padding, so that the result has the size of the image, and with batch
 * normalisation. 31,037,698 parameters.
 *
 * | level | on the way down | on the way up |
 * | --- | --- | --- |
 * | 0 | two convolutions: `[N, 64, H, W]` | two convolutions of what is there and what comes from below, `head`: `[N, outChannels, H, W]` |
 * | 1 | max pooling 2 × 2, two convolutions: `[N, 128, H / 2, W / 2]` | the same, transposed convolution 2 × 2, stride 2 |
 * | 2 | the same: `[N, 256, H / 4, W / 4]` | the same |
 * | 3 | the same: `[N, 512, H / 8, W / 8]` | the same |
 * | 4 | the same, `bottleneck`: `[N, 1024, H / 16, W / 16]` | transposed convolution |
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, outChannels, H, W]`, logits; H and W are multiples of 2 to the number of levels less one.
 * @throws ShapeError for images of other sizes.
 */
export class UNet extends Module {
  readonly encoder: readonly TensorModule[];
  readonly bottleneck: TensorModule;
  readonly up: readonly TensorModule[];
  readonly decoder: readonly TensorModule[];
  readonly head: Conv2d;

  constructor(options: UNetOptions = {}) {
    super();
    takeOptions("UNet", this, options, unetOptions);
    const { inChannels = 3, outChannels = 2, widths = [64, 128, 256, 512, 1024] } = options;
    requireCounts("UNet", "widths", widths);
    const [deepest = 0, ...upwards] = widths.toReversed();
    this.encoder = widths.slice(0, -1).map((width, at) => new DoubleConvolution(widths[at - 1] ?? inChannels, width));
    this.bottleneck = new DoubleConvolution(widths.at(-2) ?? inChannels, deepest);
    this.up = upwards.map((width, at) => new ConvTranspose2d(upwards[at - 1] ?? deepest, width, 2, { stride: 2 }));
    this.decoder = upwards.map((width) => new DoubleConvolution(2 * width, width));
    this.head = new Conv2d(widths[0] ?? deepest, outChannels, 1);
  }

  forward(x: Tensor): Tensor {
    requireTensor("UNet", x);
    const factor = 2 ** this.encoder.length;
    if (x.shape.slice(2).some((length) => length % factor !== 0)) throw new ShapeError(`UNet: input is ${formatShape(x.shape)}, expected [N, C, H, W] with multiples of ${factor} as H and W`);
    const skips: Tensor[] = [];
    let level = x;
    for (const stage of this.encoder) {
      skips.push(stage.forward(level));
      level = maxPool2d(skips.at(-1) as Tensor, 2);
    }
    level = this.bottleneck.forward(level);
    for (const [at, stage] of this.decoder.entries()) {
      const raised = (this.up[at] as TensorModule).forward(level);
      level = stage.forward(concat([skips.at(-1 - at) as Tensor, raised], 1));
    }
    return this.head.forward(level);
  }
}
