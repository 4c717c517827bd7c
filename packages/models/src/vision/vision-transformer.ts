import { Conv2d, Dropout, LayerNorm, Linear, Module, MultiheadAttention, Parameter, Tanh, takeOptions, type TensorModule } from "@nn/layers";
import { ArgumentError, concat, expand, flatten, normal, permute, select, ShapeError, zeros, type Tensor } from "@nn/tensor";
import { formatShape, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { truncatedNormalWith, withZeroBias } from "../blocks/initializers.js";
import { NamedSequential } from "../blocks/named-sequential.js";
import { PerceptronBlock } from "../blocks/perceptron-block.js";
import { requireGiven } from "../blocks/requirements.js";

/** Options of all vision transformers, with torchvision's names. */
export interface VisionTransformerOptions {
  /** The height and width of the images; default 224. */
  readonly imageSize?: number | undefined;
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Probability of dropping an output of a layer; default 0. */
  readonly dropout?: number | undefined;
  /** Probability of dropping an attention weight; default 0. */
  readonly attentionDropout?: number | undefined;
  /** The features of a hidden layer, with tanh, before the last one; default no such layer. */
  readonly representationSize?: number | undefined;
}

/** Options of {@link VisionTransformer}: the architecture, and the options that all have. */
export interface VisionTransformerArchitecture extends VisionTransformerOptions {
  /** The height and width of a patch. */
  readonly patchSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** The features of a patch. */
  readonly hiddenDim: number;
  /** The features inside the perceptrons. */
  readonly mlpDim: number;
}

const transformerOptions: OptionKinds<VisionTransformerOptions> = {
  imageSize: "count", numClasses: "count", inChannels: "count", dropout: "probability", attentionDropout: "probability", representationSize: "count",
};
const architectureOptions: OptionKinds<VisionTransformerArchitecture> = {
  ...transformerOptions, patchSize: "count", numLayers: "count", numHeads: "count", hiddenDim: "count", mlpDim: "count",
};

const epsilon = 1e-6;

/** Self-attention and a perceptron, each after a normalisation and beside a shortcut. */
class EncoderBlock extends Module {
  readonly ln_1: LayerNorm;
  readonly selfAttention: MultiheadAttention;
  readonly dropout: Dropout;
  readonly ln_2: LayerNorm;
  readonly mlp: PerceptronBlock;

  constructor({ numHeads, hiddenDim, mlpDim, dropout = 0, attentionDropout = 0 }: VisionTransformerArchitecture) {
    super();
    this.ln_1 = new LayerNorm(hiddenDim, { epsilon });
    this.selfAttention = new MultiheadAttention(hiddenDim, numHeads, { dropout: attentionDropout, batchFirst: true });
    this.dropout = new Dropout(dropout);
    this.ln_2 = new LayerNorm(hiddenDim, { epsilon });
    this.mlp = new PerceptronBlock(hiddenDim, mlpDim, dropout);
  }

  forward(x: Tensor): Tensor {
    const attended = this.dropout.forward(this.selfAttention.forward(this.ln_1.forward(x)).output).add(x);
    return attended.add(this.mlp.forward(this.ln_2.forward(attended)));
  }
}

/** Adds what was learned about each position, applies the blocks, and normalises. */
class Encoder extends Module {
  readonly posEmbedding: Parameter;
  readonly dropout: Dropout;
  readonly layers: NamedSequential;
  readonly ln: LayerNorm;

  constructor(length: number, options: VisionTransformerArchitecture) {
    super();
    const { numLayers, hiddenDim, dropout = 0 } = options;
    this.posEmbedding = new Parameter(normal([1, length, hiddenDim], { std: 0.02 }), { name: "Encoder.posEmbedding" });
    this.dropout = new Dropout(dropout);
    this.layers = new NamedSequential(Object.fromEntries(Array.from({ length: numLayers }, (_, at) => [`encoder_layer_${at}`, new EncoderBlock(options)])));
    this.ln = new LayerNorm(hiddenDim, { epsilon });
  }

  forward(x: Tensor): Tensor {
    return this.ln.forward(this.layers.forward(this.dropout.forward(x.add(this.posEmbedding.value))));
  }
}

/** The classifier: a linear map, or one with a hidden layer before it. */
function headsOf({ hiddenDim, numClasses = 1000, representationSize }: VisionTransformerArchitecture): NamedSequential {
  const last = (features: number): Linear => new Linear(features, numClasses, withZeroBias(zeros));
  if (representationSize === undefined) return new NamedSequential({ head: last(hiddenDim) });
  const hidden = new Linear(hiddenDim, representationSize, withZeroBias(truncatedNormalWith(Math.sqrt(1 / hiddenDim))));
  return new NamedSequential({ pre_logits: hidden, act: new Tanh(), head: last(representationSize) });
}

/**
 * Vision transformers (Dosovitskiy et al. 2021, "An image is worth 16x16 words: transformers for image recognition at scale"), with torchvision's names of parameters: patches of the image
 * are a sequence, before which a learned class token stands; the classifier reads what the encoder makes of that token. {@link vitB_16} and the other functions give the published
 * architectures.
 *
 * | stage of ViT-B/16 | output for 224 × 224 |
 * | --- | --- |
 * | `convProj` 16 × 16, stride 16 | `[N, 768, 14, 14]` |
 * | patches in rows, after the class token | `[N, 197, 768]` |
 * | 12 blocks, 12 heads each, layer normalisation | `[N, 197, 768]` |
 * | the class token, linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, imageSize, imageSize]`, output `[N, numClasses]`.
 * @throws ArgumentError if `imageSize` is not a multiple of `patchSize`, or `hiddenDim` not one of `numHeads`.
 * @throws ShapeError for images of another size.
 */
export class VisionTransformer extends Module {
  readonly classToken: Parameter;
  readonly convProj: Conv2d;
  readonly encoder: TensorModule;
  readonly heads: TensorModule;
  readonly #imageSize: number;

  constructor(options: VisionTransformerArchitecture) {
    super();
    takeOptions("VisionTransformer", this, options, architectureOptions);
    requireGiven("VisionTransformer", options, ["patchSize", "numLayers", "numHeads", "hiddenDim", "mlpDim"]);
    const { imageSize = 224, patchSize, hiddenDim, inChannels = 3 } = options;
    if (imageSize % patchSize !== 0) throw new ArgumentError(`VisionTransformer: imageSize ${imageSize} is not a multiple of patchSize ${patchSize}`);
    const fanIn = inChannels * patchSize ** 2;
    this.classToken = new Parameter(zeros([1, 1, hiddenDim]), { name: "VisionTransformer.classToken" });
    this.convProj = new Conv2d(inChannels, hiddenDim, patchSize, { stride: patchSize, ...withZeroBias(truncatedNormalWith(Math.sqrt(1 / fanIn))) });
    this.encoder = new Encoder((imageSize / patchSize) ** 2 + 1, options);
    this.heads = headsOf(options);
    this.#imageSize = imageSize;
  }

  forward(x: Tensor): Tensor {
    requireTensor("VisionTransformer", x);
    const [batch = 0, , height, width] = x.shape;
    if (x.rank !== 4 || height !== this.#imageSize || width !== this.#imageSize) {
      throw new ShapeError(`VisionTransformer: input is ${formatShape(x.shape)}, expected [N, C, ${this.#imageSize}, ${this.#imageSize}]; other sizes need another imageSize`);
    }
    const patches = permute(flatten(this.convProj.forward(x), 2), [0, 2, 1]);
    const token = expand(this.classToken.value, [batch, 1, patches.shape[2] ?? 0]);
    return this.heads.forward(select(this.encoder.forward(concat([token, patches], 1)), 1, 0));
  }
}

function published(name: string, options: VisionTransformerOptions, architecture: VisionTransformerArchitecture): VisionTransformer {
  requireOptions(name, options, transformerOptions);
  return new VisionTransformer({ ...options, ...architecture });
}

const base = { numLayers: 12, numHeads: 12, hiddenDim: 768, mlpDim: 3072 } as const;
const large = { numLayers: 24, numHeads: 16, hiddenDim: 1024, mlpDim: 4096 } as const;
const huge = { numLayers: 32, numHeads: 16, hiddenDim: 1280, mlpDim: 5120 } as const;

/** ViT-B/16: 86,567,656 parameters. See {@link VisionTransformer}. */
export function vitB_16(options: VisionTransformerOptions = {}): VisionTransformer {
  return published("vitB_16", options, { patchSize: 16, ...base });
}

/** ViT-B/32: 88,224,232 parameters. See {@link VisionTransformer}. */
export function vitB_32(options: VisionTransformerOptions = {}): VisionTransformer {
  return published("vitB_32", options, { patchSize: 32, ...base });
}

/** ViT-L/16: 304,326,632 parameters. See {@link VisionTransformer}. */
export function vitL_16(options: VisionTransformerOptions = {}): VisionTransformer {
  return published("vitL_16", options, { patchSize: 16, ...large });
}

/** ViT-L/32: 306,535,400 parameters. See {@link VisionTransformer}. */
export function vitL_32(options: VisionTransformerOptions = {}): VisionTransformer {
  return published("vitL_32", options, { patchSize: 32, ...large });
}

/** ViT-H/14: 632,045,800 parameters. See {@link VisionTransformer}. */
export function vitH_14(options: VisionTransformerOptions = {}): VisionTransformer {
  return published("vitH_14", options, { patchSize: 14, ...huge });
}
