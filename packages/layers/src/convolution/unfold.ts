import { unfold, type Size2d, type Tensor, type UnfoldOptions } from "@nn/tensor";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { checkPatches, unfoldOptions } from "./patches.js";

/**
 * The patches of images as columns.
 *
 * Shapes: input `[N, C, H, W]`, output `[N, C · kernelH · kernelW, patches]`, patches in row-major order.
 * @throws ShapeError if no patch fits.
 */
export class Unfold extends Module {
  readonly kernelSize: Size2d;
  readonly #options: UnfoldOptions;

  constructor(kernelSize: Size2d, options: UnfoldOptions = {}) {
    super();
    checkPatches("Unfold", kernelSize, options);
    takeOptions("Unfold", this, options, unfoldOptions);
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.#options);
  }
}
