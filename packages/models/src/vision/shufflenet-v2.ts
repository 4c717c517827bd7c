import { BatchNorm2d, Conv2d, Linear, Module, ReLU, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { channelShuffle, concat, maxPool2d, mean, narrow, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireCounts, requireGiven } from "../blocks/requirements.js";

/** Options that all ShuffleNets have. */
export interface ShuffleNetV2Options {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
}

/** Options of {@link ShuffleNetV2}, with torchvision's names. */
export interface ShuffleNetV2Architecture extends ShuffleNetV2Options {
  /** The number of blocks of each of the three stages. */
  readonly stagesRepeats: readonly [number, number, number];
  /** The channels of the first convolution, the three stages and the last convolution. */
  readonly stagesOutChannels: readonly [number, number, number, number, number];
}

const shufflenetOptions: OptionKinds<ShuffleNetV2Options> = { numClasses: "count", inChannels: "count" };
const architectureOptions: OptionKinds<ShuffleNetV2Architecture> = { ...shufflenetOptions, stagesRepeats: "list", stagesOutChannels: "list" };

const pointwise = (inChannels: number, outChannels: number): TensorModule[] => [new Conv2d(inChannels, outChannels, 1, { bias: false }), new BatchNorm2d(outChannels), new ReLU()];

const depthwise = (channels: number, stride: number): TensorModule[] => [
  new Conv2d(channels, channels, 3, { stride, padding: 1, groups: channels, bias: false }), new BatchNorm2d(channels),
];

/** At stride 1, half of the channels pass unchanged beside a branch; at stride 2 there are two branches. Then the channels of the two are interleaved. */
class InvertedResidual extends Module {
  readonly branch1: TensorModule | undefined;
  readonly branch2: TensorModule;

  constructor(inChannels: number, outChannels: number, stride: 1 | 2) {
    super();
    const width = Math.floor(outChannels / 2);
    this.branch1 = stride === 1 ? undefined : new Sequential(...depthwise(inChannels, stride), ...pointwise(inChannels, width));
    this.branch2 = new Sequential(...pointwise(stride === 1 ? width : inChannels, width), ...depthwise(width, stride), ...pointwise(width, width));
  }

  forward(x: Tensor): Tensor {
    const half = (x.shape[1] ?? 0) / 2;
    const halves = this.branch1 === undefined
      ? [narrow(x, 1, 0, half), this.branch2.forward(narrow(x, 1, half, half))]
      : [this.branch1.forward(x), this.branch2.forward(x)];
    return channelShuffle(concat(halves, 1), 2);
  }
}

const stageOf = (count: number, inChannels: number, outChannels: number): TensorModule =>
  new Sequential(...Array.from({ length: count }, (_, at) => (at === 0 ? new InvertedResidual(inChannels, outChannels, 2) : new InvertedResidual(outChannels, outChannels, 1))));

/**
 * ShuffleNet v2 (Ma et al. 2018, "ShuffleNet V2: practical guidelines for efficient CNN architecture design"), with torchvision's names of parameters. {@link shufflenetV2X1_0} and the
 * other functions give the published architectures.
 *
 * | stage | output of 1.0 × for 224 × 224 |
 * | --- | --- |
 * | `conv1` 3 × 3, stride 2, max pooling 3 × 3, stride 2 | `[N, 24, 56, 56]` |
 * | `stage2`, 4 blocks | `[N, 116, 28, 28]` |
 * | `stage3`, 8 blocks | `[N, 232, 14, 14]` |
 * | `stage4`, 4 blocks | `[N, 464, 7, 7]` |
 * | `conv5` 1 × 1 | `[N, 1024, 7, 7]` |
 * | mean over the image, `fc` | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 * @throws ArgumentError for lists of another length.
 */
export class ShuffleNetV2 extends Module {
  readonly conv1: TensorModule;
  readonly stage2: TensorModule;
  readonly stage3: TensorModule;
  readonly stage4: TensorModule;
  readonly conv5: TensorModule;
  readonly fc: Linear;

  constructor(options: ShuffleNetV2Architecture) {
    super();
    takeOptions("ShuffleNetV2", this, options, architectureOptions);
    requireGiven("ShuffleNetV2", options, ["stagesRepeats", "stagesOutChannels"]);
    const { stagesRepeats, stagesOutChannels, numClasses = 1000, inChannels = 3 } = options;
    requireCounts("ShuffleNetV2", "stagesRepeats", stagesRepeats, 3);
    requireCounts("ShuffleNetV2", "stagesOutChannels", stagesOutChannels, 5);
    const [first, second, third, fourth, last] = stagesOutChannels;
    this.conv1 = new Sequential(new Conv2d(inChannels, first, 3, { stride: 2, padding: 1, bias: false }), new BatchNorm2d(first), new ReLU());
    this.stage2 = stageOf(stagesRepeats[0], first, second);
    this.stage3 = stageOf(stagesRepeats[1], second, third);
    this.stage4 = stageOf(stagesRepeats[2], third, fourth);
    this.conv5 = new Sequential(...pointwise(fourth, last));
    this.fc = new Linear(last, numClasses);
  }

  forward(x: Tensor): Tensor {
    const stem = maxPool2d(this.conv1.forward(x), 3, { stride: 2, padding: 1 });
    const features = [this.stage2, this.stage3, this.stage4, this.conv5].reduce((input, stage) => stage.forward(input), stem);
    return this.fc.forward(mean(features, [2, 3]));
  }
}

function published(name: string, options: ShuffleNetV2Options, stagesOutChannels: ShuffleNetV2Architecture["stagesOutChannels"]): ShuffleNetV2 {
  requireOptions(name, options, shufflenetOptions);
  return new ShuffleNetV2({ ...options, stagesRepeats: [4, 8, 4], stagesOutChannels });
}

/** ShuffleNet v2 0.5 ×: 1,366,792 parameters. See {@link ShuffleNetV2}. */
export function shufflenetV2X0_5(options: ShuffleNetV2Options = {}): ShuffleNetV2 {
  return published("shufflenetV2X0_5", options, [24, 48, 96, 192, 1024]);
}

/** ShuffleNet v2 1.0 ×: 2,278,604 parameters. See {@link ShuffleNetV2}. */
export function shufflenetV2X1_0(options: ShuffleNetV2Options = {}): ShuffleNetV2 {
  return published("shufflenetV2X1_0", options, [24, 116, 232, 464, 1024]);
}

/** ShuffleNet v2 1.5 ×: 3,503,624 parameters. See {@link ShuffleNetV2}. */
export function shufflenetV2X1_5(options: ShuffleNetV2Options = {}): ShuffleNetV2 {
  return published("shufflenetV2X1_5", options, [24, 176, 352, 704, 1024]);
}

/** ShuffleNet v2 2.0 ×: 7,393,996 parameters. See {@link ShuffleNetV2}. */
export function shufflenetV2X2_0(options: ShuffleNetV2Options = {}): ShuffleNetV2 {
  return published("shufflenetV2X2_0", options, [24, 244, 488, 976, 2048]);
}
