import { BatchNorm2d, Conv2d, Dropout, Linear, Module, ReLU6, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { mean, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { divisibleChannels } from "../blocks/channels.js";
import { ConvNormActivation } from "../blocks/conv-norm-activation.js";
import { fanOutNormal, normalWith, withZeroBias } from "../blocks/initializers.js";
import { requireCounts, requireStages } from "../blocks/requirements.js";

/** A stage of {@link MobileNetV2}: how many times a block expands the channels, the channels, the number of blocks, and the stride of the first one. */
export type MobileNetV2Stage = readonly [expansion: number, channels: number, count: number, stride: number];

/** Options of {@link MobileNetV2}, with torchvision's names. */
export interface MobileNetV2Options {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Factor of the number of channels; default 1. */
  readonly widthMult?: number | undefined;
  /** The stages; default those of the paper. */
  readonly invertedResidualSetting?: readonly MobileNetV2Stage[] | undefined;
  /** What divides the number of channels; default 8. */
  readonly roundNearest?: number | undefined;
  /** Probability of dropping an input of the classifier; default 0.2. */
  readonly dropout?: number | undefined;
}

const mobilenetOptions: OptionKinds<MobileNetV2Options> = {
  numClasses: "count", inChannels: "count", widthMult: "positive", invertedResidualSetting: "list", roundNearest: "count", dropout: "probability",
};

const paper: readonly MobileNetV2Stage[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** Expands the channels by a 1 × 1 convolution, convolves each, and reduces them again without an activation. Where the shape stays, the input is added. */
class InvertedResidual extends Module {
  readonly conv: TensorModule;
  readonly #addsInput: boolean;

  constructor(inChannels: number, outChannels: number, stride: number, expansion: number) {
    super();
    const hidden = Math.round(inChannels * expansion);
    const expand = expansion === 1 ? [] : [new ConvNormActivation(inChannels, hidden, { kernelSize: 1, activation: new ReLU6() })];
    this.conv = new Sequential(
      ...expand,
      new ConvNormActivation(hidden, hidden, { stride, groups: hidden, activation: new ReLU6() }),
      new Conv2d(hidden, outChannels, 1, { bias: false, initializeWeight: fanOutNormal }),
      new BatchNorm2d(outChannels),
    );
    this.#addsInput = stride === 1 && inChannels === outChannels;
  }

  forward(x: Tensor): Tensor {
    const output = this.conv.forward(x);
    return this.#addsInput ? x.add(output) : output;
  }
}

/**
 * MobileNet v2 (Sandler et al. 2018, "MobileNetV2: inverted residuals and linear bottlenecks"), with torchvision's names of parameters. 3,504,872 parameters.
 *
 * | stage (expansion t, channels c, blocks n, stride s) | output for 224 × 224 |
 * | --- | --- |
 * | 3 × 3, stride 2 | `[N, 32, 112, 112]` |
 * | t 1, c 16, n 1, s 1 | `[N, 16, 112, 112]` |
 * | t 6, c 24, n 2, s 2 | `[N, 24, 56, 56]` |
 * | t 6, c 32, n 3, s 2 | `[N, 32, 28, 28]` |
 * | t 6, c 64, n 4, s 2 | `[N, 64, 14, 14]` |
 * | t 6, c 96, n 3, s 1 | `[N, 96, 14, 14]` |
 * | t 6, c 160, n 3, s 2 | `[N, 160, 7, 7]` |
 * | t 6, c 320, n 1, s 1 | `[N, 320, 7, 7]` |
 * | 1 × 1 | `[N, 1280, 7, 7]` |
 * | mean over the image, dropout, linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 * @throws ArgumentError if a stage does not consist of four positive whole numbers.
 */
export class MobileNetV2 extends Module {
  readonly features: TensorModule;
  readonly classifier: TensorModule;

  constructor(options: MobileNetV2Options = {}) {
    super();
    takeOptions("MobileNetV2", this, options, mobilenetOptions);
    requireMobilenet("MobileNetV2", options);
    const { numClasses = 1000, inChannels = 3, widthMult = 1, invertedResidualSetting = paper, roundNearest = 8, dropout = 0.2 } = options;
    const scaled = (channels: number): number => divisibleChannels(channels * widthMult, roundNearest);
    let channels = scaled(32);
    const layers: TensorModule[] = [new ConvNormActivation(inChannels, channels, { stride: 2, activation: new ReLU6() })];
    for (const [expansion, width, count, stride] of invertedResidualSetting) {
      for (let at = 0; at < count; at++) {
        layers.push(new InvertedResidual(channels, scaled(width), at === 0 ? stride : 1, expansion));
        channels = scaled(width);
      }
    }
    const last = divisibleChannels(1280 * Math.max(1, widthMult), roundNearest);
    this.features = new Sequential(...layers, new ConvNormActivation(channels, last, { kernelSize: 1, activation: new ReLU6() }));
    this.classifier = new Sequential(new Dropout(dropout), new Linear(last, numClasses, withZeroBias(normalWith(0.01))));
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(mean(this.features.forward(x), [2, 3]));
  }
}

function requireMobilenet(operation: string, options: MobileNetV2Options): void {
  requireOptions(operation, options, mobilenetOptions);
  const { invertedResidualSetting = paper } = options;
  for (const stage of requireStages(operation, "invertedResidualSetting", invertedResidualSetting)) requireCounts(operation, "a stage of invertedResidualSetting", stage, 4);
}

/** {@link MobileNetV2}, under torchvision's name. */
export function mobilenetV2(options: MobileNetV2Options = {}): MobileNetV2 {
  requireMobilenet("mobilenetV2", options);
  return new MobileNetV2(options);
}
