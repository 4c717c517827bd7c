import { DTypeError, ShapeError, UsageError, type Tensor, type Variable } from "@nn/tensor";
import { describeValue, formatShape, requireTensor, sameShape } from "@nn/tensor/extend";

/** The gradients of parameters, in their order; `undefined` where there is none. */
export type Gradients = readonly (Tensor | undefined)[];

/** What one evaluation of a model gives: the result of `valueAndGrad`. */
export interface Evaluation {
  /** The loss, one number. */
  readonly value: Tensor;
  /** Its gradients with respect to the parameters, in their order. */
  readonly gradients: Gradients;
}

/** One evaluation by a closure, refused unless it gives a gradient for each parameter. */
export function evaluated<E extends Evaluation>(operation: string, evaluate: () => E, parameters: readonly Variable[]): E {
  if (typeof evaluate !== "function") throw new UsageError(`${operation}: got ${describeValue(evaluate)}, expected a function that gives the loss and its gradients: () => valueAndGrad(…)`);
  const result = evaluate();
  requireGradients(operation, (result as E | undefined)?.gradients ?? [], parameters);
  return result;
}

/** Refuses gradients that are not one for each parameter, of its shape and dtype. */
export function requireGradients(operation: string, gradients: Gradients, parameters: readonly Variable[]): void {
  if (!Array.isArray(gradients)) {
    throw new UsageError(`${operation}: got ${describeValue(gradients)}, expected the list of gradients: \`gradients\` of what valueAndGrad and clipByGlobalNorm give`);
  }
  if (gradients.length !== parameters.length) {
    throw new UsageError(`${operation}: got ${gradients.length} gradients for ${parameters.length} parameters`);
  }
  for (const [at, { shape, dtype }] of parameters.entries()) {
    const gradient = gradients[at];
    if (gradient === undefined) continue;
    requireTensor(operation, gradient, `gradient ${at}`);
    if (!sameShape(gradient.shape, shape)) {
      throw new ShapeError(`${operation}: gradient ${at} is ${formatShape(gradient.shape)}, expected ${formatShape(shape)} as its parameter`);
    }
    if (gradient.dtype !== dtype) {
      throw new DTypeError(`${operation}: gradient ${at} has dtype ${gradient.dtype}, expected ${dtype} as its parameter`);
    }
  }
}
