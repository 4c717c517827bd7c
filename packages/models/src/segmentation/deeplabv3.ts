import { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, Dropout, Module, ReLU, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { concat, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireGiven } from "../blocks/requirements.js";
import { FCNHead } from "./fcn.js";
import { resized, segmentationBackbones, SegmentationNetwork, segmentationOptions, type SegmentationBackbone, type SegmentationOptions } from "./segmentation-network.js";

/** Options of {@link DeepLabV3}. */
export interface DeepLabV3Architecture extends SegmentationOptions {
  readonly backbone: SegmentationBackbone;
}

const architectureOptions: OptionKinds<DeepLabV3Architecture> = { ...segmentationOptions, backbone: segmentationBackbones };

const width = 256;

/** The dilations of the pyramid. */
const dilations = [12, 24, 36] as const;

const convolution = (inChannels: number, kernelSize: 1 | 3, dilation = 1): TensorModule[] => [
  new Conv2d(inChannels, width, kernelSize, { dilation, padding: kernelSize === 3 ? dilation : 0, bias: false }), new BatchNorm2d(width), new ReLU(),
];

/** The mean over the image, in a branch of the pyramid: it is the same for every pixel. */
class ImagePooling extends Sequential {
  constructor(inChannels: number) {
    super(new AdaptiveAvgPool2d(1), ...convolution(inChannels, 1));
  }

  override forward(x: Tensor): Tensor {
    return resized(super.forward(x), x);
  }
}

/** Atrous spatial pyramid pooling: convolutions of several dilations and the mean over the image, side by side. */
class SpatialPyramid extends Module {
  readonly convs: readonly TensorModule[];
  readonly project: TensorModule;

  constructor(inChannels: number) {
    super();
    this.convs = [
      new Sequential(...convolution(inChannels, 1)),
      ...dilations.map((dilation) => new Sequential(...convolution(inChannels, 3, dilation))),
      new ImagePooling(inChannels),
    ];
    this.project = new Sequential(...convolution(this.convs.length * width, 1), new Dropout(0.5));
  }

  forward(x: Tensor): Tensor {
    return this.project.forward(concat(this.convs.map((branch) => branch.forward(x)), 1));
  }
}

/**
 * DeepLab v3 (Chen et al. 2017, "Rethinking atrous convolution for semantic image segmentation") with a residual backbone, with torchvision's names of parameters. {@link deeplabv3Resnet50} and
 * {@link deeplabv3Resnet101} are the published ones.
 *
 * | part | output |
 * | --- | --- |
 * | `backbone`, whose last two stages dilate | `[N, 2048, H / 8, W / 8]` |
 * | pyramid: 1 × 1, 3 × 3 with dilations 12, 24 and 36, the mean over the image; 1 × 1 of all | `[N, 256, H / 8, W / 8]` |
 * | 3 × 3, relu, 1 × 1 | `[N, numClasses, H / 8, W / 8]` |
 * | bilinear interpolation | `[N, numClasses, H, W]` |
 *
 * `forward` gives the logits. For training with the auxiliary classifier, `forwardWithAux` gives its logits too.
 *
 * Shapes: input `[N, 3, H, W]`, output `[N, numClasses, H, W]`. In training, N is at least 2: the mean over the image is normalised over the batch.
 */
export class DeepLabV3 extends SegmentationNetwork {
  constructor(options: DeepLabV3Architecture) {
    requireOptions("DeepLabV3", options, architectureOptions);
    requireGiven("DeepLabV3", options, ["backbone"]);
    const { backbone, numClasses = 21, auxLoss = false } = options;
    super(
      backbone,
      (channels) => new Sequential(new SpatialPyramid(channels), ...convolution(width, 3), new Conv2d(width, numClasses, 1)),
      auxLoss ? new FCNHead(1024, numClasses) : undefined,
    );
    takeOptions("DeepLabV3", this, options, architectureOptions);
  }
}

/** DeepLab v3 with ResNet-50: 39,638,869 parameters, 42,004,074 with the auxiliary classifier. See {@link DeepLabV3}. */
export function deeplabv3Resnet50(options: SegmentationOptions = {}): DeepLabV3 {
  requireOptions("deeplabv3Resnet50", options, segmentationOptions);
  return new DeepLabV3({ ...options, backbone: "resnet50" });
}

/** DeepLab v3 with ResNet-101: 58,630,997 parameters, 60,996,202 with the auxiliary classifier. See {@link DeepLabV3}. */
export function deeplabv3Resnet101(options: SegmentationOptions = {}): DeepLabV3 {
  requireOptions("deeplabv3Resnet101", options, segmentationOptions);
  return new DeepLabV3({ ...options, backbone: "resnet101" });
}
