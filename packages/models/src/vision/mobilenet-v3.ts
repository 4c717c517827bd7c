import { Dropout, Hardsigmoid, Hardswish, Linear, Module, ReLU, Sequential, SqueezeExcitation, takeOptions, type TensorModule } from "@nn/layers";
import { mean, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { divisibleChannels } from "../blocks/channels.js";
import { ConvNormActivation } from "../blocks/conv-norm-activation.js";
import { fanOutNormal, normalWith, withZeroBias } from "../blocks/initializers.js";
import { requireGiven } from "../blocks/requirements.js";

/** Options of {@link MobileNetV3}, with torchvision's names. */
export interface MobileNetV3Options {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Factor of the number of channels; default 1. */
  readonly widthMult?: number | undefined;
  /** Whether the last stage has half as many channels, for detection and segmentation; default false. */
  readonly reducedTail?: boolean | undefined;
  /** Whether the last stage dilates its convolutions instead of halving the size of the image, for segmentation; default false. */
  readonly dilated?: boolean | undefined;
  /** Probability of dropping an input of the last layer; default 0.2. */
  readonly dropout?: number | undefined;
}

/** Options of {@link MobileNetV3}: the architecture, and the options that both have. */
export interface MobileNetV3Architecture extends MobileNetV3Options {
  readonly variant: "large" | "small";
}

const mobilenetOptions: OptionKinds<MobileNetV3Options> = {
  numClasses: "count", inChannels: "count", widthMult: "positive", reducedTail: "boolean", dilated: "boolean", dropout: "probability",
};
const architectureOptions: OptionKinds<MobileNetV3Architecture> = { ...mobilenetOptions, variant: ["large", "small"] };

/** A row of the table of the paper. */
type Row = readonly [kernel: 3 | 5, expanded: number, out: number, attention: "SE" | "-", nonlinearity: "RE" | "HS", stride: 1 | 2];

const tables: Readonly<Record<"large" | "small", { readonly rows: readonly Row[]; readonly tail: number; readonly lastChannels: number }>> = {
  large: {
    rows: [
      [3, 16, 16, "-", "RE", 1],
      [3, 64, 24, "-", "RE", 2],
      [3, 72, 24, "-", "RE", 1],
      [5, 72, 40, "SE", "RE", 2],
      [5, 120, 40, "SE", "RE", 1],
      [5, 120, 40, "SE", "RE", 1],
      [3, 240, 80, "-", "HS", 2],
      [3, 200, 80, "-", "HS", 1],
      [3, 184, 80, "-", "HS", 1],
      [3, 184, 80, "-", "HS", 1],
      [3, 480, 112, "SE", "HS", 1],
      [3, 672, 112, "SE", "HS", 1],
      [5, 672, 160, "SE", "HS", 2],
      [5, 960, 160, "SE", "HS", 1],
      [5, 960, 160, "SE", "HS", 1],
    ],
    tail: 12,
    lastChannels: 1280,
  },
  small: {
    rows: [
      [3, 16, 16, "SE", "RE", 2],
      [3, 72, 24, "-", "RE", 2],
      [3, 88, 24, "-", "RE", 1],
      [5, 96, 40, "SE", "HS", 2],
      [5, 240, 40, "SE", "HS", 1],
      [5, 240, 40, "SE", "HS", 1],
      [5, 120, 48, "SE", "HS", 1],
      [5, 144, 48, "SE", "HS", 1],
      [5, 288, 96, "SE", "HS", 2],
      [5, 576, 96, "SE", "HS", 1],
      [5, 576, 96, "SE", "HS", 1],
    ],
    tail: 8,
    lastChannels: 1024,
  },
};

/** Batch normalisation as the paper has it. */
const norm = { epsilon: 0.001, momentum: 0.01 } as const;

/** A block with all its numbers. */
interface BlockPlan {
  readonly inChannels: number;
  readonly expanded: number;
  readonly outChannels: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly dilation: number;
  readonly hasAttention: boolean;
  readonly activation: () => TensorModule;
}

/** Expands the channels, convolves each, weights them by squeeze and excitation, and reduces them without an activation. Where the shape stays, the input is added. */
class InvertedResidual extends Module {
  readonly block: TensorModule;
  readonly #addsInput: boolean;

  constructor({ inChannels, expanded, outChannels, kernelSize, stride, dilation, hasAttention, activation }: BlockPlan) {
    super();
    const attention = hasAttention
      ? [new SqueezeExcitation(expanded, divisibleChannels(Math.floor(expanded / 4)), { ...withZeroBias(fanOutNormal), scaleActivation: new Hardsigmoid() })]
      : [];
    this.block = new Sequential(
      ...(expanded === inChannels ? [] : [new ConvNormActivation(inChannels, expanded, { kernelSize: 1, norm, activation: activation() })]),
      new ConvNormActivation(expanded, expanded, { kernelSize, stride: dilation > 1 ? 1 : stride, dilation, groups: expanded, norm, activation: activation() }),
      ...attention,
      new ConvNormActivation(expanded, outChannels, { kernelSize: 1, norm, activation: null }),
    );
    this.#addsInput = stride === 1 && inChannels === outChannels;
  }

  forward(x: Tensor): Tensor {
    const output = this.block.forward(x);
    return this.#addsInput ? output.add(x) : output;
  }
}

/** The layers before the classifier, with the channels of each. Segmentation models use them as their backbone. */
export interface MobileNetV3Trunk {
  readonly layers: readonly TensorModule[];
  readonly channels: readonly number[];
  /** The indices of layers that halve the image, or would if they did not dilate, and of the last layer. */
  readonly stageEnds: readonly number[];
}

/** The first convolution, the blocks and the last convolution. */
export function mobilenetV3Trunk({ variant, inChannels = 3, widthMult = 1, reducedTail = false, dilated = false }: MobileNetV3Architecture): MobileNetV3Trunk {
  const { rows, tail } = tables[variant];
  const scaled = (channels: number): number => divisibleChannels(channels * widthMult);
  const layers: TensorModule[] = [new ConvNormActivation(inChannels, scaled(16), { stride: 2, norm, activation: new Hardswish() })];
  const channels = [scaled(16)];
  const stageEnds = [0];
  let before = scaled(16);
  for (const [at, [kernelSize, expanded, out, attention, nonlinearity, stride]] of rows.entries()) {
    const divisor = (isOut: boolean): number => (reducedTail && (isOut ? at >= tail : at > tail) ? 2 : 1);
    const outChannels = scaled(out / divisor(true));
    layers.push(new InvertedResidual({
      inChannels: before, expanded: scaled(expanded / divisor(false)), outChannels, kernelSize, stride, dilation: dilated && at >= tail ? 2 : 1,
      hasAttention: attention === "SE", activation: () => (nonlinearity === "HS" ? new Hardswish() : new ReLU()),
    }));
    if (stride > 1) stageEnds.push(at + 1);
    channels.push(outChannels);
    before = outChannels;
  }
  layers.push(new ConvNormActivation(before, 6 * before, { kernelSize: 1, norm, activation: new Hardswish() }));
  return { layers, channels: [...channels, 6 * before], stageEnds: [...stageEnds, layers.length - 1] };
}

/**
 * MobileNet v3 (Howard et al. 2019, "Searching for MobileNetV3"), with torchvision's names of parameters. {@link mobilenetV3Large} and {@link mobilenetV3Small} are its two variants.
 *
 * | stage of the small variant | output for 224 × 224 |
 * | --- | --- |
 * | 3 × 3, stride 2 | `[N, 16, 112, 112]` |
 * | 1 block | `[N, 16, 56, 56]` |
 * | 2 blocks | `[N, 24, 28, 28]` |
 * | 5 blocks 5 × 5 | `[N, 48, 14, 14]` |
 * | 3 blocks 5 × 5 | `[N, 96, 7, 7]` |
 * | 1 × 1 | `[N, 576, 7, 7]` |
 * | mean over the image, linear, hardswish, dropout | `[N, 1024]` |
 * | linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 */
export class MobileNetV3 extends Module {
  readonly features: TensorModule;
  readonly classifier: TensorModule;

  constructor(options: MobileNetV3Architecture) {
    super();
    takeOptions("MobileNetV3", this, options, architectureOptions);
    requireGiven("MobileNetV3", options, ["variant"]);
    const { variant, numClasses = 1000, widthMult = 1, reducedTail = false, dropout = 0.2 } = options;
    const { layers, channels } = mobilenetV3Trunk(options);
    const last = divisibleChannels((tables[variant].lastChannels / (reducedTail ? 2 : 1)) * widthMult);
    const linear = withZeroBias(normalWith(0.01));
    this.features = new Sequential(...layers);
    this.classifier = new Sequential(new Linear(channels.at(-1) ?? 0, last, linear), new Hardswish(), new Dropout(dropout), new Linear(last, numClasses, linear));
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(mean(this.features.forward(x), [2, 3]));
  }
}

function published(name: string, options: MobileNetV3Options, variant: "large" | "small"): MobileNetV3 {
  requireOptions(name, options, mobilenetOptions);
  return new MobileNetV3({ ...options, variant });
}

/** MobileNet v3, large: 5,483,032 parameters. See {@link MobileNetV3}. */
export function mobilenetV3Large(options: MobileNetV3Options = {}): MobileNetV3 {
  return published("mobilenetV3Large", options, "large");
}

/** MobileNet v3, small: 2,542,856 parameters. See {@link MobileNetV3}. */
export function mobilenetV3Small(options: MobileNetV3Options = {}): MobileNetV3 {
  return published("mobilenetV3Small", options, "small");
}
