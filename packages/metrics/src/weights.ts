import { expand, full, less, ShapeError, type Operand, type Shape, type Tensor } from "@nn/tensor";
import { asTensor, broadcastShapes, castTo, formatShape, refuseWhere, requireTensor, sameShape } from "@nn/tensor/extend";

/**
 * Weights that broadcast to values, as float64 of their shape.
 * @throws ArgumentError for a negative weight; ShapeError if they do not broadcast.
 */
export function requireWeights(operation: string, weight: Operand, values: Tensor): Tensor {
  const weights = notNegative(operation, asTensor(operation, weight, "weight"), "weight");
  if (!sameShape(broadcastShapes(operation, [weights.shape, values.shape]), values.shape)) {
    throw new ShapeError(`${operation}: weight is ${formatShape(weights.shape)}, which does not broadcast to the values ${formatShape(values.shape)}`);
  }
  return expand(weights, values.shape);
}

/**
 * The weight of each example as float64: those given, or ones.
 * @throws ShapeError unless there is one for each example; ArgumentError for a negative one.
 */
export function sampleWeights(operation: string, sampleWeight: Tensor | undefined, shape: Shape): Tensor {
  if (sampleWeight === undefined) return full(shape, 1, { dtype: "float64" });
  requireTensor(operation, sampleWeight, "sampleWeight");
  if (!sameShape(sampleWeight.shape, shape)) {
    throw new ShapeError(`${operation}: sampleWeight is ${formatShape(sampleWeight.shape)}, expected ${formatShape(shape)}, one for each example`);
  }
  return notNegative(operation, sampleWeight, "sampleWeight");
}

function notNegative(operation: string, weight: Tensor, what: string): Tensor {
  return refuseWhere(operation, `${what} has a negative element, expected numbers from 0`, less(weight, 0), castTo(weight, "float64"));
}
