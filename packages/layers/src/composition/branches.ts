import { ArgumentError, concat, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { Module, type TensorModule } from "../module.js";
import { takeOptions } from "../options.js";
import { requireModules } from "./modules.js";

/** Modules that all take the same input. Their names are their indices: `"0.weight"`, `"1.bias"`. */
export abstract class Branches<const Modules extends readonly TensorModule[] = readonly TensorModule[]> extends Module {
  readonly #branches: Modules;

  constructor(branches: Modules) {
    super();
    requireKind(this.constructor.name, "branches", branches, "list");
    if (branches.length === 0) throw new ArgumentError(`${this.constructor.name}: no branches, expected at least one module`);
    requireModules(this.constructor.name, branches);
    this.#branches = branches;
  }

  /** The modules, in order. */
  get branches(): Modules {
    return this.#branches;
  }

  /** The outputs of the modules, in order. */
  protected outputs(x: Tensor): Tensor[] {
    return this.#branches.map((branch, at) => {
      const output = branch.forward(x);
      requireTensor(this.constructor.name, output, `the output of branch ${at}`);
      return output;
    });
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return [...super.fields(), ...Object.entries(this.#branches)];
  }
}

/** Options of {@link Concat}. */
export interface ConcatOptions {
  /** The axis along which the outputs are concatenated; default 1, the channels. */
  readonly axis?: number | undefined;
}

const concatOptions: OptionKinds<ConcatOptions> = { axis: "integer" };

/**
 * Applies modules to the same input and concatenates their outputs: `y = [f₁(x), …, fₙ(x)]`, as in Inception (Szegedy et al. 2015). Add an
 * `Identity` to keep the input, as in DenseNet (Huang et al. 2017).
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

/**
 * Applies modules to the same input and adds their outputs: `y = f₁(x) + … + fₙ(x)`.
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
