import { sigmoid, type Tensor } from "@nn/tensor";

/** A small calculation with named inputs. */
interface Calculation {
  readonly run: (inputs: Readonly<Record<string, Tensor>>) => Tensor;
  readonly inputs: Readonly<Record<string, number>>;
  /** The inputs that gradient descent changes. */
  readonly trained: readonly string[];
}

/** A calculation, with the names of its inputs checked. */
const calculation = <Inputs extends Readonly<Record<string, number>>>(inputs: Inputs, trained: readonly (keyof Inputs & string)[], run: (inputs: Readonly<Record<keyof Inputs, Tensor>>) => Tensor): Calculation =>
  ({ inputs, trained, run: (given) => run(given as Readonly<Record<keyof Inputs, Tensor>>) });

/** The calculations of the lecture notes, and two more. */
export const calculations = {
  apples: calculation({ price: 100, count: 2, tax: 1.1 }, [], ({ price, count, tax }) => price.mul(count).mul(tax)),
  neuron: calculation({ w0: 2, x0: -1, w1: -3, x1: -2, w2: -3 }, ["w0", "w1", "w2"], ({ w0, x0, w1, x1, w2 }) => sigmoid(w0.mul(x0).add(w1.mul(x1)).add(w2))),
  twice: calculation({ x: 3 }, ["x"], ({ x }) => x.mul(x).add(x)),
  regression: calculation({ w: 0.5, x: 2, b: 0, y: 3 }, ["w", "b"], ({ w, x, b, y }) => {
    const error = w.mul(x).add(b).sub(y);
    return error.mul(error);
  }),
} as const satisfies Readonly<Record<string, Calculation>>;

export type CalculationName = keyof typeof calculations;
export const calculationNames = ["apples", "neuron", "twice", "regression"] as const;
