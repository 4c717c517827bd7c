import { BatchNorm2d, Conv2d, Linear, Module, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { ArgumentError, flatten, maxPool2d, mean, relu, zerosLike, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { fanOutNormal } from "../blocks/initializers.js";
import { requireCounts, requireGiven } from "../blocks/requirements.js";

/** Options that all residual networks have, with torchvision's names. */
export interface ResNetOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Whether the last normalisation of each block begins with weight 0, so that the block begins as the identity (Goyal et al. 2017); default false. */
  readonly zeroInitResidual?: boolean | undefined;
  /** For each of `layer2` to `layer4`: whether it dilates its convolutions instead of halving the size of the image; default all false. Only for bottleneck blocks. */
  readonly replaceStrideWithDilation?: readonly [boolean, boolean, boolean] | undefined;
  /** Groups of the 3 × 3 convolutions; default 1. Only for bottleneck blocks. */
  readonly groups?: number | undefined;
  /** Channels of a group, where a block of the first stage has 64 channels; default 64. Only for bottleneck blocks. */
  readonly widthPerGroup?: number | undefined;
}

/** Options of {@link ResNet}: the architecture, and the options that all residual networks have. */
export interface ResNetArchitecture extends ResNetOptions {
  /** `"BasicBlock"`: two 3 × 3 convolutions. `"Bottleneck"`: 1 × 1, 3 × 3 and 1 × 1, with four times as many channels at the end. */
  readonly block: "BasicBlock" | "Bottleneck";
  /** The number of blocks of each stage. */
  readonly layers: readonly [number, number, number, number];
}

/** Options of {@link resnext50_32x4d} and the other functions that fix groups and width. */
export type FixedWidthResNetOptions = Omit<ResNetOptions, "groups" | "widthPerGroup">;

const fixedWidthOptions: OptionKinds<FixedWidthResNetOptions> = {
  numClasses: "count", inChannels: "count", zeroInitResidual: "boolean", replaceStrideWithDilation: "list",
};

const resnetOptions: OptionKinds<ResNetOptions> = { ...fixedWidthOptions, groups: "count", widthPerGroup: "count" };

const architectureOptions: OptionKinds<ResNetArchitecture> = { ...resnetOptions, block: ["BasicBlock", "Bottleneck"], layers: "list" };

/** The place of a block in the network. */
interface BlockPlace {
  readonly inChannels: number;
  /** The channels of the block before they are expanded. */
  readonly channels: number;
  readonly stride: number;
  readonly dilation: number;
  readonly groups: number;
  readonly widthPerGroup: number;
  readonly downsample: TensorModule | undefined;
}

const convolution = (inChannels: number, outChannels: number, kernelSize: 1 | 3, { stride = 1, dilation = 1, groups = 1 } = {}): Conv2d =>
  new Conv2d(inChannels, outChannels, kernelSize, { stride, dilation, groups, padding: kernelSize === 3 ? dilation : 0, bias: false, initializeWeight: fanOutNormal });

/** Two 3 × 3 convolutions and a shortcut. */
class BasicBlock extends Module {
  static readonly expansion = 1;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: TensorModule | undefined;

  constructor({ inChannels, channels, stride, downsample }: BlockPlace) {
    super();
    this.conv1 = convolution(inChannels, channels, 3, { stride });
    this.bn1 = new BatchNorm2d(channels);
    this.conv2 = convolution(channels, channels, 3);
    this.bn2 = new BatchNorm2d(channels);
    this.downsample = downsample;
  }

  get lastNorm(): BatchNorm2d {
    return this.bn2;
  }

  forward(x: Tensor): Tensor {
    const inner = relu(this.bn1.forward(this.conv1.forward(x)));
    const body = this.bn2.forward(this.conv2.forward(inner));
    return relu(body.add(this.downsample?.forward(x) ?? x));
  }
}

/** 1 × 1, 3 × 3 and 1 × 1 convolutions and a shortcut. The stride is that of the 3 × 3 convolution, as in torchvision ("ResNet v1.5"). */
class Bottleneck extends Module {
  static readonly expansion = 4;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly downsample: TensorModule | undefined;

  constructor({ inChannels, channels, stride, dilation, groups, widthPerGroup, downsample }: BlockPlace) {
    super();
    const width = Math.floor((channels * widthPerGroup) / 64) * groups;
    this.conv1 = convolution(inChannels, width, 1);
    this.bn1 = new BatchNorm2d(width);
    this.conv2 = convolution(width, width, 3, { stride, dilation, groups });
    this.bn2 = new BatchNorm2d(width);
    this.conv3 = convolution(width, channels * Bottleneck.expansion, 1);
    this.bn3 = new BatchNorm2d(channels * Bottleneck.expansion);
    this.downsample = downsample;
  }

  get lastNorm(): BatchNorm2d {
    return this.bn3;
  }

  forward(x: Tensor): Tensor {
    const reduced = relu(this.bn1.forward(this.conv1.forward(x)));
    const inner = relu(this.bn2.forward(this.conv2.forward(reduced)));
    const body = this.bn3.forward(this.conv3.forward(inner));
    return relu(body.add(this.downsample?.forward(x) ?? x));
  }
}

const blocks = { BasicBlock, Bottleneck } as const;

/**
 * A residual network without its classifier: the stem and four stages of blocks. Segmentation models use it as their backbone.
 *
 * Shapes: input `[N, inChannels, H, W]`; `layer1` halves H and W twice, each later stage once more, unless it dilates.
 */
export class ResNetBackbone extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly layer1: TensorModule;
  readonly layer2: TensorModule;
  readonly layer3: TensorModule;
  readonly layer4: TensorModule;
  /** The channels of the last stage. */
  readonly #outChannels: number;

  constructor(options: ResNetArchitecture) {
    super();
    takeOptions(this.constructor.name, this, options, architectureOptions);
    requireArchitecture(this.constructor.name, options);
    const { block, layers, inChannels = 3 } = options;
    this.conv1 = new Conv2d(inChannels, 64, 7, { stride: 2, padding: 3, bias: false, initializeWeight: fanOutNormal });
    this.bn1 = new BatchNorm2d(64);
    const stages = stagesOf(options);
    this.layer1 = stages(64, layers[0], 1, false);
    const [second = false, third = false, fourth = false] = options.replaceStrideWithDilation ?? [];
    this.layer2 = stages(128, layers[1], 2, second);
    this.layer3 = stages(256, layers[2], 2, third);
    this.layer4 = stages(512, layers[3], 2, fourth);
    this.#outChannels = 512 * blocks[block].expansion;
  }

  /** The channels of the output of `layer4`. */
  get outChannels(): number {
    return this.#outChannels;
  }

  /** The output of `layer4`. */
  forward(x: Tensor): Tensor {
    return this.stages(x).layer4;
  }

  /** The outputs of the last two stages. */
  stages(x: Tensor): { readonly layer3: Tensor; readonly layer4: Tensor } {
    const stem = maxPool2d(relu(this.bn1.forward(this.conv1.forward(x))), 3, { stride: 2, padding: 1 });
    const layer3 = this.layer3.forward(this.layer2.forward(this.layer1.forward(stem)));
    return { layer3, layer4: this.layer4.forward(layer3) };
  }
}

/** Makes one stage after another: the first block of each changes the number of channels, and divides the size of the image by the stride. */
function stagesOf({ block, groups = 1, widthPerGroup = 64, zeroInitResidual = false }: ResNetArchitecture) {
  const Block = blocks[block];
  let inChannels = 64;
  let dilation = 1;
  return (channels: number, count: number, stride: number, dilate: boolean): TensorModule => {
    const outChannels = channels * Block.expansion;
    const before = dilation;
    if (dilate) dilation *= stride;
    const firstStride = dilate ? 1 : stride;
    const changes = firstStride !== 1 || inChannels !== outChannels;
    const downsample = changes ? new Sequential(convolution(inChannels, outChannels, 1, { stride: firstStride }), new BatchNorm2d(outChannels)) : undefined;
    const places = Array.from({ length: count }, (_, at): BlockPlace => at === 0
      ? { inChannels, channels, stride: firstStride, dilation: before, groups, widthPerGroup, downsample }
      : { inChannels: outChannels, channels, stride: 1, dilation, groups, widthPerGroup, downsample: undefined });
    inChannels = outChannels;
    const made = places.map((place) => new Block(place));
    for (const { lastNorm: { weight } } of zeroInitResidual ? made : []) if (weight !== undefined) weight.value = zerosLike(weight.value);
    return new Sequential(...made);
  };
}

function requireArchitecture(operation: string, options: ResNetArchitecture): void {
  requireGiven(operation, options, ["block", "layers"]);
  const { block, layers, groups = 1, widthPerGroup = 64 } = options;
  const dilates: readonly boolean[] = options.replaceStrideWithDilation ?? [false, false, false];
  requireCounts(operation, "layers", layers, 4);
  if (dilates.length !== 3 || dilates.some((each) => typeof each !== "boolean")) {
    throw new ArgumentError(`${operation}: replaceStrideWithDilation is [${dilates.join(", ")}], expected true or false for each of layer2, layer3 and layer4`);
  }
  if (block === "BasicBlock" && (groups !== 1 || widthPerGroup !== 64 || dilates.includes(true))) {
    throw new ArgumentError(`${operation}: groups, widthPerGroup and replaceStrideWithDilation need bottleneck blocks; ResNet-18 and ResNet-34 have basic blocks`);
  }
}

/**
 * Residual networks (He et al. 2016, "Deep residual learning for image recognition"), in torchvision's form, with its names of parameters. {@link resnet18} and the other functions
 * give the published architectures.
 *
 * | stage | output for 224 × 224 |
 * | --- | --- |
 * | `conv1` 7 × 7, stride 2, `bn1`, relu | `[N, 64, 112, 112]` |
 * | max pooling 3 × 3, stride 2, then `layer1` | `[N, 64 · e, 56, 56]` |
 * | `layer2` | `[N, 128 · e, 28, 28]` |
 * | `layer3` | `[N, 256 · e, 14, 14]` |
 * | `layer4` | `[N, 512 · e, 7, 7]` |
 * | mean over the image, `fc` | `[N, numClasses]` |
 *
 * with e = 1 for basic blocks and 4 for bottleneck blocks.
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { ResNet } from "@nn/models";
 * const model = new ResNet({ block: "BasicBlock", layers: [1, 1, 1, 1], numClasses: 10 });
 * model.eval().forward(zeros([1, 3, 32, 32])).shape; // => [1, 10]
 * ```
 * @throws ArgumentError for options that do not fit together.
 */
export class ResNet extends ResNetBackbone {
  readonly fc: Linear;

  constructor(options: ResNetArchitecture) {
    super(options);
    this.fc = new Linear(this.outChannels, options.numClasses ?? 1000);
  }

  override forward(x: Tensor): Tensor {
    return this.fc.forward(flatten(mean(this.stages(x).layer4, [2, 3]), 1));
  }
}

/** A published architecture with a user's options. */
function published<Options extends ResNetOptions>(name: string, kinds: OptionKinds<Options>, options: Options, architecture: ResNetArchitecture): ResNet {
  requireOptions(name, options, kinds);
  const whole = { ...options, ...architecture };
  requireArchitecture(name, whole);
  return new ResNet(whole);
}

/** ResNet-18: 11,689,512 parameters. See {@link ResNet}. */
export function resnet18(options: ResNetOptions = {}): ResNet {
  return published("resnet18", resnetOptions, options, { block: "BasicBlock", layers: [2, 2, 2, 2] });
}

/** ResNet-34: 21,797,672 parameters. See {@link ResNet}. */
export function resnet34(options: ResNetOptions = {}): ResNet {
  return published("resnet34", resnetOptions, options, { block: "BasicBlock", layers: [3, 4, 6, 3] });
}

/** ResNet-50: 25,557,032 parameters. See {@link ResNet}. */
export function resnet50(options: ResNetOptions = {}): ResNet {
  return published("resnet50", resnetOptions, options, { block: "Bottleneck", layers: [3, 4, 6, 3] });
}

/** ResNet-101: 44,549,160 parameters. See {@link ResNet}. */
export function resnet101(options: ResNetOptions = {}): ResNet {
  return published("resnet101", resnetOptions, options, { block: "Bottleneck", layers: [3, 4, 23, 3] });
}

/** ResNet-152: 60,192,808 parameters. See {@link ResNet}. */
export function resnet152(options: ResNetOptions = {}): ResNet {
  return published("resnet152", resnetOptions, options, { block: "Bottleneck", layers: [3, 8, 36, 3] });
}

/** ResNeXt-50 32 × 4d (Xie et al. 2017, "Aggregated residual transformations for deep neural networks"): 32 groups of 4 channels; 25,028,904 parameters. See {@link ResNet}. */
export function resnext50_32x4d(options: FixedWidthResNetOptions = {}): ResNet {
  return published("resnext50_32x4d", fixedWidthOptions, options, { block: "Bottleneck", layers: [3, 4, 6, 3], groups: 32, widthPerGroup: 4 });
}

/** ResNeXt-101 32 × 8d (Xie et al. 2017): 88,791,336 parameters. See {@link ResNet}. */
export function resnext101_32x8d(options: FixedWidthResNetOptions = {}): ResNet {
  return published("resnext101_32x8d", fixedWidthOptions, options, { block: "Bottleneck", layers: [3, 4, 23, 3], groups: 32, widthPerGroup: 8 });
}

/** ResNeXt-101 64 × 4d (Xie et al. 2017): 83,455,272 parameters. See {@link ResNet}. */
export function resnext101_64x4d(options: FixedWidthResNetOptions = {}): ResNet {
  return published("resnext101_64x4d", fixedWidthOptions, options, { block: "Bottleneck", layers: [3, 4, 23, 3], groups: 64, widthPerGroup: 4 });
}

/** Wide ResNet-50-2 (Zagoruyko and Komodakis 2016, "Wide residual networks"): twice the channels inside each block; 68,883,240 parameters. See {@link ResNet}. */
export function wideResnet50_2(options: FixedWidthResNetOptions = {}): ResNet {
  return published("wideResnet50_2", fixedWidthOptions, options, { block: "Bottleneck", layers: [3, 4, 6, 3], widthPerGroup: 128 });
}

/** Wide ResNet-101-2 (Zagoruyko and Komodakis 2016): 126,886,696 parameters. See {@link ResNet}. */
export function wideResnet101_2(options: FixedWidthResNetOptions = {}): ResNet {
  return published("wideResnet101_2", fixedWidthOptions, options, { block: "Bottleneck", layers: [3, 4, 23, 3], widthPerGroup: 128 });
}
