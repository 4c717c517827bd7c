import { Dropout, Linear, Module, Sequential, SiLU, SqueezeExcitation, StochasticDepth, takeOptions, type BatchNormOptions, type TensorModule } from "@nn/layers";
import { mean, uniform, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { divisibleChannels } from "../blocks/channels.js";
import { ConvNormActivation } from "../blocks/conv-norm-activation.js";
import { fanOutNormal, withZeroBias } from "../blocks/initializers.js";

/** Options of all EfficientNets, with torchvision's names. */
export interface EfficientNetOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Probability of dropping an input of the classifier; the default is the published one, 0.2 to 0.5. */
  readonly dropout?: number | undefined;
  /** Probability of skipping the last block; it grows from 0 at the first one. Default 0.2. */
  readonly stochasticDepthProb?: number | undefined;
}

/** Options of {@link EfficientNet}: the architecture, and the options that all have. */
export interface EfficientNetArchitecture extends EfficientNetOptions {
  /** Factor of the number of channels; default 1, B0. */
  readonly widthMult?: number | undefined;
  /** Factor of the number of blocks of each stage, rounded up; default 1, B0. */
  readonly depthMult?: number | undefined;
  /** Options of the batch normalisations; default those of `BatchNorm2d`. */
  readonly norm?: Pick<BatchNormOptions, "epsilon" | "momentum"> | undefined;
}

const efficientnetOptions: OptionKinds<EfficientNetOptions> = { numClasses: "count", inChannels: "count", dropout: "probability", stochasticDepthProb: "probability" };
const architectureOptions: OptionKinds<EfficientNetArchitecture> = { ...efficientnetOptions, widthMult: "positive", depthMult: "positive", norm: "any" };

/** The stages of B0. */
const stages: readonly (readonly [expansion: number, kernel: number, stride: number, inChannels: number, outChannels: number, count: number])[] = [
  [1, 3, 1, 32, 16, 1],
  [6, 3, 2, 16, 24, 2],
  [6, 5, 2, 24, 40, 2],
  [6, 3, 2, 40, 80, 3],
  [6, 5, 1, 80, 112, 3],
  [6, 5, 2, 112, 192, 4],
  [6, 3, 1, 192, 320, 1],
];

/** A block with all its numbers. */
interface BlockPlan {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly expansion: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly norm: BatchNormOptions | undefined;
  readonly dropped: number;
}

/** Expands the channels, convolves each, weights them by squeeze and excitation, and reduces them without an activation. Where the shape stays, the input is added. */
class MBConv extends Module {
  readonly block: TensorModule;
  readonly stochasticDepth: StochasticDepth;
  readonly #addsInput: boolean;

  constructor({ inChannels, outChannels, expansion, kernelSize, stride, norm, dropped }: BlockPlan) {
    super();
    const expanded = divisibleChannels(inChannels * expansion);
    this.block = new Sequential(
      ...(expanded === inChannels ? [] : [new ConvNormActivation(inChannels, expanded, { kernelSize: 1, norm, activation: new SiLU() })]),
      new ConvNormActivation(expanded, expanded, { kernelSize, stride, groups: expanded, norm, activation: new SiLU() }),
      new SqueezeExcitation(expanded, Math.max(1, Math.floor(inChannels / 4)), { ...withZeroBias(fanOutNormal), activation: new SiLU() }),
      new ConvNormActivation(expanded, outChannels, { kernelSize: 1, norm, activation: null }),
    );
    this.stochasticDepth = new StochasticDepth(dropped);
    this.#addsInput = stride === 1 && inChannels === outChannels;
  }

  forward(x: Tensor): Tensor {
    const output = this.block.forward(x);
    return this.#addsInput ? this.stochasticDepth.forward(output).add(x) : output;
  }
}

/**
 * EfficientNets (Tan and Le 2019, "EfficientNet: rethinking model scaling for convolutional neural networks"), with torchvision's names of parameters. B1 to B7 are B0 with more
 * channels, blocks and pixels: {@link efficientnetB0} and the other functions.
 *
 * | stage of B0 | output for 224 × 224 |
 * | --- | --- |
 * | 3 × 3, stride 2 | `[N, 32, 112, 112]` |
 * | 1 block 3 × 3, expansion 1 | `[N, 16, 112, 112]` |
 * | 2 blocks 3 × 3, expansion 6 | `[N, 24, 56, 56]` |
 * | 2 blocks 5 × 5 | `[N, 40, 28, 28]` |
 * | 3 blocks 3 × 3 | `[N, 80, 14, 14]` |
 * | 3 blocks 5 × 5 | `[N, 112, 14, 14]` |
 * | 4 blocks 5 × 5 | `[N, 192, 7, 7]` |
 * | 1 block 3 × 3 | `[N, 320, 7, 7]` |
 * | 1 × 1 | `[N, 1280, 7, 7]` |
 * | mean over the image, dropout, linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 */
export class EfficientNet extends Module {
  readonly features: TensorModule;
  readonly classifier: TensorModule;

  constructor(options: EfficientNetArchitecture = {}) {
    super();
    takeOptions("EfficientNet", this, options, architectureOptions);
    const { widthMult = 1, depthMult = 1, norm, numClasses = 1000, inChannels = 3, dropout = 0.2, stochasticDepthProb = 0.2 } = options;
    const scaled = (channels: number): number => divisibleChannels(channels * widthMult);
    const counts = stages.map(([, , , , , count]) => Math.ceil(count * depthMult));
    const total = counts.reduce((sum, count) => sum + count, 0);
    let before = 0;
    const blocks = stages.map(([expansion, kernelSize, stride, from, to], stage) => new Sequential(...Array.from({ length: counts[stage] ?? 0 }, (_, at) => new MBConv({
      expansion, kernelSize, norm, inChannels: scaled(at === 0 ? from : to), outChannels: scaled(to), stride: at === 0 ? stride : 1,
      dropped: (stochasticDepthProb * before++) / total,
    }))));
    const last = scaled(320);
    this.features = new Sequential(
      new ConvNormActivation(inChannels, scaled(32), { stride: 2, norm, activation: new SiLU() }),
      ...blocks,
      new ConvNormActivation(last, 4 * last, { kernelSize: 1, norm, activation: new SiLU() }),
    );
    const bound = 1 / Math.sqrt(numClasses);
    this.classifier = new Sequential(new Dropout(dropout), new Linear(4 * last, numClasses, withZeroBias((shape, common) => uniform(shape, { ...common, low: -bound, high: bound }))));
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(mean(this.features.forward(x), [2, 3]));
  }
}

function published(name: string, options: EfficientNetOptions, architecture: EfficientNetArchitecture): EfficientNet {
  requireOptions(name, options, efficientnetOptions);
  const { dropout = architecture.dropout } = options;
  return new EfficientNet({ ...options, ...architecture, dropout });
}

/** The batch normalisation of B5, B6 and B7. */
const norm = { epsilon: 0.001, momentum: 0.01 } as const;

/** EfficientNet-B0, for 224 × 224: 5,288,548 parameters. See {@link EfficientNet}. */
export function efficientnetB0(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB0", options, { widthMult: 1, depthMult: 1, dropout: 0.2 });
}

/** EfficientNet-B1, for 240 × 240: 7,794,184 parameters. See {@link EfficientNet}. */
export function efficientnetB1(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB1", options, { widthMult: 1, depthMult: 1.1, dropout: 0.2 });
}

/** EfficientNet-B2, for 288 × 288: 9,109,994 parameters. See {@link EfficientNet}. */
export function efficientnetB2(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB2", options, { widthMult: 1.1, depthMult: 1.2, dropout: 0.3 });
}

/** EfficientNet-B3, for 300 × 300: 12,233,232 parameters. See {@link EfficientNet}. */
export function efficientnetB3(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB3", options, { widthMult: 1.2, depthMult: 1.4, dropout: 0.3 });
}

/** EfficientNet-B4, for 380 × 380: 19,341,616 parameters. See {@link EfficientNet}. */
export function efficientnetB4(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB4", options, { widthMult: 1.4, depthMult: 1.8, dropout: 0.4 });
}

/** EfficientNet-B5, for 456 × 456: 30,389,784 parameters. See {@link EfficientNet}. */
export function efficientnetB5(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB5", options, { widthMult: 1.6, depthMult: 2.2, dropout: 0.4, norm });
}

/** EfficientNet-B6, for 528 × 528: 43,040,704 parameters. See {@link EfficientNet}. */
export function efficientnetB6(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB6", options, { widthMult: 1.8, depthMult: 2.6, dropout: 0.5, norm });
}

/** EfficientNet-B7, for 600 × 600: 66,347,960 parameters. See {@link EfficientNet}. */
export function efficientnetB7(options: EfficientNetOptions = {}): EfficientNet {
  return published("efficientnetB7", options, { widthMult: 2, depthMult: 3.1, dropout: 0.5, norm });
}
