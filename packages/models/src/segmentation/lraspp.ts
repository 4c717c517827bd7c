import { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, Module, ReLU, Sequential, Sigmoid, takeOptions, type TensorModule } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { mobilenetV3Trunk } from "../vision/mobilenet-v3.js";
import { resized } from "./segmentation-network.js";

/** Options of {@link LRASPP}, with torchvision's names. */
export interface LRASPPOptions {
  /** The number of classes of a pixel; default 21, those of Pascal VOC. */
  readonly numClasses?: number | undefined;
}

const lrasppOptions: OptionKinds<LRASPPOptions> = { numClasses: "count" };

const width = 128;

/** Classifies features of an eighth and of a sixteenth of the size of the image, the latter weighted by their mean over the image. */
class LRASPPHead extends Module {
  readonly cbr: TensorModule;
  readonly scale: TensorModule;
  readonly lowClassifier: Conv2d;
  readonly highClassifier: Conv2d;

  constructor(lowChannels: number, highChannels: number, numClasses: number) {
    super();
    this.cbr = new Sequential(new Conv2d(highChannels, width, 1, { bias: false }), new BatchNorm2d(width), new ReLU());
    this.scale = new Sequential(new AdaptiveAvgPool2d(1), new Conv2d(highChannels, width, 1, { bias: false }), new Sigmoid());
    this.lowClassifier = new Conv2d(lowChannels, numClasses, 1);
    this.highClassifier = new Conv2d(width, numClasses, 1);
  }

  forward(low: Tensor, high: Tensor): Tensor {
    const weighted = this.cbr.forward(high).mul(this.scale.forward(high));
    return this.lowClassifier.forward(low).add(this.highClassifier.forward(resized(weighted, low)));
  }
}

/**
 * Lite R-ASPP (Howard et al. 2019, "Searching for MobileNetV3") with the large MobileNet v3, with torchvision's names of parameters. 3,221,538 parameters.
 *
 * | part | output |
 * | --- | --- |
 * | `backbone` up to its fifth layer | `[N, 40, H / 8, W / 8]` |
 * | `backbone`, whose last stage dilates | `[N, 960, H / 16, W / 16]` |
 * | `classifier` of both | `[N, numClasses, H / 8, W / 8]` |
 * | bilinear interpolation | `[N, numClasses, H, W]` |
 *
 * Shapes: input `[N, 3, H, W]`, output `[N, numClasses, H, W]`, logits.
 */
export class LRASPP extends Module {
  readonly backbone: readonly TensorModule[];
  readonly classifier: Module;
  readonly #head: LRASPPHead;
  /** The index of the last layer that keeps an eighth of the size of the image. */
  readonly #low: number;

  constructor(options: LRASPPOptions = {}) {
    super();
    takeOptions("LRASPP", this, options, lrasppOptions);
    const { layers, channels, stageEnds } = mobilenetV3Trunk({ variant: "large", dilated: true });
    this.#low = stageEnds.at(-4) ?? 0;
    this.backbone = layers;
    this.#head = new LRASPPHead(channels[this.#low] ?? 0, channels.at(-1) ?? 0, options.numClasses ?? 21);
    this.classifier = this.#head;
  }

  forward(x: Tensor): Tensor {
    const low = this.backbone.slice(0, this.#low + 1).reduce((input, layer) => layer.forward(input), x);
    const high = this.backbone.slice(this.#low + 1).reduce((input, layer) => layer.forward(input), low);
    return resized(this.#head.forward(low, high), x);
  }
}

/** {@link LRASPP}, under torchvision's name. */
export function lrasppMobilenetV3Large(options: LRASPPOptions = {}): LRASPP {
  requireOptions("lrasppMobilenetV3Large", options, lrasppOptions);
  return new LRASPP(options);
}
