import { AdaptiveAvgPool2d, Conv2d, Dropout, Linear, MaxPool2d, Module, ReLU, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { flatten, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** Options of {@link AlexNet}, with torchvision's names. */
export interface AlexNetOptions {
  /** Default 1000, those of ImageNet. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Probability of dropping an input of the first two linear layers; default 0.5. */
  readonly dropout?: number | undefined;
}

const alexnetOptions: OptionKinds<AlexNetOptions> = { numClasses: "count", inChannels: "count", dropout: "probability" };

/**
 * AlexNet in the form of Krizhevsky 2014 ("One weird trick for parallelizing convolutional neural networks"), which torchvision has: the network of Krizhevsky et al.
 * 2012 without local response normalisation and without two groups. 61,100,840 parameters.
 *
 * | layer | output for 224 × 224 |
 * | --- | --- |
 * | 11 × 11, stride 4, relu, max pooling 3 × 3, stride 2 | `[N, 64, 27, 27]` |
 * | 5 × 5, relu, max pooling | `[N, 192, 13, 13]` |
 * | 3 × 3, relu | `[N, 384, 13, 13]` |
 * | 3 × 3, relu | `[N, 256, 13, 13]` |
 * | 3 × 3, relu, max pooling | `[N, 256, 6, 6]` |
 * | linear, relu | `[N, 4096]` |
 * | linear, relu | `[N, 4096]` |
 * | linear | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, H, W]` of at least 63 × 63, output `[N, numClasses]`.
 */
export class AlexNet extends Module {
  readonly features: TensorModule;
  readonly avgpool = new AdaptiveAvgPool2d(6);
  readonly classifier: TensorModule;

  constructor(options: AlexNetOptions = {}) {
    super();
    takeOptions("AlexNet", this, options, alexnetOptions);
    const { numClasses = 1000, inChannels = 3, dropout = 0.5 } = options;
    this.features = new Sequential(
      new Conv2d(inChannels, 64, 11, { stride: 4, padding: 2 }), new ReLU(), new MaxPool2d(3, { stride: 2 }),
      new Conv2d(64, 192, 5, { padding: 2 }), new ReLU(), new MaxPool2d(3, { stride: 2 }),
      new Conv2d(192, 384, 3, { padding: 1 }), new ReLU(),
      new Conv2d(384, 256, 3, { padding: 1 }), new ReLU(),
      new Conv2d(256, 256, 3, { padding: 1 }), new ReLU(), new MaxPool2d(3, { stride: 2 }),
    );
    this.classifier = new Sequential(
      new Dropout(dropout), new Linear(256 * 6 * 6, 4096), new ReLU(),
      new Dropout(dropout), new Linear(4096, 4096), new ReLU(),
      new Linear(4096, numClasses),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(flatten(this.avgpool.forward(this.features.forward(x)), 1));
  }
}

/** {@link AlexNet}, under torchvision's name. */
export function alexnet(options: AlexNetOptions = {}): AlexNet {
  requireOptions("alexnet", options, alexnetOptions);
  return new AlexNet(options);
}
