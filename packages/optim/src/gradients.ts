import { DTypeError, ShapeError, UsageError, type Gradients, type Tensor, type Variable } from "@nn/tensor";
import { describeValue, formatShape, isGradients, requireSynchronous, requireTensor, sameShape } from "@nn/tensor/extend";

/** The result of one evaluation of a model, such as the result of `valueAndGrad`. */
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

/** Calls the closure once. Throws unless its result has a gradient for each parameter. */
export function evaluated<E extends Evaluation>(operation: string, evaluate: () => E, parameters: readonly Variable[]): Evaluated<E> {
  if (typeof evaluate !== "function") throw new UsageError(`${operation}: got ${describeValue(evaluate)}, expected a function that returns the loss and its gradients: () => valueAndGrad(…)`);
  const result = requireSynchronous(operation, "the function", evaluate());
  return { result, gradients: gradientsFor(operation, (result as E | undefined)?.gradients, parameters) };
}

/** The gradients in the order of the parameters. Throws unless they carry their variables and there is one for each parameter, of its shape and dtype. */
export function gradientsFor(operation: string, given: unknown, parameters: readonly Variable[]): Gradients<Tensor | undefined> {
  if (!isGradients(given)) {
    const what = Array.isArray(given) ? "a plain array, which does not carry the parameters of its gradients" : describeValue(given);
    throw new UsageError(`${operation}: got ${what}, expected \`gradients\` of valueAndGrad, the result of gradients.map(…), or gradientsOf(parameters, [...])`);
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
