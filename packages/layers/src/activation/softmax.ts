import { softmax, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** `exp(xᵢ) / Σⱼ exp(xⱼ)` along an axis, without overflow. */
export class Softmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    requireKind("Softmax", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}
