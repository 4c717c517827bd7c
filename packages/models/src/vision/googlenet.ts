import { Dropout, Linear, MaxPool2d, Module, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { adaptiveAvgPool2d, concat, flatten, maxPool2d, mean, relu, UsageError, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { BasicConv } from "../blocks/basic-conv.js";
import { truncatedNormalWith } from "../blocks/initializers.js";
import { transformInput } from "../blocks/transform-input.js";

/** Options of {@link GoogLeNet}, with torchvision's names. */
export interface GoogLeNetOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Whether there are the two auxiliary classifiers, which are used in training only; default true. */
  readonly auxLogits?: boolean | undefined;
  /** Whether inputs are normalised by ImageNet's means and standard deviations, and are to be changed to −1 to 1, as the published weights need it; default false. */
  readonly transformInput?: boolean | undefined;
  /** Whether weights begin truncated normal with standard deviation 0.01, else as the layers do; default true. */
  readonly initWeights?: boolean | undefined;
  /** Probability of dropping an input of the classifier; default 0.2. */
  readonly dropout?: number | undefined;
  /** Probability of dropping an input of the last layer of an auxiliary classifier; default 0.7. */
  readonly dropoutAux?: number | undefined;
}

const googlenetOptions: OptionKinds<GoogLeNetOptions> = {
  numClasses: "count", auxLogits: "boolean", transformInput: "boolean", initWeights: "boolean", dropout: "probability", dropoutAux: "probability",
};

/** The logits of a network and those of its auxiliary classifiers. */
export interface GoogLeNetOutput {
  readonly logits: Tensor;
  /** Of the classifier after `inception4d`. */
  readonly auxLogits2: Tensor;
  /** Of the classifier after `inception4a`. */
  readonly auxLogits1: Tensor;
}

type Initial = ConstructorParameters<typeof BasicConv>[3];

/** The channels of the branches: 1 × 1; 1 × 1 and 3 × 3; 1 × 1 and 3 × 3 ("5 × 5"); after pooling. */
type Widths = readonly [one: number, reduced3: number, three: number, reduced5: number, five: number, pooled: number];

/** Four branches side by side. The third has 3 × 3 convolutions, not 5 × 5 as in the paper: the published weights are so. */
class Inception extends Module {
  readonly branch1: TensorModule;
  readonly branch2: TensorModule;
  readonly branch3: TensorModule;
  readonly branch4: TensorModule;

  constructor(inChannels: number, [one, reduced3, three, reduced5, five, pooled]: Widths, initial: Initial) {
    super();
    this.branch1 = new BasicConv(inChannels, one, 1, initial);
    this.branch2 = new Sequential(new BasicConv(inChannels, reduced3, 1, initial), new BasicConv(reduced3, three, 3, { padding: 1, ...initial }));
    this.branch3 = new Sequential(new BasicConv(inChannels, reduced5, 1, initial), new BasicConv(reduced5, five, 3, { padding: 1, ...initial }));
    this.branch4 = new Sequential(new MaxPool2d(3, { stride: 1, padding: 1, ceilMode: true }), new BasicConv(inChannels, pooled, 1, initial));
  }

  forward(x: Tensor): Tensor {
    return concat([this.branch1, this.branch2, this.branch3, this.branch4].map((branch) => branch.forward(x)), 1);
  }
}

/** A classifier in the middle of the network, whose loss trains the lower layers. */
class InceptionAux extends Module {
  readonly conv: BasicConv;
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly dropout: Dropout;

  constructor(inChannels: number, numClasses: number, dropout: number, initial: Initial) {
    super();
    this.conv = new BasicConv(inChannels, 128, 1, initial);
    this.fc1 = new Linear(2048, 1024, initial);
    this.fc2 = new Linear(1024, numClasses, initial);
    this.dropout = new Dropout(dropout);
  }

  forward(x: Tensor): Tensor {
    const features = flatten(this.conv.forward(adaptiveAvgPool2d(x, 4)), 1);
    return this.fc2.forward(this.dropout.forward(relu(this.fc1.forward(features))));
  }
}

const halved = (x: Tensor, window: 2 | 3): Tensor => maxPool2d(x, window, { stride: 2, ceilMode: true });

/**
 * GoogLeNet (Szegedy et al. 2015, "Going deeper with convolutions") with batch normalisation, with torchvision's names of parameters. 13,004,888 parameters, 6,624,904 without the
 * auxiliary classifiers.
 *
 * | stage | output for 224 × 224 |
 * | --- | --- |
 * | `conv1` 7 × 7, stride 2, max pooling 3 × 3, stride 2 | `[N, 64, 56, 56]` |
 * | `conv2` 1 × 1, `conv3` 3 × 3, max pooling | `[N, 192, 28, 28]` |
 * | `inception3a`, `3b`, max pooling | `[N, 480, 14, 14]` |
 * | `inception4a` to `4e`, max pooling 2 × 2 | `[N, 832, 7, 7]` |
 * | `inception5a`, `5b` | `[N, 1024, 7, 7]` |
 * | mean over the image, dropout, `fc` | `[N, numClasses]` |
 *
 * `forward` gives the logits. For training with the auxiliary classifiers `aux1` and `aux2`, `forwardWithAux` gives theirs too.
 *
 * Shapes: input `[N, 3, H, W]`, output `[N, numClasses]`.
 */
export class GoogLeNet extends Module {
  readonly conv1: TensorModule;
  readonly conv2: TensorModule;
  readonly conv3: TensorModule;
  readonly inception3a: TensorModule;
  readonly inception3b: TensorModule;
  readonly inception4a: TensorModule;
  readonly inception4b: TensorModule;
  readonly inception4c: TensorModule;
  readonly inception4d: TensorModule;
  readonly inception4e: TensorModule;
  readonly inception5a: TensorModule;
  readonly inception5b: TensorModule;
  readonly aux1: TensorModule | undefined;
  readonly aux2: TensorModule | undefined;
  readonly dropout: Dropout;
  readonly fc: Linear;
  readonly #transformInput: boolean;

  constructor(options: GoogLeNetOptions = {}) {
    super();
    takeOptions("GoogLeNet", this, options, googlenetOptions);
    const { numClasses = 1000, auxLogits = true, transformInput = false, initWeights = true, dropout = 0.2, dropoutAux = 0.7 } = options;
    const initial = initWeights ? { initializeWeight: truncatedNormalWith(0.01) } : {};
    this.conv1 = new BasicConv(3, 64, 7, { stride: 2, padding: 3, ...initial });
    this.conv2 = new BasicConv(64, 64, 1, initial);
    this.conv3 = new BasicConv(64, 192, 3, { padding: 1, ...initial });
    this.inception3a = new Inception(192, [64, 96, 128, 16, 32, 32], initial);
    this.inception3b = new Inception(256, [128, 128, 192, 32, 96, 64], initial);
    this.inception4a = new Inception(480, [192, 96, 208, 16, 48, 64], initial);
    this.inception4b = new Inception(512, [160, 112, 224, 24, 64, 64], initial);
    this.inception4c = new Inception(512, [128, 128, 256, 24, 64, 64], initial);
    this.inception4d = new Inception(512, [112, 144, 288, 32, 64, 64], initial);
    this.inception4e = new Inception(528, [256, 160, 320, 32, 128, 128], initial);
    this.inception5a = new Inception(832, [256, 160, 320, 32, 128, 128], initial);
    this.inception5b = new Inception(832, [384, 192, 384, 48, 128, 128], initial);
    this.aux1 = auxLogits ? new InceptionAux(512, numClasses, dropoutAux, initial) : undefined;
    this.aux2 = auxLogits ? new InceptionAux(528, numClasses, dropoutAux, initial) : undefined;
    this.dropout = new Dropout(dropout);
    this.fc = new Linear(1024, numClasses, initial);
    this.#transformInput = transformInput;
  }

  forward(x: Tensor): Tensor {
    return this.#forward(x).logits;
  }

  /**
   * The logits, and those of the auxiliary classifiers, for a loss such as `logits + 0.3 · (auxLogits1 + auxLogits2)` of their cross-entropies.
   * @throws UsageError for a network without auxiliary classifiers.
   */
  forwardWithAux(x: Tensor): GoogLeNetOutput {
    const { aux1, aux2 } = this;
    if (aux1 === undefined || aux2 === undefined) throw new UsageError("GoogLeNet: it has no auxiliary classifiers; give auxLogits: true, or call forward");
    const { logits, after4a, after4d } = this.#forward(x);
    return { logits, auxLogits2: aux2.forward(after4d), auxLogits1: aux1.forward(after4a) };
  }

  #forward(x: Tensor): { readonly logits: Tensor; readonly after4a: Tensor; readonly after4d: Tensor } {
    const input = this.#transformInput ? transformInput(x) : x;
    const first = halved(this.conv1.forward(input), 3);
    const second = halved(this.conv3.forward(this.conv2.forward(first)), 3);
    const third = halved(this.inception3b.forward(this.inception3a.forward(second)), 3);
    const after4a = this.inception4a.forward(third);
    const after4d = this.inception4d.forward(this.inception4c.forward(this.inception4b.forward(after4a)));
    const fourth = halved(this.inception4e.forward(after4d), 2);
    const fifth = this.inception5b.forward(this.inception5a.forward(fourth));
    return { logits: this.fc.forward(this.dropout.forward(mean(fifth, [2, 3]))), after4a, after4d };
  }
}

/** {@link GoogLeNet}, under torchvision's name. */
export function googlenet(options: GoogLeNetOptions = {}): GoogLeNet {
  requireOptions("googlenet", options, googlenetOptions);
  return new GoogLeNet(options);
}
