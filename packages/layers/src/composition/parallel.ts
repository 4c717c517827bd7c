import { formatShape, sameShape, ShapeError, type Tensor } from "@nn/tensor";
import type { TensorModule } from "../sequential.js";
import { Branches } from "./branches.js";

/**
 * Modules side by side whose outputs are added: `y = f₁(x) + … + fₙ(x)`.
 * @throws ShapeError if the outputs differ in shape.
 */
export class Parallel<const Modules extends readonly TensorModule[] = readonly TensorModule[]> extends Branches<Modules> {
  forward(x: Tensor): Tensor {
    const outputs = this.outputs(x);
    if (outputs.some(({ shape }) => !sameShape(shape, outputs[0]?.shape ?? []))) {
      throw new ShapeError(`Parallel: branches give ${outputs.map(({ shape }) => formatShape(shape)).join(" and ")}, expected one shape`);
    }
    return outputs.reduce((total, output) => total.add(output));
  }
}
