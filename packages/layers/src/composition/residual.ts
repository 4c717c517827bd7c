import { ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { Module, type TensorModule } from "../module.js";
import { takeOptions } from "../options.js";
import { requireModules } from "./modules.js";

/** Options of {@link Residual}. */
export interface ResidualOptions {
  /** The module applied to the input before it is added, for example a convolution of size 1. Needed if the body changes the shape. */
  readonly shortcut?: TensorModule | undefined;
}

const residualOptions: OptionKinds<ResidualOptions> = { shortcut: "any" };

/**
 * Adds the output of a module, the body, to its input: `y = x + f(x)`, or `s(x) + f(x)` with a shortcut `s` (He et al. 2016).
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { BatchNorm2d, Conv2d, ReLU, Residual, Sequential } from "@nn/layers";
 * const block = new Residual(
 *   new Sequential(new Conv2d(8, 16, 3, { stride: 2, padding: 1, bias: false }), new BatchNorm2d(16), new ReLU()),
 *   { shortcut: new Conv2d(8, 16, 1, { stride: 2 }) },
 * );
 * block.forward(zeros([4, 8, 32, 32])).shape; // => [4, 16, 16, 16]
 * ```
 * @throws ShapeError if body and shortcut give different shapes.
 */
export class Residual extends Module {
  readonly body: TensorModule;
  readonly shortcut: TensorModule | undefined;

  constructor(body: TensorModule, options: ResidualOptions = {}) {
    super();
    takeOptions("Residual", this, options, residualOptions);
    const { shortcut } = options;
    requireModules("Residual", shortcut === undefined ? [body] : [body, shortcut]);
    this.body = body;
    this.shortcut = shortcut;
  }

  forward(x: Tensor): Tensor {
    const skip = this.shortcut === undefined ? x : this.shortcut.forward(x);
    const output = this.body.forward(x);
    requireTensor("Residual", skip, this.shortcut === undefined ? "input" : "the output of the shortcut");
    requireTensor("Residual", output, "the output of the body");
    if (!sameShape(skip.shape, output.shape)) {
      const [side, fix] = this.shortcut === undefined ? ["input", "give a shortcut that changes the shape as the body does"] : ["shortcut", "they must agree"];
      throw new ShapeError(`Residual: the body gives ${formatShape(output.shape)} but the ${side} is ${formatShape(skip.shape)}; ${fix}`);
    }
    return skip.add(output);
  }
}
