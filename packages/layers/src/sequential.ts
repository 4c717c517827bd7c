import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { requireModules } from "./composition/modules.js";
import { Module, type TensorModule } from "./module.js";

/**
 * Modules applied one after the other: `y = fₙ(… f₂(f₁(x)))`. Their names are their indices: `"0.weight"`, `"1.bias"`.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
 * model.forward(zeros([64, 784])).shape; // => [64, 10]
 * model.layers[2].weight.shape; // => [10, 128]
 * ```
 */
export class Sequential<const Layers extends readonly TensorModule[] = readonly TensorModule[]> extends Module {
  readonly #layers: Layers;

  constructor(...layers: Layers) {
    super();
    requireModules("Sequential", layers);
    this.#layers = layers;
  }

  forward(x: Tensor): Tensor {
    return this.#layers.reduce((input, layer) => layer.forward(input), x);
  }

  /** The modules, in order. */
  get layers(): Layers {
    return this.#layers;
  }

  /** Number of modules. */
  get length(): number {
    return this.#layers.length;
  }

  /**
   * The module at an index; a negative index counts from the end.
   * @throws ArgumentError if there is no such module.
   */
  at(index: number): Layers[number] {
    requireKind("Sequential.at", "the index", index, "integer");
    const layer = this.#layers.at(index);
    if (layer === undefined) throw new ArgumentError(`Sequential: no module at ${index}; there are ${this.length}`);
    return layer;
  }

  /** The modules in order. */
  [Symbol.iterator](): Iterator<Layers[number]> {
    return this.#layers[Symbol.iterator]();
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return [...super.fields(), ...Object.entries(this.#layers)];
  }
}
