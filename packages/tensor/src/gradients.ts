import { describeValue } from "./arguments/describe.js";
import { requireKind } from "./arguments/kinds.js";
import { isTensor } from "./is-tensor.js";
import { DTypeError, ShapeError, UsageError } from "./errors.js";
import { requireTensor } from "./operand.js";
import { formatShape, sameShape } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { Variable } from "./variable.js";

/**
 * An array of gradients that carries the variable of each. Optimizers accept only this, so a gradient cannot be applied to the wrong variable.
 * `valueAndGrad` returns it; `gradientsOf` makes one from tensors of your own.
 */
export interface Gradients<Gradient extends Tensor | undefined = Tensor> extends ReadonlyArray<Gradient> {
  /** The variable of each gradient, in the same order. */
  readonly variables: readonly Variable[];
  /** Replaces each gradient. The new ones belong to the same variables. */
  map(change: (gradient: Gradient, at: number, gradients: readonly Gradient[]) => Tensor | Extract<Gradient, undefined>): Gradients<Gradient>;
  /** Returns an ordinary array if `change` returns anything but tensors. */
  map<Result>(change: (gradient: Gradient, at: number, gradients: readonly Gradient[]) => Result): Result[];
  /**
   * The gradients of these variables, in this order.
   * @throws UsageError if a variable has none here.
   */
  of(variables: readonly Variable[]): Gradients<Gradient>;
}

/**
 * Makes gradients from one tensor for each variable, in the same order. `undefined` means no gradient: an optimizer leaves that parameter as
 * it is.
 *
 * @example
 * ```ts
 * import { gradientsOf, tensor, Variable } from "@nn/tensor";
 * const [weight, bias] = [new Variable(tensor([1, 2])), new Variable(tensor(0))];
 * const gradients = gradientsOf([weight, bias], [tensor([3, 4]), tensor(5)]);
 * const halved = gradients.map((gradient) => gradient.mul(0.5));
 * halved.of([bias]).map((gradient) => gradient.item()); // => [2.5]
 * ```
 * @throws UsageError unless there is one tensor, or `undefined`, for each variable, and no variable twice; ShapeError, DTypeError if a tensor
 * does not fit its variable.
 */
export function gradientsOf<Gradient extends Tensor | undefined>(variables: readonly Variable[], values: readonly Gradient[]): Gradients<Gradient> {
  requireFitting(variables, values);
  return bindGradients(variables, values);
}

/** Whether a value is a list of gradients that carries their variables. */
export function isGradients(value: unknown): value is Gradients<Tensor | undefined> {
  return Array.isArray(value) && "variables" in value;
}

/** `gradientsOf` without its checks, for gradients that are known to fit. */
export function bindGradients<Gradient extends Tensor | undefined>(variables: readonly Variable[], values: readonly Gradient[]): Gradients<Gradient> {
  const list = [...values];
  const owners = Object.freeze([...variables]);
  const map = (change: (gradient: Gradient, at: number, gradients: readonly Gradient[]) => unknown): unknown => {
    const results = Array.prototype.map.call(list, change) as unknown[];
    return results.every((each, at) => isTensor(each) || (each === undefined && list[at] === undefined)) ? bindGradients(owners, results as Gradient[]) : results;
  };
  const of = (wanted: readonly Variable[]): Gradients<Gradient> => {
    requireKind("Gradients.of", "variables", wanted, "list");
    return bindGradients(wanted, wanted.map((variable, at) => {
      const index = owners.indexOf(variable);
      if (index < 0) throw new UsageError(`Gradients.of: there is no gradient of variable ${at}${nameOf(variable)}; differentiate with respect to it too`);
      return list[index] as Gradient;
    }));
  };
  // Not enumerable, so that test tools and code that copies see an array of tensors.
  Object.defineProperties(list, { variables: { value: owners }, map: { value: map }, of: { value: of } });
  return Object.freeze(list) as readonly unknown[] as Gradients<Gradient>;
}

function nameOf(variable: unknown): string {
  return variable instanceof Variable && variable.name !== undefined ? ` (${JSON.stringify(variable.name)})` : "";
}

function requireFitting(variables: unknown, values: unknown): void {
  if (!Array.isArray(variables) || !Array.isArray(values)) {
    throw new UsageError(`gradientsOf: got ${describeValue(variables)} and ${describeValue(values)}, expected a list of variables and a list of their gradients`);
  }
  if (values.length !== variables.length) throw new UsageError(`gradientsOf: got ${values.length} gradients for ${variables.length} variables`);
  for (const [at, variable] of variables.entries()) {
    if (!(variable instanceof Variable)) throw new UsageError(`gradientsOf: variable ${at} is ${describeValue(variable)}, expected a Variable`);
    if (variables.indexOf(variable) !== at) throw new UsageError(`gradientsOf: variable ${at}${nameOf(variable)} is given twice`);
    const { shape, dtype } = variable;
    const gradient: unknown = values[at];
    if (gradient === undefined) continue;
    requireTensor("gradientsOf", gradient, `gradient ${at}`);
    if (!sameShape(gradient.shape, shape)) throw new ShapeError(`gradientsOf: gradient ${at} is ${formatShape(gradient.shape)}, expected ${formatShape(shape)} as its variable`);
    if (gradient.dtype !== dtype) throw new DTypeError(`gradientsOf: gradient ${at} has dtype ${gradient.dtype}, expected ${dtype} as its variable`);
  }
}
