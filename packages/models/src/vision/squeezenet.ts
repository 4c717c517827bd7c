import { Conv2d, Dropout, GlobalAvgPool, MaxPool2d, Module, ReLU, Sequential, kaimingUniform, takeOptions, type TensorModule } from "@nn/layers";
import { concat, relu, zeros, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { normalWith, withZeroBias } from "../blocks/initializers.js";

/** Options that both SqueezeNets have, with torchvision's names. */
export interface SqueezeNetOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Probability of dropping an input of the last convolution; default 0.5. */
  readonly dropout?: number | undefined;
}

/** Options of {@link SqueezeNet}. */
export interface SqueezeNetArchitecture extends SqueezeNetOptions {
  /** `"1_0"` is the network of the paper; `"1_1"` computes less than half as much. Default `"1_0"`. */
  readonly version?: "1_0" | "1_1" | undefined;
}

const squeezenetOptions: OptionKinds<SqueezeNetOptions> = { numClasses: "count", inChannels: "count", dropout: "probability" };
const architectureOptions: OptionKinds<SqueezeNetArchitecture> = { ...squeezenetOptions, version: ["1_0", "1_1"] };

const initial = { initializeWeight: kaimingUniform, initializeBias: zeros };

/** A 1 × 1 convolution to few channels, then 1 × 1 and 3 × 3 convolutions side by side. */
class Fire extends Module {
  readonly squeeze: Conv2d;
  readonly expand1x1: Conv2d;
  readonly expand3x3: Conv2d;

  constructor(inChannels: number, squeezed: number, expanded: number) {
    super();
    this.squeeze = new Conv2d(inChannels, squeezed, 1, initial);
    this.expand1x1 = new Conv2d(squeezed, expanded, 1, initial);
    this.expand3x3 = new Conv2d(squeezed, expanded, 3, { padding: 1, ...initial });
  }

  forward(x: Tensor): Tensor {
    const squeezed = relu(this.squeeze.forward(x));
    return concat([relu(this.expand1x1.forward(squeezed)), relu(this.expand3x3.forward(squeezed))], 1);
  }
}

const pooling = (): TensorModule => new MaxPool2d(3, { stride: 2, ceilMode: true });

const features = {
  "1_0": (inChannels: number): TensorModule => new Sequential(
    new Conv2d(inChannels, 96, 7, { stride: 2, ...initial }), new ReLU(), pooling(),
    new Fire(96, 16, 64), new Fire(128, 16, 64), new Fire(128, 32, 128), pooling(),
    new Fire(256, 32, 128), new Fire(256, 48, 192), new Fire(384, 48, 192), new Fire(384, 64, 256), pooling(),
    new Fire(512, 64, 256),
  ),
  "1_1": (inChannels: number): TensorModule => new Sequential(
    new Conv2d(inChannels, 64, 3, { stride: 2, ...initial }), new ReLU(), pooling(),
    new Fire(64, 16, 64), new Fire(128, 16, 64), pooling(),
    new Fire(128, 32, 128), new Fire(256, 32, 128), pooling(),
    new Fire(256, 48, 192), new Fire(384, 48, 192), new Fire(384, 64, 256), new Fire(512, 64, 256),
  ),
} as const;

/**
 * SqueezeNet (Iandola et al. 2016, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and under 0.5 MB model size"), with torchvision's names of parameters. It consists of
 * fire modules: a convolution 1 × 1 to few channels, then convolutions 1 × 1 and 3 × 3 side by side. {@link squeezenet1_0} and {@link squeezenet1_1} are the two published versions.
 *
 * | stage | output of version 1.1 for 224 × 224 |
 * | --- | --- |
 * | 3 × 3, stride 2, relu, max pooling | `[N, 64, 55, 55]` |
 * | 2 fire modules, max pooling | `[N, 128, 27, 27]` |
 * | 2 fire modules, max pooling | `[N, 256, 13, 13]` |
 * | 4 fire modules | `[N, 512, 13, 13]` |
 * | dropout, 1 × 1, relu, mean over the image | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]`, output `[N, numClasses]`.
 */
export class SqueezeNet extends Module {
  readonly features: TensorModule;
  readonly classifier: TensorModule;

  constructor(options: SqueezeNetArchitecture = {}) {
    super();
    takeOptions("SqueezeNet", this, options, architectureOptions);
    const { version = "1_0", numClasses = 1000, inChannels = 3, dropout = 0.5 } = options;
    this.features = features[version](inChannels);
    this.classifier = new Sequential(
      new Dropout(dropout), new Conv2d(512, numClasses, 1, withZeroBias(normalWith(0.01))), new ReLU(), new GlobalAvgPool(),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.features.forward(x));
  }
}

function published(name: string, options: SqueezeNetOptions, version: "1_0" | "1_1"): SqueezeNet {
  requireOptions(name, options, squeezenetOptions);
  return new SqueezeNet({ ...options, version });
}

/** SqueezeNet 1.0: 1,248,424 parameters. See {@link SqueezeNet}. */
export function squeezenet1_0(options: SqueezeNetOptions = {}): SqueezeNet {
  return published("squeezenet1_0", options, "1_0");
}

/** SqueezeNet 1.1: 1,235,496 parameters. See {@link SqueezeNet}. */
export function squeezenet1_1(options: SqueezeNetOptions = {}): SqueezeNet {
  return published("squeezenet1_1", options, "1_1");
}
