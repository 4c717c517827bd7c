import { AvgPool2d, BatchNorm2d, Conv2d, Dropout, Linear, MaxPool2d, Module, ReLU, kaimingNormal, takeOptions, type TensorModule } from "@nn/layers";
import { concat, mean, relu, zeros, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { NamedSequential } from "../blocks/named-sequential.js";
import { requireCounts } from "../blocks/requirements.js";

/** Options that all DenseNets have, with torchvision's names. */
export interface DenseNetOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** The factor of the channels inside a layer: `bnSize · growthRate` after its first convolution; default 4. */
  readonly bnSize?: number | undefined;
  /** Probability of dropping an output of a layer; default 0. */
  readonly dropRate?: number | undefined;
}

/** Options of {@link DenseNet}: the architecture, and the options that all DenseNets have. */
export interface DenseNetArchitecture extends DenseNetOptions {
  /** The channels that each layer adds; default 32. */
  readonly growthRate?: number | undefined;
  /** The number of layers of each block; default `[6, 12, 24, 16]`. */
  readonly blockConfig?: readonly number[] | undefined;
  /** The channels of the first convolution; default 64. */
  readonly numInitFeatures?: number | undefined;
}

const densenetOptions: OptionKinds<DenseNetOptions> = { numClasses: "count", inChannels: "count", bnSize: "count", dropRate: "probability" };
const architectureOptions: OptionKinds<DenseNetArchitecture> = { ...densenetOptions, growthRate: "count", blockConfig: "list", numInitFeatures: "count" };

const convolution = (inChannels: number, outChannels: number, kernelSize: number, options: { readonly stride?: number; readonly padding?: number } = {}): Conv2d =>
  new Conv2d(inChannels, outChannels, kernelSize, { ...options, bias: false, initializeWeight: kaimingNormal });

/** Normalisation, relu and a 1 × 1 convolution, then the same with 3 × 3. */
class DenseLayer extends Module {
  readonly norm1: BatchNorm2d;
  readonly conv1: Conv2d;
  readonly norm2: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly dropout: Dropout;

  constructor(inChannels: number, growthRate: number, bnSize: number, dropRate: number) {
    super();
    this.norm1 = new BatchNorm2d(inChannels);
    this.conv1 = convolution(inChannels, bnSize * growthRate, 1);
    this.norm2 = new BatchNorm2d(bnSize * growthRate);
    this.conv2 = convolution(bnSize * growthRate, growthRate, 3, { padding: 1 });
    this.dropout = new Dropout(dropRate);
  }

  forward(x: Tensor): Tensor {
    const reduced = this.conv1.forward(relu(this.norm1.forward(x)));
    return this.dropout.forward(this.conv2.forward(relu(this.norm2.forward(reduced))));
  }
}

/** Layers each of which sees the input of the block and the outputs of all layers before it. */
class DenseBlock extends Module {
  readonly #layers: readonly DenseLayer[];

  constructor(count: number, inChannels: number, growthRate: number, bnSize: number, dropRate: number) {
    super();
    this.#layers = Array.from({ length: count }, (_, at) => new DenseLayer(inChannels + at * growthRate, growthRate, bnSize, dropRate));
  }

  forward(x: Tensor): Tensor {
    return this.#layers.reduce((features, layer) => concat([features, layer.forward(features)], 1), x);
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return this.#layers.map((layer, at) => [`denselayer${at + 1}`, layer] as const);
  }
}

/** Halves the number of channels and the size of the image. */
const transition = (inChannels: number, outChannels: number): TensorModule =>
  new NamedSequential({ norm: new BatchNorm2d(inChannels), relu: new ReLU(), conv: convolution(inChannels, outChannels, 1), pool: new AvgPool2d(2) });

/**
 * DenseNets (Huang et al. 2017, "Densely connected convolutional networks"), with torchvision's names of parameters: each layer of a block sees the outputs of all layers
 * before it, and adds `growthRate` channels. {@link densenet121} and the other functions give the published architectures.
 *
 * | stage | output of DenseNet-121 for 224 × 224 |
 * | --- | --- |
 * | 7 × 7, stride 2, max pooling 3 × 3, stride 2 | `[N, 64, 56, 56]` |
 * | block of 6 layers, transition | `[N, 128, 28, 28]` |
 * | block of 12 layers, transition | `[N, 256, 14, 14]` |
 * | block of 24 layers, transition | `[N, 512, 7, 7]` |
 * | block of 16 layers | `[N, 1024, 7, 7]` |
 * | mean over the image, linear | `[N, numClasses]` |
 *
 * A transition halves the number of channels by a 1 × 1 convolution, and the size of the image by average pooling.
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 * @throws ArgumentError if `blockConfig` does not list positive whole numbers.
 */
export class DenseNet extends Module {
  readonly features: TensorModule;
  readonly classifier: Linear;

  constructor(options: DenseNetArchitecture = {}) {
    super();
    takeOptions("DenseNet", this, options, architectureOptions);
    const { growthRate = 32, blockConfig = [6, 12, 24, 16], numInitFeatures = 64, bnSize = 4, dropRate = 0, numClasses = 1000, inChannels = 3 } = options;
    requireCounts("DenseNet", "blockConfig", blockConfig);
    const stages: [name: string, layer: TensorModule][] = [
      ["conv0", convolution(inChannels, numInitFeatures, 7, { stride: 2, padding: 3 })],
      ["norm0", new BatchNorm2d(numInitFeatures)],
      ["relu0", new ReLU()],
      ["pool0", new MaxPool2d(3, { stride: 2, padding: 1 })],
    ];
    let channels = numInitFeatures;
    for (const [at, count] of blockConfig.entries()) {
      stages.push([`denseblock${at + 1}`, new DenseBlock(count, channels, growthRate, bnSize, dropRate)]);
      channels += count * growthRate;
      if (at === blockConfig.length - 1) continue;
      const halved = Math.floor(channels / 2);
      stages.push([`transition${at + 1}`, transition(channels, halved)]);
      channels = halved;
    }
    stages.push(["norm5", new BatchNorm2d(channels)]);
    this.features = new NamedSequential(Object.fromEntries(stages));
    this.classifier = new Linear(channels, numClasses, { initializeBias: zeros });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(mean(relu(this.features.forward(x)), [2, 3]));
  }
}

function published(name: string, options: DenseNetOptions, architecture: DenseNetArchitecture): DenseNet {
  requireOptions(name, options, densenetOptions);
  return new DenseNet({ ...options, ...architecture });
}

/** DenseNet-121: 7,978,856 parameters. See {@link DenseNet}. */
export function densenet121(options: DenseNetOptions = {}): DenseNet {
  return published("densenet121", options, { growthRate: 32, blockConfig: [6, 12, 24, 16], numInitFeatures: 64 });
}

/** DenseNet-161: 28,681,000 parameters. See {@link DenseNet}. */
export function densenet161(options: DenseNetOptions = {}): DenseNet {
  return published("densenet161", options, { growthRate: 48, blockConfig: [6, 12, 36, 24], numInitFeatures: 96 });
}

/** DenseNet-169: 14,149,480 parameters. See {@link DenseNet}. */
export function densenet169(options: DenseNetOptions = {}): DenseNet {
  return published("densenet169", options, { growthRate: 32, blockConfig: [6, 12, 32, 32], numInitFeatures: 64 });
}

/** DenseNet-201: 20,013,928 parameters. See {@link DenseNet}. */
export function densenet201(options: DenseNetOptions = {}): DenseNet {
  return published("densenet201", options, { growthRate: 32, blockConfig: [6, 12, 48, 32], numInitFeatures: 64 });
}
