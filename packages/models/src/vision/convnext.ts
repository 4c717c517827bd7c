import { Conv2d, Flatten, GELU, LayerNorm, Linear, Module, Parameter, Sequential, StochasticDepth, takeOptions, type TensorModule } from "@nn/layers";
import { full, mean, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { ChannelsFirst, ChannelsLast, LayerNorm2d } from "../blocks/channels-last.js";
import { truncatedNormalWith, withZeroBias } from "../blocks/initializers.js";
import { requireCounts, requireGiven, requireStages } from "../blocks/requirements.js";

/** Options of all ConvNeXts, with torchvision's names. */
export interface ConvNeXtOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Probability of skipping the last block; it grows from 0 at the first one. The default of the published architectures is 0.1 to 0.5, that of {@link ConvNeXt} 0. */
  readonly stochasticDepthProb?: number | undefined;
  /** The initial factor of the output of each block; default 1e-6. */
  readonly layerScale?: number | undefined;
}

/** A stage of {@link ConvNeXt}: its channels, those of the next stage (`null` for the last one), and the number of its blocks. */
export type ConvNeXtStage = readonly [channels: number, next: number | null, count: number];

/** Options of {@link ConvNeXt}: the architecture, and the options that all have. */
export interface ConvNeXtArchitecture extends ConvNeXtOptions {
  readonly blockSetting: readonly ConvNeXtStage[];
}

const convnextOptions: OptionKinds<ConvNeXtOptions> = { numClasses: "count", inChannels: "count", stochasticDepthProb: "probability", layerScale: "finite" };
const architectureOptions: OptionKinds<ConvNeXtArchitecture> = { ...convnextOptions, blockSetting: "list" };

const initial = withZeroBias(truncatedNormalWith(0.02));
const epsilon = 1e-6;

/** A depthwise 7 × 7 convolution, then two linear maps of each pixel, scaled and added to the input. */
class CNBlock extends Module {
  readonly layerScale: Parameter;
  readonly block: TensorModule;
  readonly stochasticDepth: StochasticDepth;

  constructor(channels: number, layerScale: number, dropped: number) {
    super();
    this.layerScale = new Parameter(full([channels, 1, 1], layerScale), { name: "CNBlock.layerScale" });
    this.block = new Sequential(
      new Conv2d(channels, channels, 7, { padding: 3, groups: channels, ...initial }),
      new ChannelsLast(),
      new LayerNorm(channels, { epsilon }),
      new Linear(channels, 4 * channels, initial),
      new GELU(),
      new Linear(4 * channels, channels, initial),
      new ChannelsFirst(),
    );
    this.stochasticDepth = new StochasticDepth(dropped);
  }

  forward(x: Tensor): Tensor {
    return this.stochasticDepth.forward(this.block.forward(x).mul(this.layerScale.value)).add(x);
  }
}

/**
 * ConvNeXts (Liu et al. 2022, "A ConvNet for the 2020s"), with torchvision's names of parameters. {@link convnextTiny} and the other functions give the published architectures.
 *
 * | stage of the tiny variant | output for 224 × 224 |
 * | --- | --- |
 * | 4 × 4, stride 4, layer normalisation | `[N, 96, 56, 56]` |
 * | 3 blocks, then 2 × 2, stride 2 | `[N, 192, 28, 28]` |
 * | 3 blocks, then 2 × 2, stride 2 | `[N, 384, 14, 14]` |
 * | 9 blocks, then 2 × 2, stride 2 | `[N, 768, 7, 7]` |
 * | 3 blocks | `[N, 768, 7, 7]` |
 * | mean over the image, layer normalisation, linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]` of at least 32 × 32, output `[N, numClasses]`.
 * @throws ArgumentError if `blockSetting` does not list stages.
 */
export class ConvNeXt extends Module {
  readonly features: TensorModule;
  readonly classifier: TensorModule;

  constructor(options: ConvNeXtArchitecture) {
    super();
    takeOptions("ConvNeXt", this, options, architectureOptions);
    requireGiven("ConvNeXt", options, ["blockSetting"]);
    const { blockSetting, numClasses = 1000, inChannels = 3, stochasticDepthProb = 0, layerScale = 1e-6 } = options;
    for (const stage of requireStages("ConvNeXt", "blockSetting", blockSetting)) requireCounts("ConvNeXt", "a stage of blockSetting", stage.with(1, stage[1] ?? 1), 3);
    const [[first], last] = [blockSetting[0] as ConvNeXtStage, blockSetting.at(-1) as ConvNeXtStage];
    const total = blockSetting.reduce((sum, [, , count]) => sum + count, 0);
    const layers: TensorModule[] = [new Sequential(new Conv2d(inChannels, first, 4, { stride: 4, ...initial }), new LayerNorm2d(first, { epsilon }))];
    let before = 0;
    for (const [channels, next, count] of blockSetting) {
      // The last block of all is skipped with the full probability.
      layers.push(new Sequential(...Array.from({ length: count }, () => new CNBlock(channels, layerScale, (stochasticDepthProb * before++) / Math.max(1, total - 1)))));
      if (next !== null) layers.push(new Sequential(new LayerNorm2d(channels, { epsilon }), new Conv2d(channels, next, 2, { stride: 2, ...initial })));
    }
    const features = last[1] ?? last[0];
    this.features = new Sequential(...layers);
    this.classifier = new Sequential(new LayerNorm2d(features, { epsilon }), new Flatten(), new Linear(features, numClasses, initial));
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(mean(this.features.forward(x), [2, 3], { keepAxes: true }));
  }
}

/** A published architecture: the channels of the four stages, the number of blocks of the third one, and the default of `stochasticDepthProb`. */
function published(name: string, options: ConvNeXtOptions, [a, b, c, d]: readonly [number, number, number, number], third: number, depthProb: number): ConvNeXt {
  requireOptions(name, options, convnextOptions);
  const { stochasticDepthProb = depthProb } = options;
  return new ConvNeXt({ ...options, stochasticDepthProb, blockSetting: [[a, b, 3], [b, c, 3], [c, d, third], [d, null, 3]] });
}

/** ConvNeXt, tiny: 28,589,128 parameters. See {@link ConvNeXt}. */
export function convnextTiny(options: ConvNeXtOptions = {}): ConvNeXt {
  return published("convnextTiny", options, [96, 192, 384, 768], 9, 0.1);
}

/** ConvNeXt, small: 50,223,688 parameters. See {@link ConvNeXt}. */
export function convnextSmall(options: ConvNeXtOptions = {}): ConvNeXt {
  return published("convnextSmall", options, [96, 192, 384, 768], 27, 0.4);
}

/** ConvNeXt, base: 88,591,464 parameters. See {@link ConvNeXt}. */
export function convnextBase(options: ConvNeXtOptions = {}): ConvNeXt {
  return published("convnextBase", options, [128, 256, 512, 1024], 27, 0.5);
}

/** ConvNeXt, large: 197,767,336 parameters. See {@link ConvNeXt}. */
export function convnextLarge(options: ConvNeXtOptions = {}): ConvNeXt {
  return published("convnextLarge", options, [192, 384, 768, 1536], 27, 0.5);
}
