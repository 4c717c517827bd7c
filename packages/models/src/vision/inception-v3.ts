import { Dropout, Linear, Module, takeOptions, type Initializer, type TensorModule } from "@nn/layers";
import { avgPool2d, concat, maxPool2d, mean, UsageError, type PerAxis, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { BasicConv, type BasicConvOptions } from "../blocks/basic-conv.js";
import { truncatedNormalWith } from "../blocks/initializers.js";
import { transformInput } from "../blocks/transform-input.js";

/** Options of {@link InceptionV3}, with torchvision's names. */
export interface InceptionV3Options {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Whether there is the auxiliary classifier, which is used in training only; default true. */
  readonly auxLogits?: boolean | undefined;
  /** Whether inputs are normalised by ImageNet's means and standard deviations, and are to be changed to −1 to 1, as the published weights need it; default false. */
  readonly transformInput?: boolean | undefined;
  /** Whether weights begin truncated normal with standard deviation 0.1 (in the auxiliary classifier 0.01 and 0.001), else as the layers do; default true. */
  readonly initWeights?: boolean | undefined;
  /** Probability of dropping an input of the classifier; default 0.5. */
  readonly dropout?: number | undefined;
}

const inceptionOptions: OptionKinds<InceptionV3Options> = {
  numClasses: "count", auxLogits: "boolean", transformInput: "boolean", initWeights: "boolean", dropout: "probability",
};

/** The logits of a network and those of its auxiliary classifier. */
export interface InceptionV3Output {
  readonly logits: Tensor;
  readonly auxLogits: Tensor;
}

/** Makes a convolution of the network. */
type Conv = (inChannels: number, outChannels: number, kernelSize: PerAxis, options?: BasicConvOptions) => BasicConv;

/** Initial weights with a standard deviation, or those of the layers. */
type InitialOf = (std: number) => { readonly initializeWeight?: Initializer };

const applied = (x: Tensor, ...layers: readonly TensorModule[]): Tensor => layers.reduce((input, layer) => layer.forward(input), x);
const averaged = (x: Tensor): Tensor => avgPool2d(x, 3, { stride: 1, padding: 1 });
const halved = (x: Tensor): Tensor => maxPool2d(x, 3, { stride: 2 });

/** 1 × 1, 5 × 5, two 3 × 3, and pooling, side by side. */
class InceptionA extends Module {
  readonly branch1x1: BasicConv;
  readonly branch5x5_1: BasicConv;
  readonly branch5x5_2: BasicConv;
  readonly branch3x3dbl_1: BasicConv;
  readonly branch3x3dbl_2: BasicConv;
  readonly branch3x3dbl_3: BasicConv;
  readonly branchPool: BasicConv;

  constructor(conv: Conv, inChannels: number, pooled: number) {
    super();
    this.branch1x1 = conv(inChannels, 64, 1);
    this.branch5x5_1 = conv(inChannels, 48, 1);
    this.branch5x5_2 = conv(48, 64, 5, { padding: 2 });
    this.branch3x3dbl_1 = conv(inChannels, 64, 1);
    this.branch3x3dbl_2 = conv(64, 96, 3, { padding: 1 });
    this.branch3x3dbl_3 = conv(96, 96, 3, { padding: 1 });
    this.branchPool = conv(inChannels, pooled, 1);
  }

  forward(x: Tensor): Tensor {
    return concat([
      applied(x, this.branch1x1),
      applied(x, this.branch5x5_1, this.branch5x5_2),
      applied(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3),
      applied(averaged(x), this.branchPool),
    ], 1);
  }
}

/** 3 × 3, two 3 × 3, and pooling, side by side, all with stride 2. */
class InceptionB extends Module {
  readonly branch3x3: BasicConv;
  readonly branch3x3dbl_1: BasicConv;
  readonly branch3x3dbl_2: BasicConv;
  readonly branch3x3dbl_3: BasicConv;

  constructor(conv: Conv, inChannels: number) {
    super();
    this.branch3x3 = conv(inChannels, 384, 3, { stride: 2 });
    this.branch3x3dbl_1 = conv(inChannels, 64, 1);
    this.branch3x3dbl_2 = conv(64, 96, 3, { padding: 1 });
    this.branch3x3dbl_3 = conv(96, 96, 3, { stride: 2 });
  }

  forward(x: Tensor): Tensor {
    return concat([applied(x, this.branch3x3), applied(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3), halved(x)], 1);
  }
}

/** 1 × 1, 7 × 7 and two 7 × 7, each as 1 × 7 and 7 × 1, and pooling, side by side. */
class InceptionC extends Module {
  readonly branch1x1: BasicConv;
  readonly branch7x7_1: BasicConv;
  readonly branch7x7_2: BasicConv;
  readonly branch7x7_3: BasicConv;
  readonly branch7x7dbl_1: BasicConv;
  readonly branch7x7dbl_2: BasicConv;
  readonly branch7x7dbl_3: BasicConv;
  readonly branch7x7dbl_4: BasicConv;
  readonly branch7x7dbl_5: BasicConv;
  readonly branchPool: BasicConv;

  constructor(conv: Conv, inChannels: number, width: number) {
    super();
    this.branch1x1 = conv(inChannels, 192, 1);
    this.branch7x7_1 = conv(inChannels, width, 1);
    this.branch7x7_2 = conv(width, width, [1, 7], { padding: [0, 3] });
    this.branch7x7_3 = conv(width, 192, [7, 1], { padding: [3, 0] });
    this.branch7x7dbl_1 = conv(inChannels, width, 1);
    this.branch7x7dbl_2 = conv(width, width, [7, 1], { padding: [3, 0] });
    this.branch7x7dbl_3 = conv(width, width, [1, 7], { padding: [0, 3] });
    this.branch7x7dbl_4 = conv(width, width, [7, 1], { padding: [3, 0] });
    this.branch7x7dbl_5 = conv(width, 192, [1, 7], { padding: [0, 3] });
    this.branchPool = conv(inChannels, 192, 1);
  }

  forward(x: Tensor): Tensor {
    return concat([
      applied(x, this.branch1x1),
      applied(x, this.branch7x7_1, this.branch7x7_2, this.branch7x7_3),
      applied(x, this.branch7x7dbl_1, this.branch7x7dbl_2, this.branch7x7dbl_3, this.branch7x7dbl_4, this.branch7x7dbl_5),
      applied(averaged(x), this.branchPool),
    ], 1);
  }
}

/** 3 × 3, 7 × 7 and 3 × 3, and pooling, side by side, all with stride 2. */
class InceptionD extends Module {
  readonly branch3x3_1: BasicConv;
  readonly branch3x3_2: BasicConv;
  readonly branch7x7x3_1: BasicConv;
  readonly branch7x7x3_2: BasicConv;
  readonly branch7x7x3_3: BasicConv;
  readonly branch7x7x3_4: BasicConv;

  constructor(conv: Conv, inChannels: number) {
    super();
    this.branch3x3_1 = conv(inChannels, 192, 1);
    this.branch3x3_2 = conv(192, 320, 3, { stride: 2 });
    this.branch7x7x3_1 = conv(inChannels, 192, 1);
    this.branch7x7x3_2 = conv(192, 192, [1, 7], { padding: [0, 3] });
    this.branch7x7x3_3 = conv(192, 192, [7, 1], { padding: [3, 0] });
    this.branch7x7x3_4 = conv(192, 192, 3, { stride: 2 });
  }

  forward(x: Tensor): Tensor {
    return concat([
      applied(x, this.branch3x3_1, this.branch3x3_2),
      applied(x, this.branch7x7x3_1, this.branch7x7x3_2, this.branch7x7x3_3, this.branch7x7x3_4),
      halved(x),
    ], 1);
  }
}

/** 1 × 1, 3 × 3 and two 3 × 3, whose last is 1 × 3 beside 3 × 1, and pooling, side by side. */
class InceptionE extends Module {
  readonly branch1x1: BasicConv;
  readonly branch3x3_1: BasicConv;
  readonly branch3x3_2a: BasicConv;
  readonly branch3x3_2b: BasicConv;
  readonly branch3x3dbl_1: BasicConv;
  readonly branch3x3dbl_2: BasicConv;
  readonly branch3x3dbl_3a: BasicConv;
  readonly branch3x3dbl_3b: BasicConv;
  readonly branchPool: BasicConv;

  constructor(conv: Conv, inChannels: number) {
    super();
    this.branch1x1 = conv(inChannels, 320, 1);
    this.branch3x3_1 = conv(inChannels, 384, 1);
    this.branch3x3_2a = conv(384, 384, [1, 3], { padding: [0, 1] });
    this.branch3x3_2b = conv(384, 384, [3, 1], { padding: [1, 0] });
    this.branch3x3dbl_1 = conv(inChannels, 448, 1);
    this.branch3x3dbl_2 = conv(448, 384, 3, { padding: 1 });
    this.branch3x3dbl_3a = conv(384, 384, [1, 3], { padding: [0, 1] });
    this.branch3x3dbl_3b = conv(384, 384, [3, 1], { padding: [1, 0] });
    this.branchPool = conv(inChannels, 192, 1);
  }

  forward(x: Tensor): Tensor {
    const single = applied(x, this.branch3x3_1);
    const double = applied(x, this.branch3x3dbl_1, this.branch3x3dbl_2);
    return concat([
      applied(x, this.branch1x1),
      applied(single, this.branch3x3_2a), applied(single, this.branch3x3_2b),
      applied(double, this.branch3x3dbl_3a), applied(double, this.branch3x3dbl_3b),
      applied(averaged(x), this.branchPool),
    ], 1);
  }
}

/** A classifier in the middle of the network, whose loss trains the lower layers. */
class InceptionAux extends Module {
  readonly conv0: BasicConv;
  readonly conv1: BasicConv;
  readonly fc: Linear;

  constructor(conv: Conv, inChannels: number, numClasses: number, initialOf: InitialOf) {
    super();
    this.conv0 = conv(inChannels, 128, 1);
    this.conv1 = conv(128, 768, 5, initialOf(0.01));
    this.fc = new Linear(768, numClasses, initialOf(0.001));
  }

  forward(x: Tensor): Tensor {
    return this.fc.forward(mean(applied(avgPool2d(x, 5, { stride: 3 }), this.conv0, this.conv1), [2, 3]));
  }
}

/** The layers up to the auxiliary classifier, and those after it, under torchvision's names. */
function stagesOf(conv: Conv): { readonly before: Readonly<Record<string, TensorModule>>; readonly after: Readonly<Record<string, TensorModule>> } {
  return {
    before: {
      Conv2d_1a_3x3: conv(3, 32, 3, { stride: 2 }), Conv2d_2a_3x3: conv(32, 32, 3), Conv2d_2b_3x3: conv(32, 64, 3, { padding: 1 }),
      Conv2d_3b_1x1: conv(64, 80, 1), Conv2d_4a_3x3: conv(80, 192, 3),
      Mixed_5b: new InceptionA(conv, 192, 32), Mixed_5c: new InceptionA(conv, 256, 64), Mixed_5d: new InceptionA(conv, 288, 64),
      Mixed_6a: new InceptionB(conv, 288),
      Mixed_6b: new InceptionC(conv, 768, 128), Mixed_6c: new InceptionC(conv, 768, 160), Mixed_6d: new InceptionC(conv, 768, 160), Mixed_6e: new InceptionC(conv, 768, 192),
    },
    after: { Mixed_7a: new InceptionD(conv, 768), Mixed_7b: new InceptionE(conv, 1280), Mixed_7c: new InceptionE(conv, 2048) },
  };
}

/** The layers after which max pooling halves the image. */
const pooled = new Set(["Conv2d_2b_3x3", "Conv2d_4a_3x3"]);

/**
 * Inception v3 (Szegedy et al. 2016, "Rethinking the Inception architecture for computer vision"), with torchvision's names of parameters. 27,161,264 parameters, 23,834,568 without the
 * auxiliary classifier.
 *
 * | stage | output for 299 × 299 |
 * | --- | --- |
 * | `Conv2d_1a_3x3` stride 2, `Conv2d_2a_3x3`, `Conv2d_2b_3x3`, max pooling 3 × 3, stride 2 | `[N, 64, 73, 73]` |
 * | `Conv2d_3b_1x1`, `Conv2d_4a_3x3`, max pooling | `[N, 192, 35, 35]` |
 * | `Mixed_5b`, `5c`, `5d` | `[N, 288, 35, 35]` |
 * | `Mixed_6a` to `6e` | `[N, 768, 17, 17]` |
 * | `Mixed_7a`, `7b`, `7c` | `[N, 2048, 8, 8]` |
 * | mean over the image, dropout, `fc` | `[N, numClasses]` |
 *
 * `forward` gives the logits. For training with the auxiliary classifier `AuxLogits`, `forwardWithAux` gives its logits too.
 *
 * Shapes: input `[N, 3, H, W]` of at least 75 × 75, output `[N, numClasses]`.
 */
export class InceptionV3 extends Module {
  readonly auxLogits: TensorModule | undefined;
  readonly dropout: Dropout;
  readonly fc: Linear;
  readonly #stages: ReturnType<typeof stagesOf>;
  readonly #transformInput: boolean;

  constructor(options: InceptionV3Options = {}) {
    super();
    takeOptions("InceptionV3", this, options, inceptionOptions);
    const { numClasses = 1000, auxLogits = true, transformInput = false, initWeights = true, dropout = 0.5 } = options;
    const initialOf: InitialOf = (std) => (initWeights ? { initializeWeight: truncatedNormalWith(std) } : {});
    const conv: Conv = (inChannels, outChannels, kernelSize, given = {}) => new BasicConv(inChannels, outChannels, kernelSize, { ...initialOf(0.1), ...given });
    this.#stages = stagesOf(conv);
    this.auxLogits = auxLogits ? new InceptionAux(conv, 768, numClasses, initialOf) : undefined;
    this.dropout = new Dropout(dropout);
    this.fc = new Linear(2048, numClasses, initialOf(0.1));
    this.#transformInput = transformInput;
  }

  forward(x: Tensor): Tensor {
    return this.#logits(this.#trunk(x));
  }

  /**
   * The logits, and those of the auxiliary classifier, for a loss such as `logits + 0.4 · auxLogits` of their cross-entropies. The input must be at least 107 × 107.
   * @throws UsageError for a network without an auxiliary classifier.
   */
  forwardWithAux(x: Tensor): InceptionV3Output {
    if (this.auxLogits === undefined) throw new UsageError("InceptionV3: it has no auxiliary classifier; give auxLogits: true, or call forward");
    const trunk = this.#trunk(x);
    return { auxLogits: this.auxLogits.forward(trunk), logits: this.#logits(trunk) };
  }

  #trunk(x: Tensor): Tensor {
    const input = this.#transformInput ? transformInput(x) : x;
    return Object.entries(this.#stages.before).reduce((before, [name, stage]) => {
      const after = stage.forward(before);
      return pooled.has(name) ? halved(after) : after;
    }, input);
  }

  #logits(trunk: Tensor): Tensor {
    const features = applied(trunk, ...Object.values(this.#stages.after));
    return this.fc.forward(this.dropout.forward(mean(features, [2, 3])));
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    const { before, after } = this.#stages;
    return [...Object.entries(before), ["AuxLogits", this.auxLogits], ...Object.entries(after), ["dropout", this.dropout], ["fc", this.fc]];
  }
}

/** {@link InceptionV3}, under torchvision's name. */
export function inceptionV3(options: InceptionV3Options = {}): InceptionV3 {
  requireOptions("inceptionV3", options, inceptionOptions);
  return new InceptionV3(options);
}
