import { cast, greater, isFloat, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/**
 * Threshold of the perceptron (Rosenblatt 1958): 1 where `x > 0`, else 0. Its gradient is 0 everywhere: nothing before it is
 * learned by gradient descent, only by the perceptron rule. Not in PyTorch.
 */
export class Step extends Module {
  forward(x: Tensor): Tensor {
    return cast(greater(x, 0), isFloat(x.dtype) ? x.dtype : "float32");
  }
}
