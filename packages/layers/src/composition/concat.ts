import { concat, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { takeOptions } from "../options.js";
import type { TensorModule } from "../sequential.js";
import { Branches } from "./branches.js";

/** Options of {@link Concat}. */
export interface ConcatOptions {
  /** The axis along which outputs are joined; default 1, the channels. */
  readonly axis?: number | undefined;
}

const concatOptions: OptionKinds<ConcatOptions> = { axis: "integer" };

/**
 * Modules side by side whose outputs are joined: `y = [f₁(x), …, fₙ(x)]`, as in Inception (Szegedy et al. 2015). With an
 * `Identity` among them the input stays, as in DenseNet (Huang et al. 2017).
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Concat, Conv2d, Identity } from "@nn/layers";
 * const dense = new Concat([new Identity(), new Conv2d(16, 12, 3, { padding: "same" })]);
 * dense.forward(zeros([1, 16, 8, 8])).shape; // => [1, 28, 8, 8]
 * ```
 * @throws ShapeError if the outputs differ in shape on another axis.
 */
export class Concat<const Modules extends readonly TensorModule[] = readonly TensorModule[]> extends Branches<Modules> {
  readonly axis: number;

  constructor(branches: Modules, options: ConcatOptions = {}) {
    super(branches);
    takeOptions("Concat", this, options, concatOptions);
    const { axis = 1 } = options;
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return concat(this.outputs(x), this.axis);
  }
}
