import { flatten, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** Options of {@link Flatten}. */
export interface FlattenOptions {
  /** First axis to join; default 1, so that the batch stays. */
  readonly startAxis?: number | undefined;
  /** Last axis to join; default −1. */
  readonly endAxis?: number | undefined;
}

const flattenOptions: OptionKinds<FlattenOptions> = { startAxis: "integer", endAxis: "integer" };

/** Joins neighbouring axes into one: `[N, C, H, W] → [N, C·H·W]`. */
export class Flatten extends Module {
  readonly startAxis: number;
  readonly endAxis: number;

  constructor(options: FlattenOptions = {}) {
    super();
    takeOptions("Flatten", this, options, flattenOptions);
    const { startAxis = 1, endAxis = -1 } = options;
    this.startAxis = startAxis;
    this.endAxis = endAxis;
  }

  forward(x: Tensor): Tensor {
    return flatten(x, this.startAxis, this.endAxis);
  }
}
