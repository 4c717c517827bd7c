import { fold, unfold, type Size2d, type Tensor, type UnfoldOptions } from "@nn/tensor";
import { perAxis, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { copyList, copyOptions } from "../copy-options.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** The options of `Unfold` and `Fold`. */
const unfoldOptions: OptionKinds<UnfoldOptions> = { stride: "any", padding: "any", dilation: "any" };

/** Refuses wrong kernel sizes, strides, paddings and dilations of patches. */
function checkPatches(operation: string, kernelSize: Size2d, options: UnfoldOptions): void {
  requireOptions(operation, options, unfoldOptions);
  perAxis(operation, "kernelSize", kernelSize, 2, 1);
  for (const [name, least] of [["stride", 1], ["padding", 0], ["dilation", 1]] as const) {
    const value = options[name];
    if (value !== undefined) perAxis(operation, name, value, 2, least);
  }
}

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
    this.kernelSize = copyList(kernelSize);
    this.#options = copyOptions(options);
  }

  forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.#options);
  }
}

/**
 * Adds patches into images, each at the position from which `Unfold` takes it. Overlapping patches add up.
 *
 * Shapes: input `[N, C · kernelH · kernelW, patches]`, output `[N, C, H, W]`.
 * @throws ShapeError if the input has another number of patches.
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
    this.outputSize = copyList(outputSize);
    this.kernelSize = copyList(kernelSize);
    this.#options = copyOptions(options);
  }

  forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this.#options);
  }
}
