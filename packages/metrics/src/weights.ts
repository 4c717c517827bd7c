import { expand, full, less, reshape, ShapeError, sum, where, type Operand, type Shape, type Tensor } from "@nn/tensor";
import { asTensor, broadcastShapes, castTo, formatShape, refuseWhere, requireTensor, sameShape } from "@nn/tensor/extend";

/** A tensor, or a plain number without rounding, as float64. */
export function asNumbers(operation: string, value: Operand, what: string): Tensor {
  return typeof value === "number" ? full([], value, { dtype: "float64" }) : castTo(asTensor(operation, value, what), "float64");
}

/**
 * Weights that broadcast to values, as float64 of their shape.
 * @throws ArgumentError for a negative weight; ShapeError if they do not broadcast.
 */
export function requireWeights(operation: string, weight: Operand, values: Tensor): Tensor {
  const weights = notNegative(operation, asNumbers(operation, weight, "weight"), "weight");
  if (!sameShape(broadcastShapes(operation, [weights.shape, values.shape]), values.shape)) {
    throw new ShapeError(`${operation}: weight is ${formatShape(weights.shape)}, which does not broadcast to the values ${formatShape(values.shape)}`);
  }
  return expand(weights, values.shape);
}

/**
 * The weights of the elements of examples as float64: those given, or ones.
 * @param axes - the number of axes of `shape` that are examples; later axes belong to one example, which has one weight.
 * @throws ShapeError unless there is one for each example; ArgumentError for a negative one.
 */
export function sampleWeights(operation: string, sampleWeight: Tensor | undefined, shape: Shape, axes: number = shape.length): Tensor {
  if (sampleWeight === undefined) return full(shape, 1, { dtype: "float64" });
  requireTensor(operation, sampleWeight, "sampleWeight");
  const examples = shape.slice(0, axes);
  if (!sameShape(sampleWeight.shape, examples)) {
    throw new ShapeError(`${operation}: sampleWeight is ${formatShape(sampleWeight.shape)}, expected ${formatShape(examples)}, one for each example`);
  }
  const weights = notNegative(operation, sampleWeight, "sampleWeight");
  return expand(reshape(weights, [...examples, ...shape.slice(axes).map(() => 1)]), shape);
}

/** The sum of the weights where a condition holds (NaN if any weight is NaN), and the sum of all weights. */
export function weightWhere(condition: Tensor, weights: Tensor): { readonly part: Tensor; readonly total: Tensor } {
  const total = sum(weights);
  return { part: sum(where(condition, weights, 0)).add(total.sub(total)), total };
}

function notNegative(operation: string, weight: Tensor, what: string): Tensor {
  return refuseWhere(operation, `${what} has a negative element, expected numbers from 0`, less(weight, 0), castTo(weight, "float64"));
}
