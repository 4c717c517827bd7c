import { Linear, ReLU, Sequential } from "@nn/layers";
import { Generator, tensor } from "@nn/tensor";
import type { CartState, Push } from "./cart-pole.js";
import { numbersOf } from "./digit-network.js";

const hidden = 64;

/** From a state of the cart to the values of its two actions: pushing to the left, and to the right. */
export const createQNetwork = (generator: Generator) => new Sequential(new Linear(4, hidden, { generator }), new ReLU(), new Linear(hidden, hidden, { generator }), new ReLU(), new Linear(hidden, 2, { generator }));

/** What an agent expects of its two actions. */
export type ActionValues = readonly [left: number, right: number];

/** The action with the larger value. */
export const bestOf = ([left, right]: ActionValues): Push => (right > left ? 1 : -1);

/** The network that a worker trains, in the page. It is small enough to run without the compiler, which only the worker loads. */
export class Agent {
  readonly #model = createQNetwork(new Generator(1));

  /** Takes the values of all parameters. */
  load(parameters: readonly (readonly number[])[]): void {
    this.#model.parameters().forEach((parameter, at) => {
      parameter.value = tensor([...(parameters[at] ?? [])]).reshape(parameter.value.shape);
    });
  }

  valuesOf(state: CartState): ActionValues {
    const [left = NaN, right = NaN] = numbersOf(this.#model.forward(tensor([...state]).reshape([1, 4])));
    return [left, right];
  }
}
