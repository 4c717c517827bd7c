import { BatchNorm2d, Conv2d, Dropout, ReLU, Sequential, takeOptions } from "@nn/layers";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireGiven } from "../blocks/requirements.js";
import { segmentationBackbones, SegmentationNetwork, segmentationOptions, type SegmentationBackbone, type SegmentationOptions } from "./segmentation-network.js";

/** Options of {@link FCN}. */
export interface FCNArchitecture extends SegmentationOptions {
  readonly backbone: SegmentationBackbone;
}

const architectureOptions: OptionKinds<FCNArchitecture> = { ...segmentationOptions, backbone: segmentationBackbones };

/** A 3 × 3 convolution to a quarter of the channels, and a 1 × 1 convolution to the classes. DeepLab v3 uses it as its auxiliary classifier. */
export class FCNHead extends Sequential {
  constructor(inChannels: number, numClasses: number) {
    const hidden = Math.floor(inChannels / 4);
    super(new Conv2d(inChannels, hidden, 3, { padding: 1, bias: false }), new BatchNorm2d(hidden), new ReLU(), new Dropout(0.1), new Conv2d(hidden, numClasses, 1));
  }
}

/**
 * Fully convolutional networks (Long et al. 2015, "Fully convolutional networks for semantic segmentation") with a residual backbone, as torchvision has them, with its names of parameters.
 * {@link fcnResnet50} and {@link fcnResnet101} are the published ones.
 *
 * | part | output |
 * | --- | --- |
 * | `backbone`, whose last two stages dilate | `[N, 2048, H / 8, W / 8]` |
 * | `classifier`: 3 × 3, relu, dropout, 1 × 1 | `[N, numClasses, H / 8, W / 8]` |
 * | bilinear interpolation | `[N, numClasses, H, W]` |
 *
 * `forward` gives the logits. For training with the auxiliary classifier, `forwardWithAux` gives its logits too.
 *
 * Shapes: input `[N, 3, H, W]`, output `[N, numClasses, H, W]`.
 */
export class FCN extends SegmentationNetwork {
  constructor(options: FCNArchitecture) {
    requireOptions("FCN", options, architectureOptions);
    requireGiven("FCN", options, ["backbone"]);
    const { backbone, numClasses = 21, auxLoss = false } = options;
    super(backbone, (channels) => new FCNHead(channels, numClasses), auxLoss ? new FCNHead(1024, numClasses) : undefined);
    takeOptions("FCN", this, options, architectureOptions);
  }
}

/** FCN with ResNet-50: 32,957,013 parameters, 35,322,218 with the auxiliary classifier. See {@link FCN}. */
export function fcnResnet50(options: SegmentationOptions = {}): FCN {
  requireOptions("fcnResnet50", options, segmentationOptions);
  return new FCN({ ...options, backbone: "resnet50" });
}

/** FCN with ResNet-101: 51,949,141 parameters, 54,314,346 with the auxiliary classifier. See {@link FCN}. */
export function fcnResnet101(options: SegmentationOptions = {}): FCN {
  requireOptions("fcnResnet101", options, segmentationOptions);
  return new FCN({ ...options, backbone: "resnet101" });
}
