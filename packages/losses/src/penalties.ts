import { abs, add, ArgumentError, requireTensor, square, sum, Variable, zeros, type Tensor } from "@nn/tensor";

/** What penalties are taken of: the parameters of a module, or tensors. */
export type Penalized = Iterable<Variable | Tensor>;

/** How much the parts of {@link elasticNetPenalty} count. */
export interface ElasticNetOptions {
  /** Factor of the sizes; default 0. */
  readonly l1?: number | undefined;
  /** Factor of the squares; default 0. */
  readonly l2?: number | undefined;
}

/**
 * Sum of the sizes of all elements, `Σ |w|` (lasso; Tibshirani 1996): added to a loss it drives weights to exactly 0. The gradient
 * at 0 is 0. TensorFlow.js: `tf.regularizers.l1`.
 */
export function l1Penalty(parameters: Penalized): Tensor {
  return total("l1Penalty", parameters, abs);
}

/**
 * Sum of the squares of all elements, `Σ w²` (ridge; Hoerl and Kennard 1970). `λ/2` times it is what optimizers call a weight decay of
 * λ, if that is coupled. TensorFlow.js: `tf.regularizers.l2`.
 */
export function l2Penalty(parameters: Penalized): Tensor {
  return total("l2Penalty", parameters, square);
}

/**
 * Both together, `l1 · Σ |w| + l2 · Σ w²` (elastic net; Zou and Hastie 2005). TensorFlow.js: `tf.regularizers.l1l2`.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { elasticNetPenalty } from "@nn/losses";
 * const weight = new Variable(tensor([3, -4]));
 * elasticNetPenalty([weight], { l1: 1, l2: 0.5 }).item(); // => 19.5
 * ```
 * @throws ArgumentError for negative factors.
 */
export function elasticNetPenalty(parameters: Penalized, { l1 = 0, l2 = 0 }: ElasticNetOptions): Tensor {
  if (!(l1 >= 0 && l2 >= 0)) throw new ArgumentError(`elasticNetPenalty: l1 is ${l1} and l2 is ${l2}, expected numbers from 0`);
  return total("elasticNetPenalty", parameters, (weights) => abs(weights).mul(l1).add(square(weights).mul(l2)));
}

/** The sum over all elements of all parameters; of none, 0. */
function total(operation: string, parameters: Penalized, cost: (weights: Tensor) => Tensor): Tensor {
  const costs = Array.from(parameters, (each) => {
    const weights = each instanceof Variable ? each.value : each;
    requireTensor(operation, weights, "parameter");
    return sum(cost(weights));
  });
  return costs.length === 0 ? zeros([]) : costs.reduce(add);
}
