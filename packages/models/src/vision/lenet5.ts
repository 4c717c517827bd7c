import { Conv2d, Linear, Module, takeOptions } from "@nn/layers";
import { avgPool2d, flatten, tanh, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** Options of {@link LeNet5}. */
export interface LeNet5Options {
  /** Default 1, grey. */
  readonly inChannels?: number | undefined;
  /** Default 10, the digits. */
  readonly numClasses?: number | undefined;
}

const lenet5Options: OptionKinds<LeNet5Options> = { inChannels: "count", numClasses: "count" };

/**
 * LeNet-5 (LeCun et al. 1998, "Gradient-based learning applied to document recognition"), the first convolutional network in wide use, with 61,706 parameters. As in most
 * later descriptions, subsampling is average pooling without weights, all maps of the second convolution see all of the first, and the result are logits.
 *
 * | layer | output |
 * | --- | --- |
 * | `conv1` 5 × 5, padding 2, tanh | `[N, 6, 28, 28]` |
 * | average pooling 2 × 2 | `[N, 6, 14, 14]` |
 * | `conv2` 5 × 5, tanh | `[N, 16, 10, 10]` |
 * | average pooling 2 × 2 | `[N, 16, 5, 5]` |
 * | `fc1`, tanh | `[N, 120]` |
 * | `fc2`, tanh | `[N, 84]` |
 * | `fc3` | `[N, numClasses]` |
 *
 * Shapes: input `[N, inChannels, 28, 28]`, output `[N, numClasses]`.
 */
export class LeNet5 extends Module {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fc3: Linear;

  constructor(options: LeNet5Options = {}) {
    super();
    takeOptions("LeNet5", this, options, lenet5Options);
    const { inChannels = 1, numClasses = 10 } = options;
    this.conv1 = new Conv2d(inChannels, 6, 5, { padding: 2 });
    this.conv2 = new Conv2d(6, 16, 5);
    this.fc1 = new Linear(400, 120);
    this.fc2 = new Linear(120, 84);
    this.fc3 = new Linear(84, numClasses);
  }

  forward(x: Tensor): Tensor {
    const first = avgPool2d(tanh(this.conv1.forward(x)), 2);
    const second = avgPool2d(tanh(this.conv2.forward(first)), 2);
    const hidden = tanh(this.fc1.forward(flatten(second, 1)));
    return this.fc3.forward(tanh(this.fc2.forward(hidden)));
  }
}
