import type { Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** The input itself: `y = x`. Use it as a placeholder for an optional layer. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
