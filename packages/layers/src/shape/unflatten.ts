import { ArgumentError, unflatten, type Shape, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/**
 * Splits an axis into several: undoes `Flatten`. One of the sizes may be −1: it is computed from the others.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Unflatten } from "@nn/layers";
 * new Unflatten(1, [3, 4, -1]).forward(zeros([2, 60])).shape; // => [2, 3, 4, 5]
 * ```
 * @throws ShapeError if the axis does not have as many elements.
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
