import { requireTensor, softmax, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** `exp(−xᵢ) / Σⱼ exp(−xⱼ)` along an axis, without overflow. */
export class Softmin extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    requireKind("Softmin", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    requireTensor("Softmin", x);
    return softmax(x.neg(), this.axis);
  }
}
