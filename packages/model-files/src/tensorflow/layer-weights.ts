import type { Tensor } from "@nn/tensor";
import { quote } from "@nn/tensor/extend";
import { LayerProblem } from "./config.js";

/** The weights of a file, each taken by the layer that it belongs to. */
export class LayerWeights {
  readonly #all: ReadonlyMap<string, Tensor>;
  readonly #taken = new Set<string>();

  constructor(all: ReadonlyMap<string, Tensor>) {
    this.#all = all;
  }

  /**
   * The weight of a layer. Its name may begin with those of the models around the layer; newer versions of Keras write the name of the cell into those of recurrent layers (`lstm/lstm_cell_1/kernel`).
   * @throws LayerProblem if there is not exactly one.
   */
  take(layer: string, name: string): Tensor {
    const own = `${layer}/${name}`;
    const withoutCell = (each: string): string => each.replace(/\/[a-z]+_cell(?:_\d+)?(?=\/[^/]+$)/, "");
    const isOwn = (each: string): boolean => each === own || each.endsWith(`/${own}`);
    const found = this.#all.has(own) ? [own] : [...this.#all.keys()].filter((each) => isOwn(each) || isOwn(withoutCell(each)));
    const [key, ...others] = found;
    const value = key === undefined ? undefined : this.#all.get(key);
    if (key === undefined || value === undefined || others.length > 0) throw new LayerProblem(found.length > 1 ? `several weights are called ${quote(own)}` : `the file has no weight ${quote(own)}`);
    this.#taken.add(key);
    return value;
  }

  /** The names of the weights that no layer has taken. */
  get left(): string[] {
    return [...this.#all.keys()].filter((name) => !this.#taken.has(name));
  }
}
