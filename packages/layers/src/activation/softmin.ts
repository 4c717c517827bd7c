import { softmax, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `exp(−xᵢ) / Σⱼ exp(−xⱼ)` along an axis, without overflow. */
export class Softmin extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return softmax(x.neg(), this.axis);
  }
}
