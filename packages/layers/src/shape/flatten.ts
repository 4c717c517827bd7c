import { flatten, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Options of {@link Flatten}. */
export interface FlattenOptions {
  /** First axis to join; default 1, so that the batch stays. */
  readonly startAxis?: number | undefined;
  /** Last axis to join; default −1. */
  readonly endAxis?: number | undefined;
}

/** Joins neighbouring axes into one: `[N, C, H, W] → [N, C·H·W]`. */
export class Flatten extends Module {
  readonly startAxis: number;
  readonly endAxis: number;

  constructor({ startAxis = 1, endAxis = -1 }: FlattenOptions = {}) {
    super();
    this.startAxis = startAxis;
    this.endAxis = endAxis;
  }

  forward(x: Tensor): Tensor {
    return flatten(x, this.startAxis, this.endAxis);
  }
}
