import { where, type Tensor } from "@nn/tensor";
import { isFloat, requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";

/**
 * Threshold of the perceptron (Rosenblatt 1958): 1 where `x > 0`, else 0; NaN stays NaN. Its gradient is 0 everywhere, so the layers before it
 * do not learn by gradient descent; the perceptron rule trains them. Not in PyTorch.
 */
export class Step extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Step", x);
    const input = isFloat(x.dtype) ? x.detach() : x.cast("float32");
    return where(input.greater(0), 1, where(input.lessEqual(0), 0, input));
  }
}

/** `x` where it exceeds the threshold, else `value`. */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number) {
    super();
    requireKind("Threshold", "threshold", threshold, "number");
    requireKind("Threshold", "value", value, "number");
    this.threshold = threshold;
    this.value = value;
  }

  forward(x: Tensor): Tensor {
    requireTensor("Threshold", x);
    return where(x.lessEqual(this.threshold), this.value, x);
  }
}
