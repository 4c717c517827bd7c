import { isFloat, requireTensor, where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/**
 * Threshold of the perceptron (Rosenblatt 1958): 1 where `x > 0`, else 0; NaN stays NaN. Its gradient is 0 everywhere: nothing before it is
 * learned by gradient descent, only by the perceptron rule. Not in PyTorch.
 */
export class Step extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Step", x);
    const input = isFloat(x.dtype) ? x.detach() : x.cast("float32");
    return where(input.greater(0), 1, where(input.lessEqual(0), 0, input));
  }
}
