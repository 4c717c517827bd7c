import { logSoftmax, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** `xᵢ − log Σⱼ exp(xⱼ)` along an axis, without overflow and without the loss of small probabilities. */
export class LogSoftmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    requireKind("LogSoftmax", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.axis);
  }
}
