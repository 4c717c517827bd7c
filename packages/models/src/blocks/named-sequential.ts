import { Module, type TensorModule } from "@nn/layers";
import type { Tensor } from "@nn/tensor";

/**
 * Modules applied one after the other, as `Sequential`, but under names of their own instead of their indices. The names are used as they are.
 */
export class NamedSequential extends Module {
  readonly #layers: ReadonlyMap<string, TensorModule>;

  constructor(layers: Readonly<Record<string, TensorModule>>) {
    super();
    this.#layers = new Map(Object.entries(layers));
  }

  forward(x: Tensor): Tensor {
    return [...this.#layers.values()].reduce((input, layer) => layer.forward(input), x);
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return this.#layers;
  }
}
