import { abs, add, ArgumentError, square, sum, Variable, zeros, type Tensor } from "@nn/tensor";
import { describeValue, requireDType, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";

/** What a penalty applies to: the parameters of a module, or tensors. */
export type Penalized = Iterable<Variable | Tensor>;

/** Factors of the two terms of {@link elasticNetPenalty}. */
export interface ElasticNetOptions {
  /** Factor of the absolute values; default 0. */
  readonly l1?: number | undefined;
  /** Factor of the squares; default 0. */
  readonly l2?: number | undefined;
}

const elasticNetOptions: OptionKinds<ElasticNetOptions> = { l1: "nonNegative", l2: "nonNegative" };

/**
 * Sum of the absolute values of all elements, `Σ |w|` (lasso; Tibshirani 1996). Added to a loss, it drives weights towards 0. The
 * gradient at 0 is 0. TensorFlow.js: `tf.regularizers.l1`.
 */
export function l1Penalty(parameters: Penalized): Tensor {
  return total("l1Penalty", parameters, abs);
}

/**
 * Sum of the squares of all elements, `Σ w²` (ridge; Hoerl and Kennard 1970). Adding `λ/2` times it to a loss equals a coupled weight
 * decay of λ in an optimizer. TensorFlow.js: `tf.regularizers.l2`.
 */
export function l2Penalty(parameters: Penalized): Tensor {
  return total("l2Penalty", parameters, square);
}

/**
 * Elastic net penalty, `l1 · Σ |w| + l2 · Σ w²` (Zou and Hastie 2005). TensorFlow.js: `tf.regularizers.l1l2`.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { elasticNetPenalty } from "@nn/losses";
 * const weight = new Variable(tensor([3, -4]));
 * elasticNetPenalty([weight], { l1: 1, l2: 0.5 }).item(); // => 19.5
 * ```
 * @throws ArgumentError for negative factors, or none.
 */
export function elasticNetPenalty(parameters: Penalized, options: ElasticNetOptions): Tensor {
  requireOptions("elasticNetPenalty", options, elasticNetOptions);
  const { l1, l2 } = (options as ElasticNetOptions | undefined) ?? {};
  if (l1 === undefined && l2 === undefined) throw new ArgumentError("elasticNetPenalty: neither l1 nor l2 is given, expected one or both, as in { l1: 1e-4, l2: 1e-4 }");
  return total("elasticNetPenalty", parameters, (weights) => {
    const parts = [...(l1 ? [abs(weights).mul(l1)] : []), ...(l2 ? [square(weights).mul(l2)] : [])];
    return parts.length === 0 ? weights.mul(0) : parts.reduce(add);
  });
}

/** The sum over all elements of all parameters; 0 if there are none. */
function total(operation: string, parameters: Penalized, cost: (weights: Tensor) => Tensor): Tensor {
  if (typeof parameters !== "object" || parameters === null || !(Symbol.iterator in parameters)) {
    throw new ArgumentError(`${operation}: the parameters are ${describeValue(parameters)}, expected a list of parameters or tensors, such as model.parameters()`);
  }
  const costs = Array.from(parameters, (each) => {
    const weights = each instanceof Variable ? each.value : each;
    requireTensor(operation, weights, "parameter");
    requireDType(operation, weights.dtype, ["float32", "float64"], "parameter");
    return sum(cost(weights));
  });
  return costs.length === 0 ? zeros([]) : costs.reduce(add);
}
