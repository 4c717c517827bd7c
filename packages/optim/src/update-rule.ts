import type { Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** The state that a rule keeps for one parameter: tensors by name. */
export type State = Readonly<Record<string, Tensor | undefined>>;

/**
 * A scalar of the parameter's dtype that changes from step to step. Every step calls `value` with the number of updates of this
 * parameter, 1 in the first, and with the step of the optimizer, 0 in the first.
 */
export type AtStep = (value: (t: number, step: number) => number) => Tensor;

/** The arguments of a rule for updating one parameter. */
export interface UpdateContext<S, Options> {
  /** The gradient of the parameter. */
  readonly gradient: Tensor;
  /** The parameter before the update. */
  readonly parameter: Tensor;
  /** The state after the last update, or from `init`. */
  readonly state: S;
  /** A scalar of the parameter's dtype: the learning rate of this step. */
  readonly learningRate: Tensor;
  /** Use it for every other number that changes from step to step: a plain number is a constant of a compiled step. */
  readonly atStep: AtStep;
  /** The options of the parameter's group. */
  readonly options: Options;
}

/** The parameter and the state after an update. */
export interface Update<S> {
  /** The new value of the parameter. */
  readonly parameter: Tensor;
  /** The new state, with every name that `init` made. */
  readonly state: S;
}

/**
 * An optimizer, as two pure functions for one parameter. `Options` are constants of a compiled step. Read a schedule among them
 * with `atStep`.
 *
 * @example
 * ```ts
 * import { gradientsOf, ones, sign, Variable } from "@nn/tensor";
 * import { Optimizer, type UpdateRule } from "@nn/optim";
 *
 * // Sign descent: every weight moves by the learning rate.
 * const signDescent: UpdateRule<Record<never, never>, object> = {
 *   init: () => ({}),
 *   update: ({ gradient, parameter, learningRate }) => ({ parameter: parameter.sub(sign(gradient).mul(learningRate)), state: {} }),
 * };
 * const weight = new Variable(ones([2]));
 * const optimizer = new Optimizer(signDescent, [weight], { learningRate: 0.5 });
 * optimizer.step(gradientsOf(optimizer.parameters, [weight.value.mul(3)]));
 * weight.value.toArray(); // => [0.5, 0.5]
 * ```
 */
export interface UpdateRule<S extends State, Options> {
  /** The state before the first update. Called once for each parameter, when the optimizer is made. */
  readonly init: (parameter: Tensor, options: Options) => S;
  /** The kinds of the options. They are checked for the optimizer and for each group. Default: any value for the names of the options given. */
  readonly options?: OptionKinds<Options>;
  /** One update. Called for each step, or once to compile it. */
  readonly update: (context: UpdateContext<S, Options>) => Update<S>;
}
