import { Module, type TensorModule } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { requireList, requireModule } from "./requirements.js";

/** From `[N, C, …spatial]` to `[N, …spatial, C]`, for images and volumes. */
export function toChannelsLast(x: Tensor): Tensor {
  return x.rank < 4 ? x : x.permute([0, ...spatialAxes(x, 2), 1]);
}

/** From `[N, …spatial, C]` to `[N, C, …spatial]`, for images and volumes. */
export function toChannelsFirst(x: Tensor): Tensor {
  return x.rank < 4 ? x : x.permute([0, x.rank - 1, ...spatialAxes(x, 1)]);
}

const spatialAxes = (x: Tensor, first: number): number[] => Array.from({ length: x.rank - 2 }, (_, at) => first + at);

/** Exchanges steps and channels: between `[N, steps, C]` of TensorFlow.js and `[N, C, steps]` of the layers for sequences. */
export class SwapSteps extends Module {
  forward(x: Tensor): Tensor {
    return x.transpose(1, 2);
  }
}

/** Reshapes everything but the batch in the order of TensorFlow.js, where channels of images and volumes come last. They come first before and after. */
export class ChannelsLastReshape extends Module {
  readonly sizes: readonly number[];

  constructor(sizes: readonly number[]) {
    super();
    requireList("ChannelsLastReshape", "sizes", sizes, "size");
    this.sizes = [...sizes];
  }

  forward(x: Tensor): Tensor {
    return toChannelsFirst(toChannelsLast(x).reshape([x.shape[0] ?? 0, ...this.sizes]));
  }
}

/** Reorders the axes as TensorFlow.js numbers them: the batch is 0, and channels of images and volumes come last. */
export class ChannelsLastPermute extends Module {
  readonly axes: readonly number[];

  constructor(axes: readonly number[]) {
    super();
    requireList("ChannelsLastPermute", "axes", axes, "count");
    this.axes = [...axes];
  }

  forward(x: Tensor): Tensor {
    return toChannelsFirst(toChannelsLast(x).permute([0, ...this.axes]));
  }
}

/** Applies a layer to images or volumes with channels last. */
export class ChannelsLast extends Module {
  readonly layer: TensorModule;

  constructor(layer: TensorModule) {
    super();
    requireModule("ChannelsLast", "layer", layer);
    this.layer = layer;
  }

  forward(x: Tensor): Tensor {
    return toChannelsFirst(this.layer.forward(toChannelsLast(x)));
  }
}

/** Repeats features at every step: `[N, features]` to `[N, steps, features]`. */
export class RepeatSteps extends Module {
  readonly steps: number;

  constructor(steps: number) {
    super();
    requireKind("RepeatSteps", "steps", steps, "count");
    this.steps = steps;
  }

  forward(x: Tensor): Tensor {
    const [batch = 0, features = 0] = x.shape;
    return x.unsqueeze(1).expand([batch, this.steps, features]);
  }
}

/** Applies a layer to every step: the steps are the first axis after the batch in TensorFlow.js. */
export class TimeDistributed extends Module {
  readonly layer: TensorModule;

  constructor(layer: TensorModule) {
    super();
    requireModule("TimeDistributed", "layer", layer);
    this.layer = layer;
  }

  forward(x: Tensor): Tensor {
    const [batch = 0, steps = 0, ...each] = toChannelsLast(x).shape;
    const result = toChannelsLast(this.layer.forward(toChannelsFirst(toChannelsLast(x).reshape([batch * steps, ...each]))));
    return toChannelsFirst(result.reshape([batch, steps, ...result.shape.slice(1)]));
  }
}
