import { Conv2d, LayerNorm, Linear, Module, Sequential, StochasticDepth, takeOptions, type TensorModule } from "@nn/layers";
import { ArgumentError, concat, mean, pad, slice, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { ChannelsLast } from "../blocks/channels-last.js";
import { truncatedNormalWith, withZeroBias } from "../blocks/initializers.js";
import { PerceptronBlock } from "../blocks/perceptron-block.js";
import { requireCounts, requireGiven } from "../blocks/requirements.js";
import { WindowAttention, type Pair } from "../blocks/window-attention.js";

/** Options of all Swin transformers, with torchvision's names. */
export interface SwinTransformerOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** The features inside the perceptrons, as a multiple of those of a pixel; default 4. */
  readonly mlpRatio?: number | undefined;
  /** Probability of dropping an output of a layer; default 0. */
  readonly dropout?: number | undefined;
  /** Probability of dropping an attention weight; default 0. */
  readonly attentionDropout?: number | undefined;
  /** Probability of skipping the last block; it grows from 0 at the first one. The default of the published architectures is 0.2 to 0.5, that of {@link SwinTransformer} 0.1. */
  readonly stochasticDepthProb?: number | undefined;
}

/** Options of {@link SwinTransformer}: the architecture, and the options that all have. */
export interface SwinTransformerArchitecture extends SwinTransformerOptions {
  /** The height and width of a patch. */
  readonly patchSize: Pair;
  /** The features of a patch; they double from stage to stage. */
  readonly embedDim: number;
  /** The number of blocks of each stage. */
  readonly depths: readonly number[];
  /** The number of heads of each stage. */
  readonly numHeads: readonly number[];
  /** The height and width of a window, in patches. */
  readonly windowSize: Pair;
}

const swinOptions: OptionKinds<SwinTransformerOptions> = {
  numClasses: "count", inChannels: "count", mlpRatio: "positive", dropout: "probability", attentionDropout: "probability", stochasticDepthProb: "probability",
};
const architectureOptions: OptionKinds<SwinTransformerArchitecture> = {
  ...swinOptions, patchSize: "list", embedDim: "count", depths: "list", numHeads: "list", windowSize: "list",
};

const initial = withZeroBias(truncatedNormalWith(0.02));

/** A block with all its numbers. */
interface BlockPlan {
  readonly mlpRatio: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly features: number;
  readonly heads: number;
  readonly window: Pair;
  readonly isShifted: boolean;
  readonly dropped: number;
}

/** Attention in windows and a perceptron, each after a normalisation and beside a shortcut. */
class SwinBlock extends Module {
  readonly norm1: LayerNorm;
  readonly attn: WindowAttention;
  readonly stochasticDepth: StochasticDepth;
  readonly norm2: LayerNorm;
  readonly mlp: PerceptronBlock;

  constructor({ features, heads, window, isShifted, dropped, mlpRatio, dropout, attentionDropout }: BlockPlan) {
    super();
    const shift: Pair = isShifted ? [Math.floor(window[0] / 2), Math.floor(window[1] / 2)] : [0, 0];
    this.norm1 = new LayerNorm(features);
    this.attn = new WindowAttention({ features, heads, window, shift, dropout, attentionDropout, initial });
    this.stochasticDepth = new StochasticDepth(dropped);
    this.norm2 = new LayerNorm(features);
    this.mlp = new PerceptronBlock(features, Math.floor(features * mlpRatio), dropout, initial);
  }

  forward(x: Tensor): Tensor {
    const attended = x.add(this.stochasticDepth.forward(this.attn.forward(this.norm1.forward(x))));
    return attended.add(this.stochasticDepth.forward(this.mlp.forward(this.norm2.forward(attended))));
  }
}

/** Joins each square of four pixels into one with twice the features: `[N, H, W, C]` to `[N, ⌈H / 2⌉, ⌈W / 2⌉, 2C]`. */
class PatchMerging extends Module {
  readonly reduction: Linear;
  readonly norm: LayerNorm;

  constructor(features: number) {
    super();
    this.reduction = new Linear(4 * features, 2 * features, { ...initial, bias: false });
    this.norm = new LayerNorm(4 * features);
  }

  forward(x: Tensor): Tensor {
    const [, height = 0, width = 0] = x.shape;
    const even = pad(x, [[0, height % 2], [0, width % 2], [0, 0]]);
    const corner = (top: number, left: number): Tensor => slice(even, [null, { start: top, step: 2 }, { start: left, step: 2 }]);
    return this.reduction.forward(this.norm.forward(concat([corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)], -1)));
  }
}

/**
 * Swin transformers (Liu et al. 2021, "Swin transformer: hierarchical vision transformer using shifted windows"), with torchvision's names of parameters: attention inside windows of the
 * image, which every second block moves by half a window. {@link swinT} and the other functions give the published architectures.
 *
 * | stage of Swin-T | output for 224 × 224 |
 * | --- | --- |
 * | 4 × 4, stride 4, layer normalisation | `[N, 56, 56, 96]` |
 * | 2 blocks, 3 heads, then squares of four pixels are joined | `[N, 28, 28, 192]` |
 * | 2 blocks, 6 heads, then the same | `[N, 14, 14, 384]` |
 * | 6 blocks, 12 heads, then the same | `[N, 7, 7, 768]` |
 * | 2 blocks, 24 heads, layer normalisation | `[N, 7, 7, 768]` |
 * | mean over the image, linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 * @throws ArgumentError if the features of a stage cannot be divided among its heads, or `depths` and `numHeads` differ in length.
 */
export class SwinTransformer extends Module {
  readonly features: TensorModule;
  readonly norm: LayerNorm;
  readonly head: Linear;

  constructor(options: SwinTransformerArchitecture) {
    super();
    takeOptions("SwinTransformer", this, options, architectureOptions);
    requireArchitecture(options);
    const { patchSize, embedDim, depths, numHeads, windowSize, mlpRatio = 4, dropout = 0, attentionDropout = 0, stochasticDepthProb = 0.1, numClasses = 1000, inChannels = 3 } = options;
    const total = depths.reduce((sum, depth) => sum + depth, 0);
    const layers: TensorModule[] = [new Sequential(new Conv2d(inChannels, embedDim, patchSize, { stride: patchSize }), new ChannelsLast(), new LayerNorm(embedDim))];
    let before = 0;
    for (const [stage, depth] of depths.entries()) {
      const features = embedDim * 2 ** stage;
      if (stage > 0) layers.push(new PatchMerging(features / 2));
      layers.push(new Sequential(...Array.from({ length: depth }, (_, at) => new SwinBlock({
        features, heads: numHeads[stage] ?? 1, window: windowSize, isShifted: at % 2 === 1, mlpRatio, dropout, attentionDropout,
        dropped: (stochasticDepthProb * before++) / Math.max(1, total - 1),
      }))));
    }
    const features = embedDim * 2 ** (depths.length - 1);
    this.features = new Sequential(...layers);
    this.norm = new LayerNorm(features);
    this.head = new Linear(features, numClasses, initial);
  }

  forward(x: Tensor): Tensor {
    return this.head.forward(mean(this.norm.forward(this.features.forward(x)), [1, 2]));
  }
}

function requireArchitecture(options: SwinTransformerArchitecture): void {
  requireGiven("SwinTransformer", options, ["patchSize", "embedDim", "depths", "numHeads", "windowSize"]);
  const { patchSize, embedDim, depths, numHeads, windowSize } = options;
  requireCounts("SwinTransformer", "patchSize", patchSize, 2);
  requireCounts("SwinTransformer", "windowSize", windowSize, 2);
  requireCounts("SwinTransformer", "depths", depths);
  requireCounts("SwinTransformer", "numHeads", numHeads, depths.length);
  const wrong = numHeads.findIndex((heads, stage) => (embedDim * 2 ** stage) % heads !== 0);
  if (wrong !== -1) throw new ArgumentError(`SwinTransformer: the ${embedDim * 2 ** wrong} features of stage ${wrong} cannot be divided among ${numHeads[wrong]} heads`);
}

function published(name: string, options: SwinTransformerOptions, architecture: Pick<SwinTransformerArchitecture, "embedDim" | "depths" | "numHeads">, depthProb: number): SwinTransformer {
  requireOptions(name, options, swinOptions);
  const { stochasticDepthProb = depthProb } = options;
  return new SwinTransformer({ ...options, ...architecture, stochasticDepthProb, patchSize: [4, 4], windowSize: [7, 7] });
}

/** Swin-T: 28,288,354 parameters. See {@link SwinTransformer}. */
export function swinT(options: SwinTransformerOptions = {}): SwinTransformer {
  return published("swinT", options, { embedDim: 96, depths: [2, 2, 6, 2], numHeads: [3, 6, 12, 24] }, 0.2);
}

/** Swin-S: 49,606,258 parameters. See {@link SwinTransformer}. */
export function swinS(options: SwinTransformerOptions = {}): SwinTransformer {
  return published("swinS", options, { embedDim: 96, depths: [2, 2, 18, 2], numHeads: [3, 6, 12, 24] }, 0.3);
}

/** Swin-B: 87,768,224 parameters. See {@link SwinTransformer}. */
export function swinB(options: SwinTransformerOptions = {}): SwinTransformer {
  return published("swinB", options, { embedDim: 128, depths: [2, 2, 18, 2], numHeads: [4, 8, 16, 32] }, 0.5);
}
