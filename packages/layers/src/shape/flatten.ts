import { ArgumentError, flatten, unflatten, type Shape, type Tensor } from "@nn/tensor";
import { requireKind, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** Options of {@link Flatten}. */
export interface FlattenOptions {
  /** First axis to join; default 1, which keeps the batch axis. */
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

/**
 * Splits an axis into several; reverses `Flatten`. One size may be −1: it is computed from the others.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Unflatten } from "@nn/layers";
 * new Unflatten(1, [3, 4, -1]).forward(zeros([2, 60])).shape; // => [2, 3, 4, 5]
 * ```
 * @throws ShapeError if the axis has another number of elements.
 */
export class Unflatten extends Module {
  readonly axis: number;
  readonly sizes: Shape;

  constructor(axis: number, sizes: Shape) {
    super();
    requireKind("Unflatten", "axis", axis, "integer");
    requireKind("Unflatten", "sizes", sizes, "list");
    for (const size of sizes) {
      requireKind("Unflatten", "a size", size, "integer");
      if (size < -1) throw new ArgumentError(`Unflatten: a size is ${size}, expected whole numbers from 0, or one -1`);
    }
    this.axis = axis;
    this.sizes = [...sizes];
  }

  forward(x: Tensor): Tensor {
    return unflatten(x, this.axis, this.sizes);
  }
}
