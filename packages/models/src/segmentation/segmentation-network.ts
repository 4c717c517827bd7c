import { Module, type TensorModule } from "@nn/layers";
import { interpolate, UsageError, type Tensor } from "@nn/tensor";
import { ResNetBackbone, type ResNetArchitecture } from "../vision/resnet.js";
import type { OptionKinds } from "@nn/tensor/extend";

/** Options of the segmentation networks with a residual backbone, with torchvision's names. */
export interface SegmentationOptions {
  /** The number of classes of a pixel; default 21, those of Pascal VOC. */
  readonly numClasses?: number | undefined;
  /** Whether there is an auxiliary classifier after `layer3` of the backbone, which is used in training only; default false. */
  readonly auxLoss?: boolean | undefined;
}

/** The options of these networks. */
export const segmentationOptions: OptionKinds<SegmentationOptions> = { numClasses: "count", auxLoss: "boolean" };

/** The logits of each pixel, and those of the auxiliary classifier. */
export interface SegmentationOutput {
  readonly out: Tensor;
  readonly aux: Tensor;
}

/** The name of a backbone. */
export type SegmentationBackbone = "resnet50" | "resnet101";

/** The residual networks that serve as a backbone. Their last two stages dilate, so that they keep an eighth of the size of the image. */
const backbones = {
  resnet50: { block: "Bottleneck", layers: [3, 4, 6, 3], replaceStrideWithDilation: [false, true, true] },
  resnet101: { block: "Bottleneck", layers: [3, 4, 23, 3], replaceStrideWithDilation: [false, true, true] },
} as const satisfies Readonly<Record<SegmentationBackbone, ResNetArchitecture>>;

/** The names of the backbones. */
export const segmentationBackbones = Object.keys(backbones) as readonly SegmentationBackbone[];

/** Base of FCN and DeepLab v3, which differ in their classifier. */
export abstract class SegmentationNetwork extends Module {
  readonly backbone: ResNetBackbone;
  readonly classifier: TensorModule;
  readonly auxClassifier: TensorModule | undefined;

  constructor(backbone: SegmentationBackbone, classifierOf: (channels: number) => TensorModule, auxClassifier: TensorModule | undefined) {
    super();
    this.backbone = new ResNetBackbone(backbones[backbone]);
    this.classifier = classifierOf(this.backbone.outChannels);
    this.auxClassifier = auxClassifier;
  }

  forward(x: Tensor): Tensor {
    return resized(this.classifier.forward(this.backbone.forward(x)), x);
  }

  /**
   * The logits, and those of the auxiliary classifier, for a loss such as `out + 0.5 · aux` of their cross-entropies.
   * @throws UsageError for a network without an auxiliary classifier.
   */
  forwardWithAux(x: Tensor): SegmentationOutput {
    if (this.auxClassifier === undefined) throw new UsageError(`${this.constructor.name}: it has no auxiliary classifier; give auxLoss: true, or call forward`);
    const { layer3, layer4 } = this.backbone.stages(x);
    return { out: resized(this.classifier.forward(layer4), x), aux: resized(this.auxClassifier.forward(layer3), x) };
  }
}

/** Resizes logits to the size of an image. */
export function resized(logits: Tensor, image: Tensor): Tensor {
  return interpolate(logits, { size: image.shape.slice(2), mode: "bilinear" });
}
