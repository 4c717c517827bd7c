import { fold, perAxis, type Size2d, type Tensor, type UnfoldOptions } from "@nn/tensor";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { checkPatches, unfoldOptions } from "./patches.js";

/**
 * Sums patches into images, each where `Unfold` takes it from.
 *
 * Shapes: input `[N, C · kernelH · kernelW, patches]`, output `[N, C, H, W]`.
 * @throws ShapeError if the input does not have as many patches.
 */
export class Fold extends Module {
  readonly outputSize: Size2d;
  readonly kernelSize: Size2d;
  readonly #options: UnfoldOptions;

  constructor(outputSize: Size2d, kernelSize: Size2d, options: UnfoldOptions = {}) {
    super();
    perAxis("Fold", "outputSize", outputSize, 2, 1);
    checkPatches("Fold", kernelSize, options);
    takeOptions("Fold", this, options, unfoldOptions);
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this.#options);
  }
}
