import { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, Dropout, Linear, MaxPool2d, Module, ReLU, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { flatten, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { fanOutNormal, normalWith, withZeroBias } from "../blocks/initializers.js";
import { requireGiven } from "../blocks/requirements.js";

/** Options that all VGG networks have, with torchvision's names. */
export interface VGGOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Probability of dropping an output of the first two linear layers; default 0.5. */
  readonly dropout?: number | undefined;
  /** Whether weights begin as published: convolutions as He et al. 2015, linear layers normal with standard deviation 0.01; else as the layers do. Default true. */
  readonly initWeights?: boolean | undefined;
}

/** Options of {@link VGG}: the architecture, and the options that all VGG networks have. */
export interface VGGArchitecture extends VGGOptions {
  /** The number of 3 × 3 convolutions: 11, 13, 16 or 19 layers with weights, less the three linear ones. */
  readonly depth: 11 | 13 | 16 | 19;
  /** Whether each convolution is followed by batch normalisation; default false. */
  readonly batchNorm?: boolean | undefined;
}

const vggOptions: OptionKinds<VGGOptions> = { numClasses: "count", inChannels: "count", dropout: "probability", initWeights: "boolean" };
const architectureOptions: OptionKinds<VGGArchitecture> = { ...vggOptions, depth: [11, 13, 16, 19], batchNorm: "boolean" };

/** The number of convolutions of each stage, by the number of layers: configurations A, B, D and E of the paper. */
const convolutions = { 11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] } as const;

/** The channels of each stage. */
const widths = [64, 128, 256, 512, 512] as const;

/**
 * VGG networks (Simonyan and Zisserman 2015, "Very deep convolutional networks for large-scale image recognition"), in torchvision's form, with its names of
 * parameters. {@link vgg11} and the other functions give the published architectures.
 *
 * | stage | output for 224 × 224 |
 * | --- | --- |
 * | 1 or 2 convolutions 3 × 3 with relu, max pooling 2 × 2 | `[N, 64, 112, 112]` |
 * | 1 or 2 convolutions, max pooling | `[N, 128, 56, 56]` |
 * | 2 to 4 convolutions, max pooling | `[N, 256, 28, 28]` |
 * | 2 to 4 convolutions, max pooling | `[N, 512, 14, 14]` |
 * | 2 to 4 convolutions, max pooling | `[N, 512, 7, 7]` |
 * | linear, relu, dropout; linear, relu, dropout | `[N, 4096]` |
 * | linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]` of at least 32 × 32, output `[N, numClasses]`.
 */
export class VGG extends Module {
  readonly features: TensorModule;
  readonly avgpool = new AdaptiveAvgPool2d(7);
  readonly classifier: TensorModule;

  constructor(options: VGGArchitecture) {
    super();
    takeOptions("VGG", this, options, architectureOptions);
    requireGiven("VGG", options, ["depth"]);
    const { depth, batchNorm = false, inChannels = 3, numClasses = 1000, dropout = 0.5, initWeights = true } = options;
    const linear = initWeights ? withZeroBias(normalWith(0.01)) : {};
    this.features = featuresOf(inChannels, convolutions[depth], batchNorm, initWeights);
    this.classifier = new Sequential(
      new Linear(512 * 7 * 7, 4096, linear), new ReLU(), new Dropout(dropout),
      new Linear(4096, 4096, linear), new ReLU(), new Dropout(dropout),
      new Linear(4096, numClasses, linear),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(flatten(this.avgpool.forward(this.features.forward(x)), 1));
  }
}

function featuresOf(inChannels: number, counts: readonly number[], batchNorm: boolean, initWeights: boolean): TensorModule {
  const initial = initWeights ? withZeroBias(fanOutNormal) : {};
  let channels = inChannels;
  const stage = (width: number, count: number): TensorModule[] => {
    const layers = Array.from({ length: count }).flatMap((): TensorModule[] => {
      const convolution = new Conv2d(channels, width, 3, { padding: 1, ...initial });
      channels = width;
      return [convolution, ...(batchNorm ? [new BatchNorm2d(width)] : []), new ReLU()];
    });
    return [...layers, new MaxPool2d(2)];
  };
  return new Sequential(...widths.flatMap((width, at) => stage(width, counts[at] ?? 0)));
}

function published(name: string, options: VGGOptions, architecture: VGGArchitecture): VGG {
  requireOptions(name, options, vggOptions);
  return new VGG({ ...options, ...architecture });
}

/** VGG-11, configuration A: 132,863,336 parameters. See {@link VGG}. */
export function vgg11(options: VGGOptions = {}): VGG {
  return published("vgg11", options, { depth: 11 });
}

/** VGG-13, configuration B: 133,047,848 parameters. See {@link VGG}. */
export function vgg13(options: VGGOptions = {}): VGG {
  return published("vgg13", options, { depth: 13 });
}

/** VGG-16, configuration D: 138,357,544 parameters. See {@link VGG}. */
export function vgg16(options: VGGOptions = {}): VGG {
  return published("vgg16", options, { depth: 16 });
}

/** VGG-19, configuration E: 143,667,240 parameters. See {@link VGG}. */
export function vgg19(options: VGGOptions = {}): VGG {
  return published("vgg19", options, { depth: 19 });
}

/** VGG-11 with batch normalisation: 132,868,840 parameters. See {@link VGG}. */
export function vgg11Bn(options: VGGOptions = {}): VGG {
  return published("vgg11Bn", options, { depth: 11, batchNorm: true });
}

/** VGG-13 with batch normalisation: 133,053,736 parameters. See {@link VGG}. */
export function vgg13Bn(options: VGGOptions = {}): VGG {
  return published("vgg13Bn", options, { depth: 13, batchNorm: true });
}

/** VGG-16 with batch normalisation: 138,365,992 parameters. See {@link VGG}. */
export function vgg16Bn(options: VGGOptions = {}): VGG {
  return published("vgg16Bn", options, { depth: 16, batchNorm: true });
}

/** VGG-19 with batch normalisation: 143,678,248 parameters. See {@link VGG}. */
export function vgg19Bn(options: VGGOptions = {}): VGG {
  return published("vgg19Bn", options, { depth: 19, batchNorm: true });
}
