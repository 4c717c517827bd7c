import { DTypeError, ShapeError, UsageError, type Gradients, type Tensor, type Variable } from "@nn/tensor";
import { describeValue, formatShape, isGradients, requireTensor, sameShape } from "@nn/tensor/extend";

/** What one evaluation of a model gives: the result of `valueAndGrad`. */
export interface Evaluation {
  /** The loss, one number. */
  readonly value: Tensor;
  /** Its gradients with respect to the parameters. */
  readonly gradients: Gradients<Tensor | undefined>;
}

/** The result of one evaluation by a closure, with the gradients in the order of the parameters. */
export interface Evaluated<E extends Evaluation> {
  readonly result: E;
  readonly gradients: Gradients<Tensor | undefined>;
}

/** One evaluation by a closure, refused unless it gives a gradient for each parameter. */
export function evaluated<E extends Evaluation>(operation: string, evaluate: () => E, parameters: readonly Variable[]): Evaluated<E> {
  if (typeof evaluate !== "function") throw new UsageError(`${operation}: got ${describeValue(evaluate)}, expected a function that gives the loss and its gradients: () => valueAndGrad(…)`);
  const result = evaluate();
  return { result, gradients: gradientsFor(operation, (result as E | undefined)?.gradients, parameters) };
}

/** The gradients in the order of the parameters. Refuses gradients that do not say what they belong to, or are not one for each parameter, of its shape and dtype. */
export function gradientsFor(operation: string, given: unknown, parameters: readonly Variable[]): Gradients<Tensor | undefined> {
  if (!isGradients(given)) {
    const what = Array.isArray(given) ? "an array that does not say which parameters its gradients belong to" : describeValue(given);
    throw new UsageError(`${operation}: got ${what}, expected \`gradients\` of valueAndGrad, as they are or from gradients.map(…), or gradientsOf(parameters, [...])`);
  }
  const gradients = inOrder(operation, given, parameters);
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
  return gradients;
}

function inOrder(operation: string, gradients: Gradients<Tensor | undefined>, parameters: readonly Variable[]): Gradients<Tensor | undefined> {
  const { variables } = gradients;
  if (variables.length === parameters.length && variables.every((variable, at) => variable === parameters[at])) return gradients;
  const [known, wanted] = [new Set(variables), new Set(parameters)];
  const missing = parameters.findIndex((parameter) => !known.has(parameter));
  if (missing >= 0) throw new UsageError(`${operation}: there is no gradient of parameter ${describe(parameters, missing)}; differentiate with respect to all parameters of the optimizer`);
  const surplus = variables.findIndex((variable) => !wanted.has(variable));
  if (surplus >= 0) {
    throw new UsageError(`${operation}: gradient ${describe(variables, surplus)} belongs to no parameter of the optimizer; pass gradients.of(optimizer.parameters) to leave it out`);
  }
  return gradients.of(parameters);
}

function describe(variables: readonly Variable[], at: number): string {
  const name = variables[at]?.name;
  return name === undefined ? `${at}` : `${at} (${JSON.stringify(name)})`;
}
