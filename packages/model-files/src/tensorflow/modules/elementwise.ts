import { Module, Parameter } from "@nn/layers";
import { any, clamp, normal, notEqual, where, zeros, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { requireList } from "./requirements.js";

/** `min(1, max(0, 0.2 x + 0.5))`, the hard sigmoid of Keras 2. (PyTorch's `Hardsigmoid` has the slope 1/6.) */
export class SteepHardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    return clamp(x.mul(0.2).add(0.5), 0, 1);
  }
}

/** `x` where `x > 0`, else `slope · x`, with a slope for each place; slopes of size 1 along an axis are shared along it. */
export class PlacewisePReLU extends Module {
  readonly weight: Parameter;

  /** @param shape The shape of the slopes, without the batch. */
  constructor(shape: readonly number[]) {
    super();
    requireList("PlacewisePReLU", "shape", shape, "count");
    this.weight = new Parameter(zeros(shape));
  }

  forward(x: Tensor): Tensor {
    return where(x.greater(0), x, x.mul(this.weight.value));
  }
}

/** `scale · x + offset`. */
export class Rescale extends Module {
  readonly scale: number;
  readonly offset: number;

  constructor(scale: number, offset: number) {
    super();
    requireKind("Rescale", "scale", scale, "finite");
    requireKind("Rescale", "offset", offset, "finite");
    this.scale = scale;
    this.offset = offset;
  }

  forward(x: Tensor): Tensor {
    return x.mul(this.scale).add(this.offset);
  }
}

/** In training, multiplies by independent normal numbers of mean 1 and variance `rate / (1 − rate)` (Srivastava et al. 2014, section 10); a rate of 0 or 1 changes nothing, as in TensorFlow.js. */
export class GaussianDropout extends Module {
  readonly rate: number;

  constructor(rate: number) {
    super();
    requireKind("GaussianDropout", "rate", rate, "probability");
    this.rate = rate;
  }

  forward(x: Tensor): Tensor {
    const drops = this.training && this.rate > 0 && this.rate < 1;
    return drops ? x.mul(normal(x.shape, { mean: 1, std: Math.sqrt(this.rate / (1 - this.rate)) })) : x;
  }
}

/** Sets steps whose features all equal a value to zero. */
export class Masking extends Module {
  readonly value: number;

  constructor(value: number) {
    super();
    requireKind("Masking", "value", value, "number");
    this.value = value;
  }

  forward(x: Tensor): Tensor {
    return where(any(notEqual(x, this.value), -1, { keepAxes: true }), x, 0);
  }
}

/** The steps that are not masked, `[N, steps]`: those of `[N, steps, features]` of which a feature differs from a value, and those of indices `[N, steps]` that differ from it. */
export class StepMask extends Module {
  readonly value: number;

  constructor(value: number) {
    super();
    requireKind("StepMask", "value", value, "number");
    this.value = value;
  }

  forward(x: Tensor): Tensor {
    const kept = notEqual(x, this.value);
    return x.rank === 3 ? any(kept, -1) : kept;
  }
}
