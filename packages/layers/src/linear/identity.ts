import type { Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** The input itself: `y = x`. Stands where a layer may be left out. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
