import { Module, type LSTM, type RNN } from "@nn/layers";
import { clamp, concat, maximum, minimum, select, type Tensor } from "@nn/tensor";

/** Exchanges steps and channels: between `[N, steps, C]` of TensorFlow.js and `[N, C, steps]` of the layers for sequences. */
export class SwapSteps extends Module {
  forward(x: Tensor): Tensor {
    return x.transpose(1, 2);
  }
}

/** Reshapes everything but the batch in the order of TensorFlow.js, where channels of images come last. Images are `[N, C, H, W]` before and after. */
export class ChannelsLastReshape extends Module {
  readonly sizes: readonly number[];

  constructor(sizes: readonly number[]) {
    super();
    this.sizes = [...sizes];
  }

  forward(x: Tensor): Tensor {
    const last = x.rank === 4 ? x.permute([0, 2, 3, 1]) : x;
    const reshaped = last.reshape([x.shape[0] ?? 0, ...this.sizes]);
    return reshaped.rank === 4 ? reshaped.permute([0, 3, 1, 2]) : reshaped;
  }
}

const merges = {
  add: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.add(b)),
  subtract: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.sub(b)),
  multiply: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.mul(b)),
  average: (xs: readonly Tensor[]) => xs.reduce((a, b) => a.add(b)).div(xs.length),
  maximum: (xs: readonly Tensor[]) => xs.reduce((a, b) => maximum(a, b)),
  minimum: (xs: readonly Tensor[]) => xs.reduce((a, b) => minimum(a, b)),
} as const;

/** Combines tensors element by element. */
export class Merge extends Module {
  readonly kind: keyof typeof merges;

  constructor(kind: keyof typeof merges) {
    super();
    this.kind = kind;
  }

  forward(...inputs: Tensor[]): Tensor {
    return merges[this.kind](inputs);
  }
}

/** Joins tensors along an axis. */
export class Join extends Module {
  readonly axis: number;

  constructor(axis: number) {
    super();
    this.axis = axis;
  }

  forward(...inputs: Tensor[]): Tensor {
    return concat(inputs, this.axis);
  }
}

/** `min(1, max(0, 0.2 x + 0.5))`, the hard sigmoid of Keras 2. (PyTorch's `Hardsigmoid` has the slope 1/6.) */
export class SteepHardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    return clamp(x.mul(0.2).add(0.5), 0, 1);
  }
}

/** The outputs of a recurrent layer at all steps, or at the last one. */
export class Outputs extends Module {
  readonly recurrent: RNN | LSTM;
  readonly all: boolean;

  constructor(recurrent: RNN | LSTM, all: boolean) {
    super();
    this.recurrent = recurrent;
    this.all = all;
  }

  forward(x: Tensor): Tensor {
    const { output } = this.recurrent.forward(x);
    return this.all ? output : select(output, 1, -1);
  }
}
